// The past: which placements were on the server at a time, with the flags of then.

#include "state.hpp"

namespace mailhold::catalog {

namespace {

constexpr int batch_rows = 1'000;

}  // namespace

FolderCounts Catalog::counts(const FolderKey& folder) const
{
    const Guard guard(state_->lock);
    const auto number = state_->find_folder(folder);
    if (!number)
        return {};
    // Asked for every folder in every run, so the rare case stands apart.
    constexpr const char* own = "SELECT count(*), count(coalesce(p.gone_since, f.gone_since))"
                                " FROM folders f JOIN placements p ON p.folder = f.n WHERE f.n=?";
    constexpr const char* former =
        "SELECT count(*), count(coalesce(p.gone_since, e.time)) FROM folder_ends e"
        " JOIN placements p ON p.folder = e.folder WHERE e.folder=? AND NOT EXISTS(SELECT 1"
        "  FROM seen_again x WHERE x.folder = e.folder AND x.uid = p.uid AND x.message = "
        "p.message)";
    Rows rows = state_->db.rows(state_->has_successor(*number) ? former : own, *number);
    rows.next();
    const auto all = rows.number<std::uint64_t>(0);
    const auto gone = rows.number<std::uint64_t>(1);
    return {.messages = all - gone, .gone = gone};
}

FolderCounts Catalog::counts_at(const FolderKey& folder, Time at) const
{
    const Guard guard(state_->lock);
    const auto number = state_->find_folder(folder);
    if (!number)
        return {};
    FolderCounts counts;
    Rows rows = state_->db.rows("SELECT count(*), total(p.gone_since <= ?2) FROM placements p"
                                " WHERE p.folder=?1 AND p.first_seen <= ?2 AND NOT EXISTS(SELECT 1"
                                "  FROM seen_again x WHERE x.folder = p.folder AND x.uid = p.uid"
                                "  AND x.message = p.message AND x.first_seen <= ?2)",
                                *number, at);
    rows.next();
    counts.gone = rows.number<std::uint64_t>(1);
    counts.messages = rows.number<std::uint64_t>(0) - counts.gone;
    if (state_->was_gone(*number, at))
        counts = {.messages = 0, .gone = counts.messages + counts.gone};
    return counts;
}

bool Catalog::State::has_successor(FolderNumber folder)
{
    return db
        .rows("SELECT 1 FROM folders f JOIN accounts a ON a.n = f.account AND a.writer <> f.writer"
              " WHERE f.n=?",
              folder)
        .next();
}

bool Catalog::State::was_gone(FolderNumber folder, Time at)
{
    Rows rows = db.rows("SELECT gone_since FROM (SELECT gone_since, until FROM folder_history"
                        " WHERE folder=?1 AND until>?2 UNION ALL SELECT gone_since,"
                        " 9223372036854775807 FROM folders WHERE n=?1) ORDER BY until LIMIT 1",
                        folder, at);
    if (rows.next() && !rows.is_null(0))
        return true;
    Rows ends = db.rows("SELECT f.gone_since IS NULL AND e.time <= ?2 FROM folder_ends e"
                        " JOIN folders f ON f.n = e.folder WHERE e.folder=?1",
                        folder, at);
    return ends.next() && ends.integer(0) != 0;
}

std::vector<PlacementRow> Catalog::State::placements_at(const FolderKey& folder, Time at, Uid after)
{
    std::vector<PlacementRow> placements;
    const auto number = find_folder(folder);
    if (!number)
        return placements;
    for (Rows rows = db.rows(
             "SELECT c.id, p.date, p.zone, coalesce((SELECT h.flags FROM flag_history h"
             "  WHERE h.folder = p.folder AND h.uid = p.uid AND h.spell = p.spell AND h.until > ?2"
             "  ORDER BY h.until LIMIT 1), p.flags), p.first_seen, p.gone_since, p.gmail, p.uid"
             " FROM placements p JOIN contents c ON c.n = p.message WHERE p.folder=?1"
             " AND p.uid > ?3 AND p.first_seen <= ?2 AND (p.gone_since IS NULL OR p.gone_since > "
             "?2)"
             " ORDER BY p.uid, p.spell LIMIT ?4",
             *number, at, after, batch_rows);
         rows.next();)
        placements.push_back(placement_in(rows, 0, folder));
    return placements;
}

/// In batches, so that `visit` may take its time without the lock, and memory stays small.
void Catalog::for_each_placement_at(
    const crypto::AccountId& account, Time at,
    const std::function<void(const FolderRow&, const PlacementRow&)>& visit) const
{
    for (const FolderRow& folder : folders_at(account, at)) {
        if (folder.gone)
            continue;
        std::vector<PlacementRow> batch;
        Uid after{};
        do {
            {
                const Guard guard(state_->lock);
                batch = state_->placements_at(folder.key, at, after);
            }
            for (const PlacementRow& placement : batch)
                visit(folder, placement);
            if (!batch.empty())
                after = batch.back().uid;
        } while (batch.size() == batch_rows);
    }
}

}  // namespace mailhold::catalog
