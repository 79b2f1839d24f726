#pragma once
// The nodes of an Outlook file: which items there are, and which lies in which. libpst's own
// reading of them takes time that grows with the square of their number, and says nothing of
// damage.

#include <deque>

#include "pst_seam.hpp"

namespace mailhold::mail {

/// Reads libpst's index of blocks, and the nodes with code of our own (MS-PST 2.2.2.7.7).
class PstNodes {
public:
    /// `file` is opened, and gets its tree of nodes. This object must live longer.
    explicit PstNodes(pst_file& file);

    /// Something of the tree could not be read: items may be missing.
    bool is_damaged() const noexcept { return is_damaged_; }

private:
    struct Page;

    void read_page(std::uint64_t offset, std::uint64_t number, int level);
    void read_leaf(const Page& page);
    void read_inner(const Page& page);
    void link();

    pst_file& file_;
    std::deque<pst_desc_tree> nodes_;
    std::uint64_t pages_left_ = 0;
    bool is_damaged_ = false;
};

}  // namespace mailhold::mail
