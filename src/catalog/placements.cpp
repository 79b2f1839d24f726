// Placements: where each message lies or lay, with which flags, since when and until when.

#include "state.hpp"

namespace mailhold::catalog {

namespace {

std::vector<Uid> uids_in(Rows rows)
{
    std::vector<Uid> uids;
    while (rows.next())
        uids.push_back(rows.number<Uid>(0));
    return uids;
}

/// Gmail's ids use all 64 bits, SQLite's integers have a sign.
std::optional<std::int64_t> signed_id(std::optional<std::uint64_t> gmail_message_id)
{
    if (!gmail_message_id)
        return std::nullopt;
    return static_cast<std::int64_t>(*gmail_message_id);
}

}  // namespace

PlacementRow Catalog::State::placement_in(const Rows& rows, int first, const FolderKey& folder)
{
    PlacementRow placement;
    placement.folder = folder;
    placement.id = rows.id<crypto::ContentId>(first);
    if (!rows.is_null(first + 1))
        placement.date = InternalDate{.epoch_seconds = rows.integer(first + 1),
                                      .zone_minutes = rows.number<int>(first + 2)};
    placement.flags = flags(rows.number<FlagsNumber>(first + 3));
    placement.first_seen = rows.number<Time>(first + 4);
    placement.gone_since = rows.optional_number<Time>(first + 5);
    placement.gmail_message_id = rows.optional_number<std::uint64_t>(first + 6);
    placement.uid = rows.number<Uid>(first + 7);
    return placement;
}

/// A UID that is live already with the same message only takes the flags; one that lives with
/// another message (no server should do that) ends the old spell; one that was gone begins a new
/// spell.
void Catalog::put_placement(const PlacementRow& placement)
{
    const Guard guard(state_->lock);
    Database& db = state_->db;
    const FolderNumber folder = state_->folder_number(placement.folder);
    const ContentNumber message =
        state_->content_number(ContentKind::message, placement.id.bytes());
    db.run("DELETE FROM failed WHERE folder=? AND uid=?", folder, placement.uid);
    std::int64_t spell = 0;
    {
        Rows rows = db.rows("SELECT spell, message, gone_since, first_seen FROM placements"
                            " WHERE folder=? AND uid=? ORDER BY spell DESC",
                            folder, placement.uid);
        while (rows.next()) {
            const bool same = rows.number<ContentNumber>(1) == message;
            if (same && rows.is_null(2)) {
                put_flags(placement.folder, placement.uid, placement.flags, placement.first_seen);
                return;
            }
            if (same && rows.number<Time>(3) == placement.first_seen)
                return;  // told again
            spell = std::max(spell, rows.integer(0) + 1);
        }
    }
    if (spell > 0)
        put_gone(placement.folder, {placement.uid}, placement.first_seen);
    std::optional<std::int64_t> date;
    std::optional<int> zone;
    if (placement.date) {
        date = placement.date->epoch_seconds;
        zone = placement.date->zone_minutes;
    }
    db.run("INSERT INTO placements(folder, uid, spell, message, date, zone, flags, first_seen,"
           " gone_since, gmail) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
           folder, placement.uid, spell, message, date, zone, state_->flags_number(placement.flags),
           placement.first_seen, placement.gone_since, signed_id(placement.gmail_message_id));
}

void Catalog::put_flags(const FolderKey& folder, Uid uid, const Flags& flags, Time time)
{
    const Guard guard(state_->lock);
    Database& db = state_->db;
    const FolderNumber number = state_->folder_number(folder);
    const FlagsNumber now = state_->flags_number(flags);
    db.run("INSERT OR IGNORE INTO flag_history(folder, uid, spell, until, flags)"
           " SELECT folder, uid, spell, ?, flags FROM placements"
           " WHERE folder=? AND uid=? AND gone_since IS NULL AND flags<>?",
           time, number, uid, now);
    db.run("UPDATE placements SET flags=?1 WHERE folder=?2 AND uid=?3 AND gone_since IS NULL"
           " AND flags<>?1",
           now, number, uid);
}

void Catalog::put_gone(const FolderKey& folder, const std::vector<Uid>& uids, Time time)
{
    const Guard guard(state_->lock);
    Database& db = state_->db;
    const FolderNumber number = state_->folder_number(folder);
    for (const Uid uid : uids) {
        db.run("UPDATE placements SET gone_since=? WHERE folder=? AND uid=? AND gone_since IS NULL",
               time, number, uid);
        db.run("DELETE FROM failed WHERE folder=? AND uid=?", number, uid);
    }
}

std::vector<PlacementRow> Catalog::placements(const FolderKey& folder, Time known_at) const
{
    const Guard guard(state_->lock);
    std::vector<PlacementRow> placements;
    const auto number = state_->find_folder(folder);
    if (!number)
        return placements;
    for (Rows rows = state_->db.rows(
             "SELECT c.id, p.date, p.zone, p.flags, p.first_seen,"
             " coalesce(p.gone_since, e.time), p.gmail, p.uid FROM placements p"
             " JOIN contents c ON c.n = p.message JOIN folder_ends e ON e.folder = p.folder"
             " WHERE p.folder=?1 AND p.first_seen <= ?2 AND NOT EXISTS(SELECT 1 FROM seen_again x"
             "  WHERE x.folder = p.folder AND x.uid = p.uid AND x.message = p.message"
             "  AND x.first_seen <= ?2) ORDER BY p.uid, p.spell",
             *number, known_at);
         rows.next();)
        placements.push_back(state_->placement_in(rows, 0, folder));
    return placements;
}

std::vector<PlacementRow> Catalog::placements_of(const crypto::ContentId& id) const
{
    const Guard guard(state_->lock);
    std::vector<PlacementRow> placements;
    const auto message = state_->find_content(ContentKind::message, id.bytes());
    if (!message)
        return placements;
    for (Rows rows = state_->db.rows(
             "SELECT w.id, f.fid, c.id, p.date, p.zone, p.flags, p.first_seen,"
             " coalesce(p.gone_since, e.time), p.gmail, p.uid FROM placements p"
             " JOIN contents c ON c.n = p.message JOIN folders f ON f.n = p.folder"
             " JOIN folder_ends e ON e.folder = f.n JOIN writers w ON w.n = f.writer"
             " WHERE p.message=? AND NOT EXISTS(SELECT 1 FROM seen_again x"
             "  WHERE x.folder = p.folder AND x.uid = p.uid AND x.message = p.message)"
             " ORDER BY p.folder, p.uid, p.spell",
             *message);
         rows.next();)
        placements.push_back(state_->placement_in(
            rows, 2, {rows.id<crypto::WriterId>(0), rows.number<FolderId>(1)}));
    return placements;
}

std::vector<Uid> Catalog::live_uids(const FolderKey& folder) const
{
    const Guard guard(state_->lock);
    const auto number = state_->find_folder(folder);
    if (!number)
        return {};
    return uids_in(state_->db.rows(
        "SELECT uid FROM placements WHERE folder=? AND gone_since IS NULL ORDER BY uid", *number));
}

std::vector<std::pair<Uid, Flags>> Catalog::live_flags(const FolderKey& folder) const
{
    const Guard guard(state_->lock);
    std::vector<std::pair<Uid, Flags>> live;
    const auto number = state_->find_folder(folder);
    if (!number)
        return live;
    for (Rows rows = state_->db.rows("SELECT uid, flags FROM placements WHERE folder=?"
                                     " AND gone_since IS NULL ORDER BY uid",
                                     *number);
         rows.next();)
        live.emplace_back(rows.number<Uid>(0), state_->flags(rows.number<FlagsNumber>(1)));
    return live;
}

std::vector<Uid> Catalog::unstored_uids(const FolderKey& folder) const
{
    const Guard guard(state_->lock);
    const auto number = state_->find_folder(folder);
    // Nearly always nothing is lost, and then no placement needs to be looked at.
    if (!number || !state_->db.rows("SELECT 1 FROM objects WHERE usable=0").next())
        return {};
    std::vector<Uid> unstored;
    for (Rows rows = state_->db.rows("SELECT uid, message FROM placements WHERE folder=?"
                                     " AND gone_since IS NULL ORDER BY uid",
                                     *number);
         rows.next();)
        if (!state_->is_settled(rows.number<ContentNumber>(1)))
            unstored.push_back(rows.number<Uid>(0));
    return unstored;
}

std::optional<crypto::ContentId> Catalog::by_gmail_id(const crypto::AccountId& account,
                                                      std::uint64_t id) const
{
    const Guard guard(state_->lock);
    for (Rows rows = state_->db.rows(
             "SELECT c.id, c.n FROM placements p JOIN folders f ON f.n = p.folder"
             " JOIN accounts a ON a.n = f.account JOIN contents c ON c.n = p.message"
             " WHERE p.gmail=? AND a.id=?",
             id, account.bytes());
         rows.next();)
        if (state_->is_settled(rows.number<ContentNumber>(1)))
            return rows.id<crypto::ContentId>(0);
    return std::nullopt;
}

}  // namespace mailhold::catalog
