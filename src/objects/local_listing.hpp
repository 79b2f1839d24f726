#pragma once
// Lists the files below a folder as objects.

#include <filesystem>
#include <string>
#include <vector>

#include "mailhold/objects/store.hpp"

namespace mailhold::objects {

/// Every file below root/prefix, sorted by name; whatever is neither folder nor file is listed too,
/// so that nothing stays unseen. A missing folder is empty. Throws store_unavailable when any part
/// cannot be read: half a listing would look like lost objects.
std::vector<ObjectInfo> list_folder(const std::filesystem::path& root, const std::string& prefix);

}  // namespace mailhold::objects
