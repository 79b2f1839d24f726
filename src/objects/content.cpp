// Comparing and hashing files in pieces, so that an archive of any size costs little memory.

#include "content.hpp"

#include <algorithm>
#include <optional>

#include <sys/stat.h>

#include "failure.hpp"
#include "mailhold/base/file.hpp"
#include "mailhold/crypto/crypto.hpp"

namespace mailhold::objects {

namespace {

constexpr std::uint64_t piece_bytes = 1 * mebibyte;

/// Calls `piece` with each offset and length that together make up `size` bytes, until it is false.
template <class Piece>
bool all_pieces(std::uint64_t size, Piece piece)
{
    for (std::uint64_t offset = 0; offset < size; offset += piece_bytes) {
        if (!piece(offset, std::min(piece_bytes, size - offset)))
            return false;
    }
    return true;
}

std::uint64_t size_of(const std::filesystem::path& path)
{
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0)
        throw_read_errno("cannot examine", path);
    return static_cast<std::uint64_t>(status.st_size);
}

std::optional<ByteBuffer> readable_range(const FileDescriptor& file, std::uint64_t offset,
                                         std::uint64_t length, const std::filesystem::path& path)
{
    try {
        return read_range(file, offset, length, path);
    } catch (const Error&) {
        return std::nullopt;
    }
}

std::optional<FileDescriptor> open_if_there(const std::filesystem::path& path)
{
    std::error_code unknown;
    if (!std::filesystem::is_regular_file(path, unknown) && !unknown)
        return std::nullopt;
    try {
        return reading([&] { return open_for_reading(path); });
    } catch (const Error& e) {
        if (e.kind() == ErrorKind::not_found)
            return std::nullopt;
        throw;
    }
}

}  // namespace

bool holds_same(const std::filesystem::path& ours, const std::filesystem::path& there)
{
    const auto theirs = open_if_there(there);
    if (!theirs)
        return false;
    const std::uint64_t size = size_of(ours);
    if (size_of(there) != size)
        return false;
    const FileDescriptor mine = reading([&] { return open_for_reading(ours); });
    return all_pieces(size, [&](std::uint64_t offset, std::uint64_t length) {
        const auto piece = readable_range(*theirs, offset, length, there);
        return piece &&
               equal(*piece, reading([&] { return read_range(mine, offset, length, ours); }));
    });
}

crypto::Hash hash_of_file(const std::filesystem::path& path)
{
    return reading([&] {
        const FileDescriptor file = open_for_reading(path);
        crypto::Hasher hasher;
        all_pieces(size_of(path), [&](std::uint64_t offset, std::uint64_t length) {
            hasher.add(read_range(file, offset, length, path));
            return true;
        });
        return hasher.finish();
    });
}

}  // namespace mailhold::objects
