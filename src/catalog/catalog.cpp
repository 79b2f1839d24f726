// Opening the catalog, its transactions, and what only this host knows: cursors, outbox, settings.

#include "mailhold/catalog/catalog.hpp"

#include <fcntl.h>

#include "mailhold/base/file.hpp"

#include "schema.hpp"
#include "state.hpp"

namespace mailhold::catalog {

namespace {

/// Made before SQLite does, so that it and its -wal and -shm are nobody else's to read.
std::filesystem::path private_file(const std::filesystem::path& file)
{
    create_private_folders(file.parent_path());
    const FileDescriptor made(::open(file.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600));
    if (!made)
        throw_errno("cannot open the catalog", file);
    return file;
}

ByteBuffer encoded(const std::vector<std::pair<FolderId, FolderCursor>>& cursors)
{
    ByteBuffer bytes;
    for (const auto& [fid, cursor] : cursors) {
        append_le(bytes, static_cast<std::uint64_t>(fid));
        append_le(bytes, static_cast<std::uint64_t>(cursor.highest_modseq));
        append_le(bytes, static_cast<std::uint32_t>(cursor.uid_next));
        append_le(bytes, cursor.exists);
    }
    return bytes;
}

std::vector<std::pair<FolderId, FolderCursor>> decoded_cursors(Bytes bytes)
{
    constexpr std::size_t row_bytes = 24;
    std::vector<std::pair<FolderId, FolderCursor>> cursors;
    for (; bytes.size() >= row_bytes; bytes = bytes.subspan(row_bytes))
        cursors.emplace_back(
            FolderId{read_le<std::uint64_t>(bytes, 0)},
            FolderCursor{.highest_modseq = ModSeq{read_le<std::uint64_t>(bytes, 8)},
                         .uid_next = Uid{read_le<std::uint32_t>(bytes, 16)},
                         .exists = read_le<std::uint32_t>(bytes, 20)});
    return cursors;
}

}  // namespace

Catalog::State::State(const std::filesystem::path& file) : db(private_file(file))
{
    prepare_schema(db);
}

/// Rolls back unless committed.
class Catalog::State::Transaction {
public:
    Transaction(State& state, const char* begin) : state_(state)
    {
        state_.db.execute(begin);
        ++state_.transaction_depth;
    }
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;

    ~Transaction()
    {
        --state_.transaction_depth;
        if (committed_)
            return;
        state_.forget_numbers();
        state_.db.roll_back();
    }

    void commit()
    {
        state_.db.execute("COMMIT");
        committed_ = true;
    }

private:
    State& state_;
    bool committed_ = false;
};

Catalog::Catalog(const std::filesystem::path& file) : state_(std::make_unique<State>(file)) {}

Catalog::~Catalog() = default;

void Catalog::State::in_transaction(const char* begin, const std::function<void()>& work)
{
    const Guard guard(lock);
    if (transaction_depth > 0) {
        work();
        return;
    }
    Transaction open(*this, begin);
    work();
    open.commit();
}

void Catalog::transaction(const std::function<void()>& work)
{
    state_->in_transaction("BEGIN IMMEDIATE", work);
}

void Catalog::reading(const std::function<void()>& work) const
{
    state_->in_transaction("BEGIN", work);
}

void Catalog::put_cursor(const FolderKey& folder, const FolderCursor& cursor)
{
    const Guard guard(state_->lock);
    state_->db.run("INSERT OR REPLACE INTO cursors(folder, highest_modseq, uid_next, exist)"
                   " VALUES(?, ?, ?, ?)",
                   state_->folder_number(folder), cursor.highest_modseq, cursor.uid_next,
                   cursor.exists);
}

std::optional<FolderCursor> Catalog::cursor(const FolderKey& folder) const
{
    const Guard guard(state_->lock);
    const auto number = state_->find_folder(folder);
    if (!number)
        return std::nullopt;
    Rows rows = state_->db.rows(
        "SELECT highest_modseq, uid_next, exist FROM cursors WHERE folder=?", *number);
    if (!rows.next())
        return std::nullopt;
    return FolderCursor{.highest_modseq = rows.number<ModSeq>(0),
                        .uid_next = rows.number<Uid>(1),
                        .exists = rows.number<std::uint32_t>(2)};
}

void Catalog::put_outbox(const Outbox& outbox)
{
    const Guard guard(state_->lock);
    state_->db.run("INSERT OR REPLACE INTO outbox(seq, hash, name, bytes, lines, cursors)"
                   " VALUES(?, ?, ?, ?, ?, ?)",
                   outbox.seq, outbox.hash.bytes(), outbox.name, Bytes(outbox.bytes),
                   bytes_of(outbox.lines), Bytes(encoded(outbox.cursors)));
}

std::optional<Outbox> Catalog::outbox() const
{
    const Guard guard(state_->lock);
    Rows rows = state_->db.rows("SELECT seq, hash, name, bytes, lines, cursors FROM outbox");
    if (!rows.next())
        return std::nullopt;
    Outbox outbox{.seq = rows.number<std::uint64_t>(0),
                  .hash = rows.id<crypto::Hash>(1),
                  .name = rows.text(2),
                  .bytes = copy_of(rows.blob(3)),
                  .lines = std::string(text_of(rows.blob(4))),
                  .cursors = {}};
    outbox.cursors = decoded_cursors(rows.blob(5));
    return outbox;
}

void Catalog::clear_outbox()
{
    const Guard guard(state_->lock);
    state_->db.run("DELETE FROM outbox");
}

void Catalog::put_expected_object(const std::string& name)
{
    const Guard guard(state_->lock);
    state_->db.run("INSERT OR IGNORE INTO expected_objects(name) VALUES(?)", name);
}

std::vector<std::string> Catalog::expected_objects() const
{
    const Guard guard(state_->lock);
    std::vector<std::string> names;
    for (Rows rows = state_->db.rows("SELECT name FROM expected_objects"); rows.next();)
        names.push_back(rows.text(0));
    return names;
}

void Catalog::clear_expected_objects()
{
    const Guard guard(state_->lock);
    state_->db.run("DELETE FROM expected_objects");
}

void Catalog::put_setting(const std::string& key, const std::string& value)
{
    const Guard guard(state_->lock);
    state_->db.run("INSERT OR REPLACE INTO settings(key, value) VALUES(?, ?)", key, value);
}

std::optional<std::string> Catalog::setting(const std::string& key) const
{
    const Guard guard(state_->lock);
    Rows rows = state_->db.rows("SELECT value FROM settings WHERE key=?", key);
    if (!rows.next())
        return std::nullopt;
    return rows.text(0);
}

std::map<std::string, std::string> Catalog::settings() const
{
    const Guard guard(state_->lock);
    std::map<std::string, std::string> settings;
    for (Rows rows = state_->db.rows("SELECT key, value FROM settings"); rows.next();)
        settings.emplace(rows.text(0), rows.text(1));
    return settings;
}

bool Catalog::is_sound() const
{
    const Guard guard(state_->lock);
    try {
        Rows rows = state_->db.rows("PRAGMA integrity_check(1)");
        return rows.next() && rows.text(0) == "ok";
    } catch (const Error& e) {
        if (e.kind() != ErrorKind::damaged)
            throw;
        return false;
    }
}

void Catalog::replace_by(const std::filesystem::path& file)
{
    const Guard guard(state_->lock);
    Database other(file);
    state_->db.copy_from(other);
    state_->forget_numbers();
}

}  // namespace mailhold::catalog
