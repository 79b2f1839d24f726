// The tables. Ids of 16 and 32 random bytes stand once each, in the table that numbers them; the
// big tables refer to them by that number, so that their rows are small and arrive in order.

#include "schema.hpp"

#include <utility>
#include <vector>

#include <fmt/format.h>

#include "mailhold/base/error.hpp"

#include "block_table.hpp"

namespace mailhold::catalog {

namespace {

constexpr std::int64_t application_id = 0x4d48434c;  // "MHCL"
constexpr std::int64_t schema_version = 6;           // 1 had no shards, 2 no uploads, 3 no
                                                     // imported folders, 4 no repeats, 5 wide
                                                     // block tables

// contents: kind 0 a message, 1 a part. Their index holds 8 of the 32 random bytes.
// objects: usable is 0 while only a location names the object, and after it was forgotten; verified
// is when a check last found it whole.
// accounts: described is the time of the description that holds, the latest of all chains'.
// placements: spell counts how often a UID went and came back.
// flag_history, folder_history: what held until the time `until`, kept only when it changes.
constexpr const char* tables = R"sql(
CREATE TABLE writers(n INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, seq INTEGER NOT NULL DEFAULT 0,
    hash BLOB, journal_bytes INTEGER NOT NULL DEFAULT 0);
CREATE TABLE accounts(n INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, address TEXT, role TEXT,
    server TEXT, archive_only INTEGER, writer INTEGER, described INTEGER);
CREATE TABLE folders(n INTEGER PRIMARY KEY, writer INTEGER NOT NULL, fid INTEGER NOT NULL,
    account INTEGER, name TEXT, wire_name TEXT, uid_validity INTEGER, separator TEXT, use TEXT,
    gone_since INTEGER, first_seen INTEGER, UNIQUE(writer, fid));
CREATE INDEX folders_by_account ON folders(account, writer, first_seen);
CREATE INDEX folders_by_name ON folders(account, writer, wire_name);
CREATE TABLE folder_history(folder INTEGER, until INTEGER, name TEXT, wire_name TEXT,
    uid_validity INTEGER, separator TEXT, use TEXT, gone_since INTEGER, PRIMARY KEY(folder, until))
    WITHOUT ROWID;
CREATE TABLE objects(n INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, writer INTEGER,
    length INTEGER NOT NULL DEFAULT 0, usable INTEGER NOT NULL DEFAULT 0,
    forgotten INTEGER NOT NULL DEFAULT 0, verified INTEGER, header BLOB, blocks BLOB);
CREATE INDEX objects_unusable ON objects(usable) WHERE usable = 0;
CREATE TABLE contents(n INTEGER PRIMARY KEY, kind INTEGER NOT NULL, id BLOB NOT NULL,
    size INTEGER, spliced INTEGER NOT NULL DEFAULT 0, erased TEXT);
CREATE INDEX contents_by_id ON contents(substr(id, 1, 8));
CREATE TABLE locations(content INTEGER, object INTEGER, offset INTEGER, length INTEGER NOT NULL,
    PRIMARY KEY(content, object, offset)) WITHOUT ROWID;
CREATE INDEX locations_by_object ON locations(object);
CREATE TABLE splices(message INTEGER, part INTEGER, PRIMARY KEY(message, part)) WITHOUT ROWID;
CREATE INDEX splices_by_part ON splices(part);
CREATE TABLE flag_sets(n INTEGER PRIMARY KEY, flags TEXT NOT NULL UNIQUE);
CREATE TABLE placements(folder INTEGER, uid INTEGER, spell INTEGER, message INTEGER NOT NULL,
    date INTEGER, zone INTEGER, flags INTEGER NOT NULL, first_seen INTEGER NOT NULL,
    gone_since INTEGER, gmail INTEGER, PRIMARY KEY(folder, uid, spell)) WITHOUT ROWID;
CREATE INDEX placements_by_message ON placements(message);
CREATE INDEX placements_by_gmail ON placements(gmail) WHERE gmail IS NOT NULL;
CREATE TABLE flag_history(folder INTEGER, uid INTEGER, spell INTEGER, until INTEGER,
    flags INTEGER NOT NULL, PRIMARY KEY(folder, uid, spell, until)) WITHOUT ROWID;
CREATE TABLE failed(folder INTEGER, uid INTEGER, why TEXT, since INTEGER, PRIMARY KEY(folder, uid))
    WITHOUT ROWID;
CREATE TABLE runs(account INTEGER, time INTEGER, ok INTEGER, server_messages INTEGER,
    archived_messages INTEGER, error_class TEXT, error_text TEXT, error_hint TEXT,
    PRIMARY KEY(account, time)) WITHOUT ROWID;
CREATE TABLE records(space TEXT, key TEXT, json TEXT, time INTEGER, PRIMARY KEY(space, key))
    WITHOUT ROWID;
CREATE TABLE cursors(folder INTEGER PRIMARY KEY, highest_modseq INTEGER, uid_next INTEGER,
    exist INTEGER);
CREATE TABLE settings(key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE expected_objects(name TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE outbox(seq INTEGER PRIMARY KEY, hash BLOB, name TEXT, bytes BLOB, lines BLOB,
    cursors BLOB);
)sql";

// shards: the search index. searched_shards: what is there and not replaced by something that is
// there; shard_covers: archives, by their number in objects.
constexpr const char* shard_tables = R"sql(
CREATE TABLE shards(n INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, writer INTEGER NOT NULL,
    length INTEGER NOT NULL, header BLOB NOT NULL, blocks BLOB NOT NULL, schema INTEGER NOT NULL,
    documents INTEGER NOT NULL, lost INTEGER NOT NULL DEFAULT 0);
CREATE TABLE shard_covers(archive INTEGER, shard INTEGER, PRIMARY KEY(archive, shard))
    WITHOUT ROWID;
CREATE TABLE shard_replaced(hash BLOB, shard INTEGER, time INTEGER NOT NULL,
    PRIMARY KEY(hash, shard)) WITHOUT ROWID;
CREATE VIEW searched_shards AS SELECT * FROM shards s WHERE s.lost = 0 AND NOT EXISTS (
    SELECT 1 FROM shard_replaced r JOIN shards n ON n.n = r.shard
    WHERE r.hash = s.hash AND n.lost = 0);
)sql";

// upload_folders: folders of accounts that mail was uploaded into; uploads: what was verified
// there.
constexpr const char* upload_tables = R"sql(
CREATE TABLE upload_folders(n INTEGER PRIMARY KEY, address TEXT NOT NULL, wire_name TEXT NOT NULL,
    uid_validity INTEGER NOT NULL, UNIQUE(address, wire_name, uid_validity));
CREATE TABLE uploads(folder INTEGER, uid INTEGER, id BLOB NOT NULL, changed INTEGER NOT NULL,
    PRIMARY KEY(folder, uid)) WITHOUT ROWID;
)sql";

// folder_ends: a folder that a former owner of the account described counts as gone from the moment
// its successor described its first one; not one that was imported (UIDVALIDITY 0), which no server
// lists. seen_again: what the successor found in the same place; CROSS JOIN keeps the order of
// look-ups, which nearly always end at the second.
constexpr const char* folder_views = R"sql(
DROP VIEW IF EXISTS folder_ends;
DROP VIEW IF EXISTS seen_again;
CREATE VIEW folder_ends(folder, time) AS SELECT f.n,
    iif(a.n IS NULL OR f.gone_since IS NOT NULL OR f.uid_validity = 0, f.gone_since,
    (SELECT min(s.first_seen) FROM folders s WHERE s.account = f.account AND s.writer = a.writer
    AND s.uid_validity <> 0))
    FROM folders f LEFT JOIN accounts a ON a.n = f.account AND a.writer <> f.writer;
CREATE VIEW seen_again(folder, uid, message, first_seen) AS
    SELECT f.n, p.uid, p.message, p.first_seen FROM folders f
    CROSS JOIN accounts a ON a.n = f.account AND a.writer <> f.writer AND f.uid_validity <> 0
    CROSS JOIN folders s ON s.account = f.account AND s.writer = a.writer
    AND s.wire_name = f.wire_name AND s.uid_validity = f.uid_validity
    CROSS JOIN placements p ON p.folder = s.n;
)sql";

// repeats: archives with messages that shards may hold more than once, as they lie in another
// archive too or two shards covered them. None is taken out again.
constexpr const char* repeat_tables = R"sql(
CREATE TABLE repeats(archive INTEGER PRIMARY KEY);
INSERT OR IGNORE INTO repeats SELECT l.object FROM locations l WHERE l.content IN
    (SELECT c.n FROM contents c JOIN locations o ON o.content = c.n WHERE c.kind = 0
     GROUP BY c.n HAVING count(*) > 1);
)sql";

/// The column gets a new name, so that an older program that still runs fails instead of reading
/// the new form as the old one.
void rewrite_block_tables_of_shards(Database& db)
{
    db.execute("ALTER TABLE shards RENAME COLUMN blocks TO block_runs;");
    std::vector<std::pair<std::int64_t, ByteBuffer>> tables_by_shard;
    for (Rows rows = db.rows("SELECT n, block_runs FROM shards"); rows.next();)
        tables_by_shard.emplace_back(rows.integer(0), encoded_runs(decoded_blocks(rows.blob(1))));
    for (const auto& [shard, table] : tables_by_shard)
        db.run("UPDATE shards SET block_runs=? WHERE n=?", Bytes(table), shard);
}

void require_known(std::int64_t version)
{
    if (version > schema_version)
        throw Error(ErrorKind::too_new, "the catalog was made by a newer mailhold");
}

/// Each version adds to the one before.
void make_tables(Database& db)
{
    db.execute("BEGIN IMMEDIATE");
    try {
        // Another process may have made them while this one waited.
        const std::int64_t found = db.integer("PRAGMA user_version");
        require_known(found);
        if (found < 1)
            db.execute(tables + fmt::format("PRAGMA application_id={};", application_id));
        if (found < 2)
            db.execute(shard_tables);
        if (found < 3)
            db.execute(upload_tables);
        if (found < 4)
            db.execute(folder_views);
        if (found < 5)
            db.execute(repeat_tables);
        if (found < 6)
            rewrite_block_tables_of_shards(db);
        db.execute(fmt::format("PRAGMA user_version={};", schema_version));
        db.execute("COMMIT");
    } catch (const Error&) {
        db.roll_back();
        throw;
    }
}

void require_ours(Database& db)
{
    if (db.integer("PRAGMA application_id") != application_id)
        throw Error(ErrorKind::damaged, "the catalog's file is another program's database",
                    "build it anew from the vault: mailhold rebuild");
    require_known(db.integer("PRAGMA user_version"));
}

}  // namespace

void prepare_schema(Database& db)
{
    const bool is_new = db.integer("PRAGMA user_version") == 0 &&
                        db.integer("SELECT count(*) FROM sqlite_schema") == 0;
    if (!is_new)
        require_ours(db);
    // FULL: a commit must survive a power cut, since the outbox stands before the journal entry is
    // published. Small caches: the whole program lives in 256 MB.
    db.execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-8192;"
               "PRAGMA wal_autocheckpoint=8000; PRAGMA journal_size_limit=33554432;"
               "PRAGMA temp_store=MEMORY;");
    if (is_new || db.integer("PRAGMA user_version") < schema_version)
        make_tables(db);
}

}  // namespace mailhold::catalog
