// Every call into SQLite sits here, so that its error codes become mailhold's errors in one place.

#include "sqlite.hpp"

#include <utility>

#include <fmt/format.h>
#include <sqlite3.h>

#include "mailhold/base/error.hpp"
#include "mailhold/base/json.hpp"

namespace mailhold::catalog {

namespace {

constexpr int busy_timeout_milliseconds = 10'000;

ErrorKind kind_of(int code)
{
    switch (code & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return ErrorKind::damaged;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return ErrorKind::locked;
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_NOMEM:
        return ErrorKind::storage;
    default:
        return ErrorKind::bug;
    }
}

}  // namespace

void FinalizeStatement::operator()(sqlite3_stmt* statement) const noexcept
{
    sqlite3_finalize(statement);
}

void Database::Close::operator()(sqlite3* connection) const noexcept
{
    sqlite3_close_v2(connection);
}

Rows::Rows(Database& database, sqlite3_stmt* statement, StatementHandle owned)
    : database_(database), statement_(statement), owned_(std::move(owned))
{
}

Rows::Rows(Rows&& other) noexcept
    : database_(other.database_), statement_(std::exchange(other.statement_, nullptr)),
      owned_(std::move(other.owned_))
{
}

Rows::~Rows()
{
    if (statement_ != nullptr) {
        sqlite3_reset(statement_);
        sqlite3_clear_bindings(statement_);
    }
}

bool Rows::next()
{
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW)
        return true;
    if (code != SQLITE_DONE)
        database_.fail(code, "cannot use the catalog");
    return false;
}

bool Rows::is_null(int column) const
{
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::int64_t Rows::integer(int column) const
{
    return sqlite3_column_int64(statement_, column);
}

std::string Rows::text(int column) const
{
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    const auto length = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
    return text == nullptr ? std::string() : std::string(text, length);
}

Bytes Rows::blob(int column) const
{
    const auto* bytes = static_cast<const std::byte*>(sqlite3_column_blob(statement_, column));
    return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

void Rows::bind(int index, std::int64_t value)
{
    if (const int code = sqlite3_bind_int64(statement_, index, value); code != SQLITE_OK)
        database_.fail(code, "cannot pass a number to the catalog");
}

void Rows::bind(int index, Bytes value)
{
    // An empty span may have no address, which SQLite would take for NULL.
    const void* address = value.empty() ? "" : static_cast<const void*>(value.data());
    const int code =
        sqlite3_bind_blob64(statement_, index, address, value.size(), SQLITE_TRANSIENT);
    if (code != SQLITE_OK)
        database_.fail(code, "cannot pass bytes to the catalog");
}

void Rows::bind(int index, std::string_view value)
{
    const char* address = value.empty() ? "" : value.data();
    const int code = sqlite3_bind_text64(statement_, index, address, value.size(), SQLITE_TRANSIENT,
                                         SQLITE_UTF8);
    if (code != SQLITE_OK)
        database_.fail(code, "cannot pass text to the catalog");
}

Database::Database(const std::filesystem::path& file) : file_(file)
{
    sqlite3* opened = nullptr;
    const int code = sqlite3_open_v2(file.c_str(), &opened,
                                     SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
                                         SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
                                     nullptr);
    connection_.reset(opened);
    if (code != SQLITE_OK)
        fail(code, "cannot open the catalog");
    sqlite3_busy_timeout(opened, busy_timeout_milliseconds);
}

void Database::execute(const std::string& script)
{
    const int code = sqlite3_exec(connection_.get(), script.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK)
        fail(code, "cannot use the catalog");
}

void Database::roll_back() noexcept
{
    sqlite3_exec(connection_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

Rows Database::start(const char* sql)
{
    StatementHandle& kept = statements_[sql];
    if (!kept)
        kept = prepare(sql);
    if (sqlite3_stmt_busy(kept.get()) == 0)
        return Rows(*this, kept.get(), nullptr);
    StatementHandle another = prepare(sql);
    sqlite3_stmt* statement = another.get();
    return Rows(*this, statement, std::move(another));
}

StatementHandle Database::prepare(const char* sql) const
{
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v3(connection_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT,
                                        &statement, nullptr);
    if (code != SQLITE_OK)
        fail(code, "cannot use the catalog");
    return StatementHandle(statement);
}

std::int64_t Database::last_row_id() const
{
    return sqlite3_last_insert_rowid(connection_.get());
}

int Database::changes() const
{
    return sqlite3_changes(connection_.get());
}

std::int64_t Database::integer(const char* sql)
{
    Rows result = rows(sql);
    return result.next() ? result.integer(0) : 0;
}

void Database::copy_from(Database& other)
{
    sqlite3_backup* backup =
        sqlite3_backup_init(connection_.get(), "main", other.connection_.get(), "main");
    if (backup == nullptr)
        fail(sqlite3_errcode(connection_.get()), "cannot replace the catalog");
    sqlite3_backup_step(backup, -1);
    if (const int code = sqlite3_backup_finish(backup); code != SQLITE_OK)
        fail(code, "cannot replace the catalog");
}

void Database::fail(int code, std::string_view doing) const
{
    const ErrorKind kind = kind_of(code);
    const char* why = connection_ ? sqlite3_errmsg(connection_.get()) : sqlite3_errstr(code);
    const std::string text = fmt::format("{} {}: {}", doing, printable(file_.native()), why);
    if (kind == ErrorKind::damaged)
        throw Error(kind, text, "build it anew from the vault: mailhold rebuild");
    throw Error(kind, text);
}

}  // namespace mailhold::catalog
