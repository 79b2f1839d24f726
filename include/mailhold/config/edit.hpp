#pragma once
// Changes to mailhold.toml that keep the user's comments and order: account add, set, remove,
// import; and init. Every function checks the whole new text before it replaces the file,
// atomically; if it throws, the file is as it was.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "mailhold/config/config.hpp"

namespace mailhold::config {

using FieldValue = std::variant<std::string, std::int64_t, bool, std::vector<std::string>>;

/// A key of an [[account]] table and its new value; nullopt takes the key out.
struct Field {
    std::string key;
    std::optional<FieldValue> value;
};
using Fields = std::vector<Field>;

/// Writes a first config. Throws usage when the file exists.
void create_config(const std::filesystem::path& file, std::string_view vault,
                   std::string_view state);

/// Appends [[account]] tables, all or none. Throws usage when the result would not be a valid
/// config, such as an address that is there already.
void add_accounts(const std::filesystem::path& file, std::span<const Fields> accounts);

/// The config as add_accounts would make it; writes nothing. Throws as add_accounts.
Config preview_accounts(const std::filesystem::path& file, std::span<const Fields> accounts);

/// Changes keys of one account. Throws not_found for an unknown address.
void set_account(const std::filesystem::path& file, std::string_view address, const Fields& fields);

/// Takes one account out. Throws not_found for an unknown address.
void remove_account(const std::filesystem::path& file, std::string_view address);

}  // namespace mailhold::config
