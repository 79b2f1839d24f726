#pragma once
// Versions of the libraries behind this module, for `mailhold version`.

#include <string>
#include <utility>
#include <vector>

namespace mailhold::index {

/// Name and version, as linked now.
std::vector<std::pair<std::string, std::string>> library_versions();

}  // namespace mailhold::index
