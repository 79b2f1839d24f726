// Sectors, their chains, and the tree of names. Section numbers are of MS-CFB.

#include "compound_file.hpp"

#include <algorithm>

#include "utf8.hpp"

namespace mailhold::mail {

namespace {

constexpr std::string_view signature = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
constexpr std::size_t header_bytes = 512;
constexpr std::size_t small_sector_bytes = 64;
constexpr std::size_t directory_entry_bytes = 128;
constexpr std::uint32_t max_regular_sector = 0xfffffffa;

/// The sector numbers in a table.
void append_numbers(std::vector<std::uint32_t>& out, Bytes table)
{
    for (std::size_t at = 0; at + 4 <= table.size(); at += 4)
        out.push_back(read_le<std::uint32_t>(table, at));
}

/// 2.6.1, without the links to others.
CompoundFile::Entry entry_of(Bytes bytes, bool sizes_are_long)
{
    CompoundFile::Entry entry;
    const std::size_t name_bytes = std::min<std::size_t>(read_le<std::uint16_t>(bytes, 64), 64);
    if (name_bytes >= 2)
        entry.name = from_utf16(bytes.first(name_bytes - 2));
    const auto type = std::to_integer<unsigned>(bytes[66]);
    entry.is_storage = type == 1 || type == 5;
    entry.first_sector = read_le<std::uint32_t>(bytes, 116);
    entry.size_bytes =
        sizes_are_long ? read_le<std::uint64_t>(bytes, 120) : read_le<std::uint32_t>(bytes, 120);
    return entry;
}

}  // namespace

std::string from_utf16(Bytes characters)
{
    std::string out;
    for (std::size_t at = 0; at + 2 <= characters.size(); at += 2) {
        char32_t c = read_le<std::uint16_t>(characters, at);
        const bool is_high = c >= 0xd800 && c < 0xdc00;
        if (is_high && at + 4 <= characters.size()) {
            const char32_t low = read_le<std::uint16_t>(characters, at + 2);
            if (low >= 0xdc00 && low < 0xe000) {
                c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
                at += 2;
            }
        }
        append_utf8(c, out);
    }
    return out;
}

Bytes CompoundFile::sector(std::uint32_t number) const
{
    const std::uint64_t start = (std::uint64_t{number} + 1) * sector_bytes_;
    if (number > max_regular_sector || start >= file_.size())
        return {};
    return file_.subspan(start, std::min<std::uint64_t>(sector_bytes_, file_.size() - start));
}

/// Ends at the end of the chain, at rubbish, or after `most` sectors.
std::vector<std::uint32_t> CompoundFile::chain(std::uint32_t first,
                                               const std::vector<std::uint32_t>& next,
                                               std::size_t most) const
{
    std::vector<std::uint32_t> sectors;
    for (std::uint32_t at = first; at < next.size() && sectors.size() < most; at = next[at])
        sectors.push_back(at);
    return sectors;
}

ByteBuffer CompoundFile::content_of(const std::vector<std::uint32_t>& sectors) const
{
    ByteBuffer content;
    for (const std::uint32_t number : sectors)
        append(content, sector(number));
    return content;
}

/// 2.2: what is where, and the table of chains (2.3, 2.5).
bool CompoundFile::read_header()
{
    if (file_.size() < header_bytes || !text_of(file_).starts_with(signature))
        return false;
    const auto shift = read_le<std::uint16_t>(file_, 30);
    if (shift != 9 && shift != 12)
        return false;
    sector_bytes_ = std::size_t{1} << shift;
    small_stream_bytes_ = read_le<std::uint32_t>(file_, 56);
    first_directory_sector_ = read_le<std::uint32_t>(file_, 48);

    const std::size_t sectors = file_.size() / sector_bytes_ + 1;
    std::vector<std::uint32_t> tables;
    append_numbers(tables, file_.subspan(76, header_bytes - 76));
    std::uint32_t more = read_le<std::uint32_t>(file_, 68);
    for (std::size_t i = 0; i < sectors && sector(more).size() == sector_bytes_; ++i) {
        append_numbers(tables, sector(more).first(sector_bytes_ - 4));
        more = read_le<std::uint32_t>(sector(more), sector_bytes_ - 4);
    }
    for (const std::uint32_t table : tables)
        if (next_.size() < sectors)
            append_numbers(next_, sector(table));

    append_numbers(next_small_,
                   content_of(chain(read_le<std::uint32_t>(file_, 60), next_, sectors)));
    return true;
}

/// 2.6: a tree of binary trees, walked with a stack; each entry once.
void CompoundFile::read_directory()
{
    const std::size_t sectors = file_.size() / sector_bytes_ + 1;
    const ByteBuffer directory = content_of(chain(first_directory_sector_, next_, sectors));
    const std::size_t count = directory.size() / directory_entry_bytes;
    std::vector<bool> seen(count);
    struct Place {
        std::uint32_t number;
        std::size_t parent;
    };
    std::vector<Place> places{{0, root}};
    while (!places.empty()) {
        const Place place = places.back();
        places.pop_back();
        if (place.number >= count || seen[place.number])
            continue;
        seen[place.number] = true;
        const Bytes bytes =
            Bytes(directory).subspan(place.number * directory_entry_bytes, directory_entry_bytes);
        Entry entry = entry_of(bytes, sector_bytes_ > 512);
        entry.parent = place.parent;
        const std::size_t own_number = entries_.size();
        if (entry.is_storage)
            places.push_back({read_le<std::uint32_t>(bytes, 76), own_number});
        if (place.number != 0) {
            places.push_back({read_le<std::uint32_t>(bytes, 68), place.parent});
            places.push_back({read_le<std::uint32_t>(bytes, 72), place.parent});
        }
        entries_.push_back(std::move(entry));
    }
    if (!entries_.empty())
        small_sectors_ = content_of(chain(entries_[root].first_sector, next_, sectors));
}

std::optional<CompoundFile> CompoundFile::open(Bytes content)
{
    CompoundFile file;
    file.file_ = content;
    if (!file.read_header())
        return std::nullopt;
    file.read_directory();
    if (file.entries_.empty())
        return std::nullopt;
    return file;
}

const CompoundFile::Entry* CompoundFile::find(std::size_t storage, std::string_view name) const
{
    for (std::size_t i = 1; i < entries_.size(); ++i)
        if (entries_[i].parent == storage && entries_[i].name == name)
            return &entries_[i];
    return nullptr;
}

ByteBuffer CompoundFile::read(const Entry& stream, std::uint64_t limit_bytes) const
{
    const std::uint64_t size =
        std::min({stream.size_bytes, limit_bytes, std::uint64_t{file_.size()}});
    ByteBuffer content;
    if (stream.size_bytes >= small_stream_bytes_) {
        content = content_of(chain(stream.first_sector, next_, size / sector_bytes_ + 1));
    } else {
        for (const std::uint32_t number :
             chain(stream.first_sector, next_small_, size / small_sector_bytes + 1)) {
            const std::uint64_t start = std::uint64_t{number} * small_sector_bytes;
            if (start + small_sector_bytes <= small_sectors_.size())
                append(content, Bytes(small_sectors_).subspan(start, small_sector_bytes));
        }
    }
    if (content.size() > size)
        content.resize(size);
    return content;
}

ByteBuffer CompoundFile::read(std::size_t storage, std::string_view name,
                              std::uint64_t limit_bytes) const
{
    const Entry* entry = find(storage, name);
    return entry == nullptr || entry->is_storage ? ByteBuffer() : read(*entry, limit_bytes);
}

}  // namespace mailhold::mail
