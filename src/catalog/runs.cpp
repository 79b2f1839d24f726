// What runs came to: results by account, messages that failed, records, chains' heads, totals.

#include "state.hpp"

namespace mailhold::catalog {

namespace {

/// Columns: time, ok, server's messages, archived ones, error class, text, hint.
std::optional<RunRow> run_in(Rows rows, const crypto::AccountId& account)
{
    if (!rows.next())
        return std::nullopt;
    return RunRow{.account = account,
                  .time = rows.number<Time>(0),
                  .ok = rows.integer(1) != 0,
                  .server_messages = rows.number<std::uint64_t>(2),
                  .archived_messages = rows.number<std::uint64_t>(3),
                  .error_class = rows.text(4),
                  .error_text = rows.text(5),
                  .error_hint = rows.text(6)};
}

}  // namespace

void Catalog::put_failed(const FailedRow& failed)
{
    const Guard guard(state_->lock);
    state_->db.run("INSERT INTO failed(folder, uid, why, since) VALUES(?, ?, ?, ?)"
                   " ON CONFLICT DO UPDATE SET why=excluded.why",
                   state_->folder_number(failed.folder), failed.uid, failed.why, failed.since);
}

std::vector<FailedRow> Catalog::failed(const crypto::AccountId& account) const
{
    const Guard guard(state_->lock);
    std::vector<FailedRow> failed;
    for (Rows rows =
             state_->db.rows("SELECT w.id, f.fid, x.uid, x.why, x.since FROM accounts a"
                             " JOIN folders f ON f.account = a.n JOIN writers w ON w.n = f.writer"
                             " JOIN failed x ON x.folder = f.n WHERE a.id=? ORDER BY f.n, x.uid",
                             account.bytes());
         rows.next();)
        failed.push_back({.folder = {rows.id<crypto::WriterId>(0), rows.number<FolderId>(1)},
                          .uid = rows.number<Uid>(2),
                          .why = rows.text(3),
                          .since = rows.number<Time>(4)});
    return failed;
}

std::vector<Uid> Catalog::failed_uids(const FolderKey& folder) const
{
    const Guard guard(state_->lock);
    std::vector<Uid> uids;
    const auto number = state_->find_folder(folder);
    if (!number)
        return uids;
    for (Rows rows = state_->db.rows("SELECT uid FROM failed WHERE folder=? ORDER BY uid", *number);
         rows.next();)
        uids.push_back(rows.number<Uid>(0));
    return uids;
}

void Catalog::put_run(const RunRow& run)
{
    const Guard guard(state_->lock);
    state_->db.run("INSERT OR REPLACE INTO runs(account, time, ok, server_messages,"
                   " archived_messages, error_class, error_text, error_hint)"
                   " VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
                   state_->account_number(run.account), run.time, run.ok, run.server_messages,
                   run.archived_messages, run.error_class, run.error_text, run.error_hint);
}

std::optional<RunRow> Catalog::last_run(const crypto::AccountId& account) const
{
    const Guard guard(state_->lock);
    return run_in(state_->db.rows("SELECT r.time, r.ok, r.server_messages, r.archived_messages,"
                                  " r.error_class, r.error_text, r.error_hint FROM accounts a"
                                  " JOIN runs r ON r.account = a.n WHERE a.id=?"
                                  " ORDER BY r.time DESC LIMIT 1",
                                  account.bytes()),
                  account);
}

std::optional<RunRow> Catalog::last_good_run(const crypto::AccountId& account) const
{
    const Guard guard(state_->lock);
    return run_in(state_->db.rows("SELECT r.time, r.ok, r.server_messages, r.archived_messages,"
                                  " r.error_class, r.error_text, r.error_hint FROM accounts a"
                                  " JOIN runs r ON r.account = a.n WHERE a.id=? AND r.ok=1"
                                  " ORDER BY r.time DESC LIMIT 1",
                                  account.bytes()),
                  account);
}

void Catalog::put_record(const std::string& space, const std::string& key, const std::string& json,
                         Time time)
{
    const Guard guard(state_->lock);
    state_->db.run("INSERT INTO records(space, key, json, time) VALUES(?, ?, ?, ?)"
                   " ON CONFLICT DO UPDATE SET json=excluded.json, time=excluded.time"
                   " WHERE excluded.time >= time",
                   space, key, json, time);
}

std::vector<Catalog::RecordRow> Catalog::records(const std::string& space) const
{
    const Guard guard(state_->lock);
    std::vector<RecordRow> records;
    for (Rows rows = state_->db.rows(
             "SELECT key, json, time FROM records WHERE space=? ORDER BY key", space);
         rows.next();)
        records.push_back(
            {.key = rows.text(0), .json = rows.text(1), .time = rows.number<Time>(2)});
    return records;
}

void Catalog::put_head(const crypto::WriterId& chain, const Head& head, std::uint64_t entry_bytes)
{
    const Guard guard(state_->lock);
    state_->db.run("UPDATE writers SET journal_bytes=journal_bytes+?3, seq=?1, hash=?2 WHERE n=?4"
                   " AND hash IS NOT ?2",
                   head.seq, head.hash.bytes(), entry_bytes, state_->writer_number(chain));
}

std::optional<Head> Catalog::head(const crypto::WriterId& chain) const
{
    const Guard guard(state_->lock);
    Rows rows = state_->db.rows("SELECT seq, hash FROM writers WHERE id=? AND hash IS NOT NULL",
                                chain.bytes());
    if (!rows.next())
        return std::nullopt;
    return Head{.seq = rows.number<std::uint64_t>(0), .hash = rows.id<crypto::Hash>(1)};
}

std::map<crypto::WriterId, Head> Catalog::heads() const
{
    const Guard guard(state_->lock);
    std::map<crypto::WriterId, Head> heads;
    for (Rows rows = state_->db.rows("SELECT id, seq, hash FROM writers WHERE hash IS NOT NULL");
         rows.next();)
        heads.emplace(rows.id<crypto::WriterId>(0),
                      Head{.seq = rows.number<std::uint64_t>(1), .hash = rows.id<crypto::Hash>(2)});
    return heads;
}

Totals Catalog::totals() const
{
    const Guard guard(state_->lock);
    Totals totals;
    Rows rows = state_->db.rows(
        "SELECT m.*, o.bytes + (SELECT coalesce(sum(journal_bytes), 0) FROM writers),"
        " (SELECT count(*) FROM placements),"
        " (SELECT coalesce(sum(length), 0) FROM searched_shards) FROM"
        " (SELECT count(*), coalesce(sum(size), 0) FROM contents WHERE kind=0 AND size IS NOT "
        "NULL) m,"
        " (SELECT coalesce(sum(length), 0) AS bytes FROM objects WHERE forgotten=0) o");
    rows.next();
    totals.messages = rows.number<std::uint64_t>(0);
    totals.raw_bytes = rows.number<std::uint64_t>(1);
    totals.stored_bytes = rows.number<std::uint64_t>(2);
    totals.placements = rows.number<std::uint64_t>(3);
    totals.index_bytes = rows.number<std::uint64_t>(4);
    return totals;
}

void Catalog::put_verified(const crypto::Hash& object, bool sound, Time time)
{
    const Guard guard(state_->lock);
    if (sound)
        state_->db.run("UPDATE objects SET verified=? WHERE hash=?", time, object.bytes());
    else
        state_->db.run("UPDATE objects SET verified=NULL WHERE hash=?", object.bytes());
}

std::uint64_t Catalog::verified_messages(const crypto::AccountId& account) const
{
    const Guard guard(state_->lock);
    Rows rows = state_->db.rows(
        "SELECT count(*) FROM accounts a JOIN folders f ON f.account = a.n"
        " JOIN folder_ends e ON e.folder = f.n JOIN placements p ON p.folder = f.n"
        " WHERE a.id=? AND e.time IS NULL AND p.gone_since IS NULL"
        " AND EXISTS(SELECT 1 FROM locations l JOIN objects o ON o.n = l.object"
        "            WHERE l.content = p.message AND o.verified IS NOT NULL)"
        " AND NOT EXISTS(SELECT 1 FROM splices s WHERE s.message = p.message"
        "                AND NOT EXISTS(SELECT 1 FROM locations l JOIN objects o ON o.n = l.object"
        "                               WHERE l.content = s.part AND o.verified IS NOT NULL))",
        account.bytes());
    rows.next();
    return rows.number<std::uint64_t>(0);
}

}  // namespace mailhold::catalog
