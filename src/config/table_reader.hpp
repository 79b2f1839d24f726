#pragma once
// Reads one TOML table key by key: wrong types and values fail with file and line, keys nobody
// asked for too.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <toml++/toml.h>

namespace mailhold::config {

/// Throws usage in one line, "file:line: why".
[[noreturn]] void fail_at(const std::filesystem::path& file, std::size_t line, std::string_view why,
                          std::string hint);

class TableReader {
public:
    /// Borrows both.
    TableReader(const toml::table& table, const std::filesystem::path& file)
        : table_(table), file_(file)
    {
    }

    // Each is nullopt or nullptr when the key is absent and throws usage when its value is
    // something else. Keys are literals: the reader remembers them.
    std::optional<std::string> text(std::string_view key);
    std::optional<std::string> command(std::string_view key);  ///< text that may have several lines
    std::optional<std::vector<std::string>> texts(std::string_view key);
    std::optional<bool> boolean(std::string_view key);
    std::optional<std::int64_t> integer(std::string_view key, std::int64_t least,
                                        std::int64_t most);
    std::optional<std::chrono::milliseconds> duration(std::string_view key);
    std::optional<std::uint64_t> size(std::string_view key, std::uint64_t least,
                                      std::uint64_t most);
    const toml::table* table(std::string_view key);
    /// The tables of [[key]].
    std::vector<const toml::table*> tables(std::string_view key);

    /// Throws usage for the first key, in the order of the file, that was not asked for.
    void refuse_other_keys() const;

    /// Throws usage at the key's line, or the table's where the key is absent.
    [[noreturn]] void fail(std::string_view key, std::string_view why, std::string hint) const;

    std::size_t line() const { return table_.source().begin.line; }

private:
    const toml::node* find(std::string_view key);
    [[noreturn]] void wrong_type(std::string_view key, std::string_view wanted) const;

    const toml::table& table_;
    const std::filesystem::path& file_;
    std::vector<std::string_view> known_;
};

}  // namespace mailhold::config
