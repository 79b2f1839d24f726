#pragma once
// One [[account]] table, checked and completed.

#include <filesystem>

#include <toml++/toml.h>

#include "mailhold/config/config.hpp"

namespace mailhold::config {

/// What accounts inherit from the rest of the file.
struct AccountDefaults {
    std::string proxy;
    unsigned connections = 4;
};

/// Throws usage.
Account read_account(const toml::table& table, const std::filesystem::path& file,
                     const AccountDefaults& defaults);

/// An absolute path; relative ones start at the config's own folder.
std::filesystem::path beside_config(const std::filesystem::path& file, const std::string& path);

}  // namespace mailhold::config
