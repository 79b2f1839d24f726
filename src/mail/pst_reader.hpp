#pragma once
// A whole Outlook file through libpst: its folders, and what lies in them, by numbers.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "outlook_exchange.hpp"
#include "pst_nodes.hpp"
#include "pst_seam.hpp"

namespace mailhold::mail {

/// For a worker process only.
class PstReader {
public:
    /// Never throws for what is in the file; see outcome().
    explicit PstReader(const std::string& file);
    ~PstReader();
    PstReader(const PstReader&) = delete;
    PstReader& operator=(const PstReader&) = delete;

    OutlookOpened opened() const noexcept { return {outcome_, places_.size()}; }

    /// The item at a number below opened().items. Reading one does not need those before it.
    OutlookItem item(std::uint64_t number, std::uint64_t message_bytes);

private:
    void open(const std::string& file);
    void list_places();
    pst_desc_tree* top_of_folders();
    void read_message(pst_desc_tree& place, std::uint64_t message_bytes, OutlookItem& out);
    std::string folder_trouble(pst_desc_tree& place);
    std::vector<std::string> levels_above(const pst_desc_tree& place);
    const std::string& folder_name(pst_desc_tree& place);

    pst_file file_{};
    bool is_open_ = false;
    OutlookOpened::Outcome outcome_ = OutlookOpened::Outcome::damaged;
    std::unique_ptr<PstNodes> nodes_;
    const pst_desc_tree* top_ = nullptr;
    std::vector<pst_desc_tree*> places_;  ///< below the top, each folder before what is in it
    std::map<const pst_desc_tree*, std::string> names_;
};

}  // namespace mailhold::mail
