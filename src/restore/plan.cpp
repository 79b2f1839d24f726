// What a restore uploads: placements from the catalog, in the order in which they are read fastest.

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <unordered_set>

#include <fmt/format.h>

#include "mailhold/base/ascii.hpp"
#include "mailhold/base/error.hpp"
#include "mailhold/config/config.hpp"
#include "mailhold/ledger/reading_order.hpp"
#include "mailhold/restore/restore.hpp"

#include "folder_names.hpp"

namespace mailhold::restore {

namespace {

struct IdHash {
    std::size_t operator()(const crypto::ContentId& id) const noexcept
    {
        return read_le<std::size_t>(id.bytes(), 0);  // random already
    }
};
using IdSet = std::unordered_set<crypto::ContentId, IdHash>;

/// The inbox first, as people expect.
std::vector<catalog::FolderRow> sorted(std::vector<catalog::FolderRow> rows)
{
    std::ranges::stable_sort(rows, {}, [](const catalog::FolderRow& row) {
        return std::pair(lower_case(row.name) != "inbox", row.name);
    });
    return rows;
}

class Planner {
public:
    Planner(const catalog::Catalog& catalog, const Scope& scope, const Naming& naming)
        : catalog_(catalog), scope_(scope), at_(scope.as_of.value_or(end_of_time)),
          rows_(sorted(known_folders())), names_(rows_, naming),
          patterns_used_(scope.folders.size())
    {
    }

    Plan run()
    {
        plan_.from = scope_.account.address;
        for (const catalog::FolderRow& row : rows_)
            if (!row.gone)
                number_of(row);  // one that stays empty, too
        take_what_was_there();
        if (scope_.as_of && scope_.and_later)
            take_later();
        require_all_patterns();
        drop_what_lies_elsewhere();
        sort_for_reading();
        return std::move(plan_);
    }

private:
    static constexpr std::uint32_t unwanted = static_cast<std::uint32_t>(-1);

    std::vector<catalog::FolderRow> known_folders() const
    {
        std::vector<catalog::FolderRow> rows = catalog_.folders_at(scope_.account.id, at_);
        if (!scope_.and_later)
            return rows;
        std::set<catalog::FolderKey> known;
        for (const catalog::FolderRow& row : rows)
            known.insert(row.key);
        for (catalog::FolderRow& row : catalog_.folders(scope_.account.id))
            if (!known.contains(row.key))
                rows.push_back(std::move(row));
        return rows;
    }

    bool is_selected(const catalog::FolderRow& folder)
    {
        bool selected = scope_.folders.empty();
        for (std::size_t i = 0; i < scope_.folders.size(); ++i) {
            const std::string& pattern = scope_.folders[i];
            if (!config::matches_folder(pattern, folder.name) &&
                !config::matches_folder(pattern, joined(names_.levels_of(folder))))
                continue;
            selected = patterns_used_[i] = true;
        }
        return selected;
    }

    /// `unwanted` for a folder that is not selected. A folder's later incarnation is another one
    /// here, with the same target.
    std::uint32_t number_of(const catalog::FolderRow& folder)
    {
        const auto [at, is_new] = numbers_.try_emplace(folder.key, unwanted);
        if (is_new && is_selected(folder)) {
            at->second = static_cast<std::uint32_t>(plan_.folders.size());
            plan_.folders.push_back(names_.target_of(folder));
            plan_.source_folders.push_back(folder.name);
            shows_all_.push_back(lower_case(folder.use) == "\\all");
        }
        return at->second;
    }

    void take(std::uint32_t folder, const catalog::PlacementRow& placement)
    {
        if (folder == unwanted || (scope_.wants && !scope_.wants(placement)))
            return;
        plan_.messages.push_back({.folder = folder,
                                  .id = placement.id,
                                  .date = placement.date,
                                  .flags = placement.flags});
    }

    void take_what_was_there()
    {
        catalog_.for_each_placement_at(
            scope_.account.id, at_,
            [&](const catalog::FolderRow& folder, const catalog::PlacementRow& placement) {
                take(number_of(folder), placement);
            });
    }

    /// Only contents that were nowhere then: a message that was moved later is not two.
    void take_later()
    {
        IdSet known;
        for (const deliver::UploadMessage& message : plan_.messages)
            known.insert(message.id);
        for (const catalog::FolderRow& folder : rows_) {
            const std::uint32_t number = number_of(folder);
            for (const catalog::PlacementRow& placement : catalog_.placements(folder.key))
                if (placement.first_seen > at_ && known.insert(placement.id).second)
                    take(number, placement);
        }
    }

    void require_all_patterns() const
    {
        for (std::size_t i = 0; i < patterns_used_.size(); ++i)
            if (!patterns_used_[i])
                throw Error(ErrorKind::not_found,
                            fmt::format("{} had no folder '{}'", printable(plan_.from),
                                        printable(scope_.folders[i])),
                            "`mailhold folders ADDRESS` lists them; '*' stands for any text");
    }

    /// A folder of all mail shows what lies in other folders: it holds on its own only what lies
    /// nowhere else.
    void drop_what_lies_elsewhere()
    {
        if (std::ranges::find(shows_all_, true) == shows_all_.end())
            return;
        IdSet elsewhere;
        for (const deliver::UploadMessage& message : plan_.messages)
            if (!shows_all_[message.folder])
                elsewhere.insert(message.id);
        plan_.also_elsewhere =
            std::erase_if(plan_.messages, [&](const deliver::UploadMessage& message) {
                return shows_all_[message.folder] && elsewhere.contains(message.id);
            });
    }

    /// Within an archive folder by folder, so that few uploads are begun at a time.
    void sort_for_reading()
    {
        struct Entry {
            ledger::ReadingPlace place;
            std::size_t number;
        };
        ledger::ReadingOrder order(catalog_);
        std::vector<Entry> entries;
        entries.reserve(plan_.messages.size());
        catalog_.reading([&] {
            for (deliver::UploadMessage& message : plan_.messages) {
                const auto stored = catalog_.message(message.id);
                message.size_bytes = stored ? stored->size : 0;
                plan_.bytes += message.size_bytes;
                entries.push_back({order.place_of(stored), entries.size()});
            }
        });
        std::ranges::stable_sort(entries, [&](const Entry& a, const Entry& b) {
            return std::tie(a.place.archive, plan_.messages[a.number].folder, a.place.offset) <
                   std::tie(b.place.archive, plan_.messages[b.number].folder, b.place.offset);
        });
        std::vector<deliver::UploadMessage> sorted;
        sorted.reserve(entries.size());
        for (const Entry& entry : entries)
            sorted.push_back(std::move(plan_.messages[entry.number]));
        plan_.messages = std::move(sorted);
    }

    const catalog::Catalog& catalog_;
    const Scope& scope_;
    const Time at_;
    std::vector<catalog::FolderRow> rows_;
    FolderNames names_;
    std::vector<bool> patterns_used_;
    std::map<catalog::FolderKey, std::uint32_t> numbers_;
    std::vector<bool> shows_all_;  ///< one each of the plan's folders
    Plan plan_;
};

}  // namespace

Plan plan(const catalog::Catalog& catalog, const Scope& scope, const Naming& naming)
{
    return Planner(catalog, scope, naming).run();
}

}  // namespace mailhold::restore
