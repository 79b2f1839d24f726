#pragma once
// Paths of an archive's tar entries (docs/format.md, Archive content).

#include <array>
#include <string>
#include <string_view>

#include "mailhold/vault/archive.hpp"

namespace mailhold::vault {

std::string entry_path(EntryKind kind, Bytes id);

struct ParsedPath {
    EntryKind kind = EntryKind::message;
    std::array<std::byte, 32> id{};
};
/// Throws malformed.
ParsedPath parse_entry_path(std::string_view path);

}  // namespace mailhold::vault
