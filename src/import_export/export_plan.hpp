#pragma once
// What an export delivers, lean enough for a million messages, in the order the archives hold it.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "mailhold/catalog/catalog.hpp"
#include "mailhold/import_export/export.hpp"
#include "mailhold/ledger/reading_order.hpp"

namespace mailhold::import_export {

struct PlannedFolder {
    std::string account;   ///< empty unless mail of several is mixed
    std::string name;      ///< decoded, as the server has it
    char separator = '/';  ///< NUL: the server has no levels

    auto operator<=>(const PlannedFolder&) const = default;
};

/// One message in one place.
struct Planned {
    crypto::ContentId id;
    std::optional<InternalDate> date;
    std::uint32_t folder = 0;
    std::uint32_t flags = 0;
    ledger::ReadingPlace place;
};

class ExportPlan {
public:
    explicit ExportPlan(const catalog::Catalog& catalog) : catalog_(catalog) {}

    /// The number to give to add_message().
    std::uint32_t add_folder(PlannedFolder folder);
    void add_message(std::uint32_t folder, const catalog::PlacementRow& placement);

    /// Archives in the order in which the folders first need them, in each from its start to its
    /// end: every block is opened once, and one content's places come one after the other.
    void sort_by_archive();

    const std::vector<PlannedFolder>& folders() const { return folders_; }
    const std::vector<Planned>& messages() const { return messages_; }
    const Flags& flags_of(const Planned& message) const { return *flags_by_number_[message.flags]; }

private:
    std::uint32_t number_of(const Flags& flags);

    const catalog::Catalog& catalog_;
    std::vector<PlannedFolder> folders_;
    std::vector<Planned> messages_;
    std::map<Flags, std::uint32_t> flag_numbers_;
    std::vector<const Flags*> flags_by_number_;  ///< keys of flag_numbers_
};

/// What was on the server at `at`, in the folders chosen; with options.include_gone also what
/// vanished before, flags as last known.
ExportPlan plan_account(const catalog::Catalog& catalog, const catalog::AccountRow& account,
                        Time at, const ExportOptions& options);

/// Each message once, in one of its places. Ids without a place go to "Messages".
ExportPlan plan_messages(const catalog::Catalog& catalog,
                         const std::vector<crypto::ContentId>& ids);

}  // namespace mailhold::import_export
