#pragma once
// The seam to SQLite: one connection, its prepared statements, and rows as values.

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "mailhold/base/bytes.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace mailhold::catalog {

struct FinalizeStatement {
    void operator()(sqlite3_stmt* statement) const noexcept;
};
using StatementHandle = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

class Database;

/// One execution of a statement and its current row. Values read from it last until the next call.
class Rows {
public:
    Rows(Database& database, sqlite3_stmt* statement, StatementHandle owned);
    Rows(Rows&& other) noexcept;
    Rows& operator=(Rows&&) = delete;
    ~Rows();

    /// False after the last row.
    bool next();

    bool is_null(int column) const;
    std::int64_t integer(int column) const;
    std::string text(int column) const;
    Bytes blob(int column) const;

    template <class Number>
    Number number(int column) const
    {
        return static_cast<Number>(integer(column));
    }

    template <class Id>
    Id id(int column) const
    {
        return Id::from_bytes(blob(column));
    }

    template <class Number>
    std::optional<Number> optional_number(int column) const
    {
        if (is_null(column))
            return std::nullopt;
        return number<Number>(column);
    }

private:
    friend class Database;
    void bind(int index, std::int64_t value);
    void bind(int index, std::uint64_t value) { bind(index, static_cast<std::int64_t>(value)); }
    void bind(int index, std::uint32_t value) { bind(index, static_cast<std::int64_t>(value)); }
    void bind(int index, int value) { bind(index, static_cast<std::int64_t>(value)); }
    void bind(int index, bool value) { bind(index, static_cast<std::int64_t>(value)); }
    void bind(int index, Bytes value);
    void bind(int index, std::string_view value);
    void bind(int index, const std::string& value) { bind(index, std::string_view(value)); }

    template <class Enum>
    requires std::is_enum_v<Enum>
    void bind(int index, Enum value) { bind(index, static_cast<std::int64_t>(value)); }

    /// Unset parameters are NULL.
    template <class Value>
    void bind(int index, const std::optional<Value>& value)
    {
        if (value)
            bind(index, *value);
    }

    Database& database_;
    sqlite3_stmt* statement_;
    StatementHandle owned_;  ///< set when the kept statement was in use
};

/// Not for sharing by threads; the catalog's lock sees to that. Errors: damaged (not a database, or
/// a broken one), locked (another process holds it), storage, bug.
class Database {
public:
    /// Opens or creates `file`.
    explicit Database(const std::filesystem::path& file);

    /// Statements without parameters or results.
    void execute(const std::string& script);

    /// Where SQLite has done so by itself, nothing: what failed before says why.
    void roll_back() noexcept;

    /// `sql` must be a literal: its statement is kept under its address.
    template <class... Args>
    Rows rows(const char* sql, const Args&... args)
    {
        Rows result = start(sql);
        int index = 0;
        (result.bind(++index, args), ...);
        return result;
    }

    template <class... Args>
    void run(const char* sql, const Args&... args)
    {
        Rows result = rows(sql, args...);
        while (result.next()) {
        }
    }

    std::int64_t last_row_id() const;
    /// Rows that the last statement changed.
    int changes() const;
    /// Single integer that `sql` gives.
    std::int64_t integer(const char* sql);

    /// Overwrites this database with another file's content, as one transaction.
    void copy_from(Database& other);

    [[noreturn]] void fail(int code, std::string_view doing) const;

private:
    struct Close {
        void operator()(sqlite3* connection) const noexcept;
    };

    Rows start(const char* sql);
    StatementHandle prepare(const char* sql) const;

    std::filesystem::path file_;
    std::unique_ptr<sqlite3, Close> connection_;
    std::map<const char*, StatementHandle> statements_;  ///< finalised before the connection closes
};

}  // namespace mailhold::catalog
