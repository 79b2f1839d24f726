// libpst says nothing of damage: what it cannot read it leaves out. So the header is looked at
// here (MS-PST 2.2.2.6), and folders are asked how many messages they should have.

#include "pst_reader.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include <fmt/format.h>

#include "charset.hpp"
#include "pst_message.hpp"

namespace mailhold::mail {

namespace {

using Outcome = OutlookOpened::Outcome;

constexpr std::size_t header_bytes = 564;  // of the Unicode format; that of the older is shorter
constexpr std::string_view magic = "!BDN";
constexpr std::size_t version_at = 10;
constexpr std::size_t encryption_at = 513;  // bCryptMethod
constexpr std::size_t encryption_at_ansi = 461;

// Types of nodes, in the lowest five bits of their ids (MS-PST 2.2.2.1).
constexpr std::uint64_t type_mask = 0x1f;
constexpr std::uint64_t folder_type = 0x02;
constexpr std::uint64_t message_type = 0x04;

constexpr std::size_t deepest_level = 64;

struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
};

std::string start_of(const std::string& file)
{
    const std::unique_ptr<std::FILE, CloseFile> opened(std::fopen(file.c_str(), "rb"));
    std::string start(header_bytes, '\0');
    start.resize(opened ? std::fread(start.data(), 1, start.size(), opened.get()) : 0);
    return start;
}

std::uint64_t size_of(const std::string& file)
{
    const std::unique_ptr<std::FILE, CloseFile> opened(std::fopen(file.c_str(), "rb"));
    if (!opened || fseeko(opened.get(), 0, SEEK_END) != 0)
        return 0;
    return static_cast<std::uint64_t>(ftello(opened.get()));
}

/// What the header says that libpst would not tell apart.
Outcome outcome_of(const std::string& start)
{
    if (!start.starts_with(magic) || start.size() < header_bytes)
        return Outcome::no_outlook_file;
    const auto version = read_le<std::uint16_t>(bytes_of(start), version_at);
    constexpr std::array<std::uint16_t, 5> known = {14, 15, 21, 23, 36};
    if (std::ranges::find(known, version) == known.end())
        return Outcome::unknown_version;
    const bool is_ansi = version <= 15;
    const auto encryption =
        static_cast<unsigned char>(start.at(is_ansi ? encryption_at_ansi : encryption_at));
    return encryption > PST_ENCRYPT ? Outcome::encrypted : Outcome::opened;
}

/// A name that is one level.
std::string level_name(std::string name)
{
    name = single_line(name);
    std::ranges::replace(name, '/', '_');
    return name.empty() ? "?" : name;
}

bool is_of_type(const pst_desc_tree& place, std::uint64_t type)
{
    return (place.d_id & type_mask) == type;
}

/// The place behind `at` in the tree below `top`; null at the end.
pst_desc_tree* next_below(const pst_desc_tree* top, pst_desc_tree* at)
{
    if (at->child != nullptr)
        return at->child;
    while (at != top && at->next == nullptr)
        at = at->parent;
    return at == top ? nullptr : at->next;
}

}  // namespace

PstReader::PstReader(const std::string& file)
{
    outcome_ = outcome_of(start_of(file));
    if (outcome_ != Outcome::opened)
        return;
    open(file);
    if (outcome_ != Outcome::damaged && size_of(file) < file_.size)
        outcome_ = Outcome::cut;
}

PstReader::~PstReader()
{
    if (!is_open_)
        return;
    file_.d_head = nullptr;  // the nodes are not libpst's
    pst_close(&file_);
}

void PstReader::open(const std::string& file)
{
    outcome_ = Outcome::damaged;
    is_open_ = pst_open(&file_, file.c_str(), nullptr) == 0;
    if (!is_open_)
        return;
    nodes_ = std::make_unique<PstNodes>(file_);
    pst_load_extended_attributes(&file_);  // a file can be without
    top_ = top_of_folders();
    if (top_ == nullptr || top_->child == nullptr)
        return;
    list_places();
    outcome_ = nodes_->is_damaged() ? Outcome::in_part : Outcome::opened;
}

pst_desc_tree* PstReader::top_of_folders()
{
    if (file_.d_head == nullptr)
        return nullptr;
    const PstItem store(pst_parse_item(&file_, file_.d_head, nullptr));
    return store ? pst_getTopOfFolders(&file_, store.get()) : nullptr;
}

void PstReader::list_places()
{
    // next_below only goes to the top's end.
    for (pst_desc_tree* at = top_->child; at != nullptr; at = next_below(top_, at))
        places_.push_back(at);
}

OutlookItem PstReader::item(std::uint64_t number, std::uint64_t message_bytes)
{
    OutlookItem out;
    if (number >= places_.size())
        return out;
    pst_desc_tree& place = *places_[number];
    out.name = fmt::format("item {:#x}", std::uint64_t{place.d_id});
    if (is_of_type(place, folder_type)) {
        out.folders = levels_above(place);
        out.folders.push_back(folder_name(place));
        out.trouble = folder_trouble(place);
        out.kind = out.trouble.empty() ? OutlookItem::Kind::nothing : OutlookItem::Kind::unread;
        out.name.clear();
    } else if (is_of_type(place, message_type)) {
        out.folders = levels_above(place);
        read_message(place, message_bytes, out);
    }
    return out;
}

void PstReader::read_message(pst_desc_tree& place, std::uint64_t message_bytes, OutlookItem& out)
{
    const PropertyTable table(file_);
    const PstItem item(pst_parse_item(&file_, &place, nullptr));
    if (!item || (item->type == 0 && item->email == nullptr)) {
        out.kind = OutlookItem::Kind::unread;
        out.trouble = "damaged";
        return;
    }
    if (const std::string subject = single_line(utf8_of(*item, item->subject)); !subject.empty())
        out.name = subject;
    if (!is_mail(*item)) {
        out.kind = OutlookItem::Kind::other_item;
        return;
    }
    // In base64, content takes a third more.
    ReadMessage read = message_of(file_, *item, message_bytes / 4 * 3);
    const std::string raw = read.is_too_large ? std::string() : composed(std::move(read.message));
    if (read.is_too_large || raw.size() > message_bytes) {
        out.kind = OutlookItem::Kind::unread;
        out.trouble = fmt::format("larger than {} MiB", message_bytes / mebibyte);
        return;
    }
    out.kind = OutlookItem::Kind::message;
    out.trouble = read.trouble;
    out.flags = flags_of(*item);
    out.date = internal_date_of(*item);
    out.raw = copy_of(bytes_of(raw));
}

std::string PstReader::folder_trouble(pst_desc_tree& place)
{
    std::int64_t found = 0;
    for (const pst_desc_tree* child = place.child; child != nullptr; child = child->next)
        found += is_of_type(*child, message_type) ? 1 : 0;
    const PstItem folder(pst_parse_item(&file_, &place, nullptr));
    if (!folder)
        return "the folder is damaged, and has lost its name";
    const std::int64_t wanted = folder->folder != nullptr ? folder->folder->item_count : 0;
    return wanted > found
               ? fmt::format("the folder should have {} items, and {} were found", wanted, found)
               : std::string();
}

std::vector<std::string> PstReader::levels_above(const pst_desc_tree& place)
{
    std::vector<std::string> levels;
    for (pst_desc_tree* at = place.parent;
         at != nullptr && at != top_ && levels.size() < deepest_level; at = at->parent)
        levels.push_back(folder_name(*at));
    std::ranges::reverse(levels);
    return levels;
}

const std::string& PstReader::folder_name(pst_desc_tree& place)
{
    const auto [at, is_new] = names_.try_emplace(&place);
    if (is_new) {
        const PstItem folder(pst_parse_item(&file_, &place, nullptr));
        at->second = level_name(folder ? utf8_of(*folder, folder->file_as) : std::string());
    }
    return at->second;
}

}  // namespace mailhold::mail
