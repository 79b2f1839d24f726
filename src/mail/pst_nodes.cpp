// Three layouts of one tree: ANSI, Unicode, and Unicode with pages of 4 KiB.

#include "pst_nodes.hpp"

#include <array>
#include <unordered_map>

#include "mailhold/base/bytes.hpp"

namespace mailhold::mail {

namespace {

/// Where in a page things stand.
struct Layout {
    std::size_t page_bytes;
    std::size_t count_at;
    std::size_t count_bytes;
    std::size_t entry_bytes_at;
    std::size_t level_at;
    std::size_t number_at;
    std::size_t word_bytes;  ///< of a number or an offset
};

/// By libpst's do_read64.
constexpr std::array<Layout, 3> layouts = {{
    {512, 0x1f0, 1, 0x1f2, 0x1f3, 0x1f8, 4},
    {512, 0x1e8, 1, 0x1ea, 0x1eb, 0x1f8, 8},
    {4096, 0xfd8, 2, 0xfdc, 0xfdd, 0xff0, 8},
}};

constexpr int deepest = 8;  // a tree of 15 entries a page holds a thousand million then

std::uint64_t word(Bytes bytes, std::size_t at, std::size_t word_bytes)
{
    return word_bytes == 8 ? read_le<std::uint64_t>(bytes, at) : read_le<std::uint32_t>(bytes, at);
}

// libpst packs its structures: nothing may refer to a member of one.

/// Behind `last`, which is null where `node` is the first; true then.
bool chain(pst_desc_tree* last, pst_desc_tree& node)
{
    node.prev = last;
    if (last != nullptr)
        last->next = &node;
    return last == nullptr;
}

void append_child(pst_desc_tree& parent, pst_desc_tree& node)
{
    node.parent = &parent;
    if (chain(parent.child_tail, node))
        parent.child = &node;
    parent.child_tail = &node;
    ++parent.no_child;
}

void append_top(pst_file& file, pst_desc_tree& node)
{
    if (chain(file.d_tail, node))
        file.d_head = &node;
    file.d_tail = &node;
}

}  // namespace

struct PstNodes::Page {
    ByteBuffer bytes;
    Layout layout{};
    std::size_t count = 0;
    std::size_t entry_bytes = 0;
    int level = 0;
};

PstNodes::PstNodes(pst_file& file) : file_(file)
{
    const Layout& layout = layouts.at(static_cast<std::size_t>(file_.do_read64));
    const std::uint64_t root = file_.index2;
    // So that libpst reads the blocks' index only: at an offset below zero there is nothing.
    file_.index2 = ~std::uint64_t{0};
    pst_load_index(&file_);
    file_.index2 = root;
    fseeko(file_.fp, 0, SEEK_END);
    pages_left_ = static_cast<std::uint64_t>(ftello(file_.fp)) / layout.page_bytes;
    read_page(root, file_.index2_back, -1);
    link();
}

/// `level`: that it must have; -1 for the root, which has any.
void PstNodes::read_page(std::uint64_t offset, std::uint64_t number, int level)
{
    Page page;
    page.layout = layouts.at(static_cast<std::size_t>(file_.do_read64));
    const Layout& at = page.layout;
    page.bytes.resize(at.page_bytes);
    is_damaged_ = is_damaged_ || pages_left_ == 0;
    if (pages_left_ == 0)  // more than the file has: they are in each other
        return;
    --pages_left_;
    const bool is_read = fseeko(file_.fp, static_cast<off_t>(offset), SEEK_SET) == 0 &&
                         std::fread(page.bytes.data(), 1, at.page_bytes, file_.fp) == at.page_bytes;
    page.count = at.count_bytes == 2 ? read_le<std::uint16_t>(page.bytes, at.count_at)
                                     : read_le<std::uint8_t>(page.bytes, at.count_at);
    page.entry_bytes = read_le<std::uint8_t>(page.bytes, at.entry_bytes_at);
    page.level = read_le<std::uint8_t>(page.bytes, at.level_at);
    const std::size_t least_bytes = (page.level == 0 ? 4 : 3) * at.word_bytes;
    if (!is_read || word(page.bytes, at.number_at, at.word_bytes) != number ||
        (level >= 0 ? page.level != level : page.level > deepest) ||
        page.entry_bytes < least_bytes || page.count * page.entry_bytes > at.count_at) {
        is_damaged_ = true;
        return;
    }
    page.level == 0 ? read_leaf(page) : read_inner(page);
}

void PstNodes::read_inner(const Page& page)
{
    const std::size_t size = page.layout.word_bytes;
    for (std::size_t i = 0; i < page.count; ++i) {
        const std::size_t at = i * page.entry_bytes;
        read_page(word(page.bytes, at + 2 * size, size), word(page.bytes, at + size, size),
                  page.level - 1);
    }
}

void PstNodes::read_leaf(const Page& page)
{
    const std::size_t size = page.layout.word_bytes;
    for (std::size_t i = 0; i < page.count; ++i) {
        const std::size_t at = i * page.entry_bytes;
        pst_desc_tree& node = nodes_.emplace_back();
        node.d_id = word(page.bytes, at, size) & 0xffffffff;  // what is above it says nothing
        node.desc = pst_getID(&file_, word(page.bytes, at + size, size));
        node.assoc_tree = pst_getID(&file_, word(page.bytes, at + 2 * size, size));
        node.parent_d_id = read_le<std::uint32_t>(page.bytes, at + 3 * size);
    }
}

/// A parent that is not there makes a node one of the top, as in libpst.
void PstNodes::link()
{
    std::unordered_map<std::uint64_t, pst_desc_tree*> by_id;
    for (pst_desc_tree& node : nodes_) {
        const std::uint64_t id = node.d_id;
        by_id.try_emplace(id, &node);
    }
    for (pst_desc_tree& node : nodes_) {
        const std::uint64_t parent_id = node.parent_d_id;
        const auto found = by_id.find(parent_id);
        if (found == by_id.end() || found->second == &node)
            append_top(file_, node);
        else
            append_child(*found->second, node);
    }
}

}  // namespace mailhold::mail
