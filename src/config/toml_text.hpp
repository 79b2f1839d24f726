#pragma once
// TOML in and out as text: syntax errors in one line, values quoted.

#include <filesystem>
#include <string>
#include <string_view>

#include <toml++/toml.h>

#include "mailhold/config/edit.hpp"

namespace mailhold::config {

/// Throws usage with file and line.
toml::table parse_toml(std::string_view text, const std::filesystem::path& file);

/// `text` as a TOML basic string. Throws usage when it is not UTF-8.
std::string toml_quoted(std::string_view text);

std::string written(const FieldValue& value);

}  // namespace mailhold::config
