// Tar entries in: a single one from its exact bytes, or all of a stream.

#include <algorithm>

#include "libarchive_seam.hpp"
#include "mailhold/archive/tar.hpp"
#include "mailhold/base/callback_guard.hpp"

namespace mailhold::archive {
namespace {

constexpr std::uint64_t tar_block_bytes = 512;

std::uint64_t padded(std::uint64_t bytes)
{
    return (bytes + tar_block_bytes - 1) / tar_block_bytes * tar_block_bytes;
}

[[noreturn]] void refuse(const std::string& why)
{
    throw Error(ErrorKind::malformed, "tar entry: " + why);
}

void check(::archive* handle, la_ssize_t result)
{
    require_ok(handle, result, ErrorKind::malformed, "reading a tar entry");
}

ReadHandle new_reader()
{
    ReadHandle handle = owned<ReadHandle>(archive_read_new());
    check(handle.get(), archive_read_support_format_tar(handle.get()));
    return handle;
}

std::string meta_of(::archive_entry* entry)
{
    const char* name = nullptr;
    const void* value = nullptr;
    std::size_t size = 0;
    archive_entry_xattr_reset(entry);
    while (archive_entry_xattr_next(entry, &name, &value, &size) == ARCHIVE_OK)
        if (std::string_view(name) == "mailhold.meta")
            return {static_cast<const char*>(value), size};
    return {};
}

TarEntry description_of(::archive_entry* entry, std::uint64_t limit_bytes)
{
    const char* path = archive_entry_pathname(entry);
    if (path == nullptr)
        refuse("no readable path");
    if (archive_entry_filetype(entry) != AE_IFREG || archive_entry_hardlink(entry) != nullptr ||
        archive_entry_sparse_count(entry) != 0)
        refuse("not a plain file");
    if (archive_entry_size_is_set(entry) == 0 || archive_entry_size(entry) < 0 ||
        static_cast<std::uint64_t>(archive_entry_size(entry)) > limit_bytes)
        refuse("content larger than allowed");
    return {path, archive_entry_mtime(entry), meta_of(entry)};
}

ByteBuffer content_of(::archive* handle, std::uint64_t size)
{
    ByteBuffer content(size);
    std::size_t filled = 0;
    while (filled < content.size()) {
        const la_ssize_t got =
            archive_read_data(handle, content.data() + filled, content.size() - filled);
        if (got <= 0)
            check(handle, ARCHIVE_FATAL);
        filled += static_cast<std::size_t>(got);
    }
    return content;
}

/// Feeds libarchive from the caller's function.
struct StreamSource {
    const std::function<std::size_t(std::span<std::byte>)>& read;
    ByteBuffer buffer = ByteBuffer(256 * kibibyte);
    CallbackGuard guard{};

    static la_ssize_t on_read(::archive* /*handle*/, void* context, const void** data)
    {
        auto& source = *static_cast<StreamSource*>(context);
        return source.guard.run(la_ssize_t{-1}, [&] {
            *data = source.buffer.data();
            return static_cast<la_ssize_t>(source.read(source.buffer));
        });
    }
};

}  // namespace

ParsedTarEntry parse_tar_entry(Bytes bytes, std::uint64_t limit_bytes)
{
    const ReadHandle handle = new_reader();
    check(handle.get(), archive_read_open_memory(handle.get(), bytes.data(), bytes.size()));
    ::archive_entry* entry = nullptr;
    check(handle.get(), archive_read_next_header(handle.get(), &entry));
    TarEntry description = description_of(entry, limit_bytes);

    const auto size = static_cast<std::uint64_t>(archive_entry_size(entry));
    const auto header = static_cast<std::uint64_t>(archive_filter_bytes(handle.get(), 0));
    if (header + padded(size) != bytes.size())
        refuse("shorter or longer than its header says");
    const Bytes padding = bytes.subspan(header + size);
    if (std::any_of(padding.begin(), padding.end(), [](std::byte b) { return b != std::byte{0}; }))
        refuse("padding is not zero");
    return {std::move(description), content_of(handle.get(), size)};
}

void for_each_tar_entry(const std::function<std::size_t(std::span<std::byte>)>& read,
                        std::uint64_t limit_bytes,
                        const std::function<void(ParsedTarEntry&&)>& entry)
{
    StreamSource source{read};
    const ReadHandle handle = new_reader();
    const auto checked = [&](la_ssize_t result) {
        source.guard.rethrow();
        check(handle.get(), result);
    };
    checked(archive_read_open(handle.get(), &source, nullptr, StreamSource::on_read, nullptr));
    for (;;) {
        ::archive_entry* found = nullptr;
        const int result = archive_read_next_header(handle.get(), &found);
        if (result == ARCHIVE_EOF)
            break;
        checked(result);
        TarEntry description = description_of(found, limit_bytes);
        ByteBuffer content;
        try {
            content =
                content_of(handle.get(), static_cast<std::uint64_t>(archive_entry_size(found)));
        } catch (const Error&) {
            source.guard.rethrow();
            throw;
        }
        entry({std::move(description), std::move(content)});
    }
    source.guard.rethrow();
}

}  // namespace mailhold::archive
