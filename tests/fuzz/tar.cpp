// Tar entries: what is read as one can be written and read again, and a stream of them ends.

#include <algorithm>

#include "mailhold/archive/tar.hpp"

#include "fuzz.hpp"

namespace mailhold::fuzz {
namespace {

constexpr std::uint64_t limit_bytes = 64 * kibibyte;

bool is_writable(const archive::TarEntry& entry)
{
    return !entry.path.empty() &&
           std::ranges::all_of(entry.path, [](char c) { return c > 0x20 && c < 0x7f; });
}

void try_entry(Bytes input)
{
    const auto parsed = accepted([&] { return archive::parse_tar_entry(input, limit_bytes); });
    if (!parsed)
        return;
    require(parsed->content.size() <= limit_bytes, "no entry is over the limit");
    if (!is_writable(parsed->entry))
        return;
    ByteBuffer written;
    archive::TarEntryWriter writer;
    writer.write(parsed->entry, parsed->content, [&](Bytes piece) { append(written, piece); });
    const auto again = archive::parse_tar_entry(written, limit_bytes);
    require(again.entry.path == parsed->entry.path && again.entry.meta == parsed->entry.meta &&
                again.entry.mtime == parsed->entry.mtime && again.content == parsed->content,
            "an entry reads as it was written");
}

void try_stream(Bytes input)
{
    std::size_t entries = 0;
    const auto read = [&](std::span<std::byte> into) {
        const Bytes taken = input.first(std::min(into.size(), input.size()));
        std::ranges::copy(taken, into.begin());
        input = input.subspan(taken.size());
        return taken.size();
    };
    const std::size_t most = input.size() / 512 + 1;
    accepted([&] {
        archive::for_each_tar_entry(read, limit_bytes,
                                    [&](archive::ParsedTarEntry&&) { ++entries; });
        return true;
    });
    require(entries <= most, "each entry has a header of its own");
}

}  // namespace

void try_one(Bytes input)
{
    try_entry(input);
    try_stream(input);
}

}  // namespace mailhold::fuzz
