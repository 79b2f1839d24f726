#pragma once
// Names of folders and messages as paths that any file system takes (docs/export.md, Folder names).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "mailhold/deliver/destination.hpp"

namespace mailhold::deliver {

/// A folder's name as a relative path, levels separated by '/'. Different names give different
/// paths, and decoding %XX gives the name back, unless it is too long for a path: then a hash ends
/// it, and only the manifest has the whole name.
std::string folder_path(std::string_view name, char separator);

/// The path of the message's folder, below its account where it names one.
std::string folder_path(const Outgoing& message);

/// "20240229T155959Z-Offer_for_valves-0123456789ab", without extension.
std::string readable_name(const Outgoing& message);

/// Gives every message a path of its own.
class UniquePaths {
public:
    /// `path` with `extension`; where it was given before, with "-2", "-3" … before the extension.
    std::string claim(const std::string& path, std::string_view extension);

private:
    bool take(const std::string& path);

    std::unordered_set<std::size_t> taken_;  ///< hashes: a collision costs a needless "-2"
    std::unordered_map<std::string, std::uint64_t> repeated_;
};

}  // namespace mailhold::deliver
