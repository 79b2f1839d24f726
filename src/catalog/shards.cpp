// Shards of the search index: which are searched, and which archives they cover.

#include "block_table.hpp"
#include "state.hpp"

namespace mailhold::catalog {

namespace {

/// Archives with at least one message, which are there, and which no searched shard covers.
constexpr const char* unindexed = R"sql(
    SELECT o.n, o.hash FROM objects o WHERE o.usable = 1 AND NOT EXISTS (
        SELECT 1 FROM shard_covers v JOIN searched_shards s ON s.n = v.shard
        WHERE v.archive = o.n AND s.schema BETWEEN ?1 AND ?2)
    AND EXISTS (SELECT 1 FROM locations l JOIN contents c ON c.n = l.content
        WHERE l.object = o.n AND c.kind = 0 AND c.erased IS NULL) ORDER BY o.n)sql";

/// The archives that shard ?1 and another hold messages of, whichever of them was applied first:
/// both are searched, or a third one has what both had.
constexpr const char* note_repeats = R"sql(
    INSERT OR IGNORE INTO repeats SELECT v.archive FROM shards mine
        JOIN shard_covers v ON v.shard = mine.n JOIN shard_covers c ON c.archive = v.archive
        JOIN shards other ON other.n = c.shard AND other.n <> mine.n
        WHERE mine.n = ?1 AND (
            other.schema = mine.schema AND mine.n IN (SELECT n FROM searched_shards)
                AND other.n IN (SELECT n FROM searched_shards)
            OR EXISTS (SELECT 1 FROM shard_replaced a JOIN shard_replaced b ON b.shard = a.shard
                WHERE a.hash = mine.hash AND b.hash = other.hash)))sql";

/// Columns: hash, id of the writer, length, schema, documents, lost.
ShardRow shard_in(const Rows& rows)
{
    ShardRow shard;
    shard.object = rows.id<crypto::Hash>(0);
    shard.writer = rows.id<crypto::WriterId>(1);
    shard.length = rows.number<std::uint64_t>(2);
    shard.schema = rows.number<std::uint64_t>(3);
    shard.documents = rows.number<std::uint64_t>(4);
    shard.lost = rows.integer(5) != 0;
    return shard;
}

/// 0 for an unknown one.
std::int64_t number_of(Database& db, const crypto::Hash& object)
{
    Rows rows = db.rows("SELECT n FROM shards WHERE hash=?", object.bytes());
    return rows.next() ? rows.integer(0) : 0;
}

}  // namespace

void Catalog::put_shard(const ShardRow& shard, const std::vector<crypto::Hash>& replaces, Time time)
{
    const Guard guard(state_->lock);
    Database& db = state_->db;
    db.run(
        "INSERT OR IGNORE INTO shards(hash, writer, length, header, block_runs, schema, documents)"
        " VALUES(?, ?, ?, ?, ?, ?, ?)",
        shard.object.bytes(), state_->writer_number(shard.writer), shard.length,
        Bytes(shard.header), Bytes(encoded_runs(shard.blocks)), shard.schema, shard.documents);
    const std::int64_t number = number_of(db, shard.object);
    for (const crypto::Hash& archive : shard.covers)
        db.run("INSERT OR IGNORE INTO shard_covers(archive, shard) VALUES(?, ?)",
               state_->object_number(archive), number);
    for (const crypto::Hash& replaced : replaces)
        db.run("INSERT OR IGNORE INTO shard_replaced(hash, shard, time) VALUES(?, ?, ?)",
               replaced.bytes(), number, time);
    db.run(note_repeats, number);
}

bool Catalog::index_may_repeat() const
{
    const Guard guard(state_->lock);
    return state_->db.rows("SELECT 1 FROM repeats LIMIT 1").next();
}

std::vector<ShardRow> Catalog::shards() const
{
    const Guard guard(state_->lock);
    std::vector<ShardRow> shards;
    for (Rows rows = state_->db.rows(
             "SELECT s.hash, w.id, s.length, s.schema, s.documents, s.lost, s.header, "
             "s.block_runs, s.n"
             " FROM searched_shards s JOIN writers w ON w.n = s.writer ORDER BY s.n");
         rows.next();) {
        ShardRow& shard = shards.emplace_back(shard_in(rows));
        shard.header = copy_of(rows.blob(6));
        shard.blocks = decoded_runs(rows.blob(7));
        for (Rows covered = state_->db.rows("SELECT o.hash FROM shard_covers v"
                                            " JOIN objects o ON o.n = v.archive WHERE v.shard=?",
                                            rows.integer(8));
             covered.next();)
            shard.covers.push_back(covered.id<crypto::Hash>(0));
    }
    return shards;
}

std::vector<ShardRow> Catalog::known_shards() const
{
    const Guard guard(state_->lock);
    std::vector<ShardRow> shards;
    for (Rows rows = state_->db.rows(
             "SELECT s.hash, w.id, s.length, s.schema, s.documents, s.lost,"
             " (SELECT min(r.time) FROM shard_replaced r JOIN shards n ON n.n = r.shard"
             "  WHERE r.hash = s.hash AND n.lost = 0)"
             " FROM shards s JOIN writers w ON w.n = s.writer ORDER BY s.n");
         rows.next();) {
        ShardRow& shard = shards.emplace_back(shard_in(rows));
        if (!rows.is_null(6))
            shard.replaced_since = rows.number<Time>(6);
    }
    return shards;
}

void Catalog::forget_shard(const crypto::Hash& object)
{
    const Guard guard(state_->lock);
    state_->db.run("UPDATE shards SET lost=1 WHERE hash=?", object.bytes());
}

void Catalog::drop_shard(const crypto::Hash& object)
{
    const Guard guard(state_->lock);
    const std::int64_t number = number_of(state_->db, object);
    state_->db.run("DELETE FROM shard_covers WHERE shard=?", number);
    state_->db.run("DELETE FROM shards WHERE n=?", number);
}

std::vector<crypto::Hash> Catalog::unindexed_archives(std::uint64_t schema) const
{
    const Guard guard(state_->lock);
    std::vector<crypto::Hash> archives;
    for (Rows rows = state_->db.rows(unindexed, schema, schema); rows.next();)
        archives.push_back(rows.id<crypto::Hash>(1));
    return archives;
}

std::uint64_t Catalog::unsearchable_messages(std::uint64_t first_schema,
                                             std::uint64_t last_schema) const
{
    // From the archives that wait, mostly none, to their messages: SQLite would rather go through
    // all messages.
    static const std::string sql =
        "WITH waiting(n, hash) AS MATERIALIZED (" + std::string(unindexed) +
        ") SELECT count(DISTINCT c.n) FROM waiting CROSS JOIN locations h ON h.object = waiting.n"
        " CROSS JOIN contents c ON c.n = h.content WHERE c.kind = 0"
        " AND NOT EXISTS (SELECT 1 FROM locations l JOIN shard_covers v ON v.archive = l.object"
        " JOIN searched_shards s ON s.n = v.shard WHERE l.content = c.n AND s.schema BETWEEN ?1 "
        "AND ?2)";
    const Guard guard(state_->lock);
    Rows rows = state_->db.rows(sql.c_str(), first_schema, last_schema);
    return rows.next() ? rows.number<std::uint64_t>(0) : 0;
}

}  // namespace mailhold::catalog
