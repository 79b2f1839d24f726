#pragma once
// Looks at what files hold: equal to another, or what was written.

#include <filesystem>

#include "mailhold/crypto/types.hpp"

namespace mailhold::objects {

/// Whether `there` holds exactly the bytes of `ours`. A `there` that is gone, or whose bytes the
/// disk does not give back, differs; one that we may not open throws store_unavailable.
bool holds_same(const std::filesystem::path& ours, const std::filesystem::path& there);

/// Hash of a whole file, read back. Throws store_unavailable.
crypto::Hash hash_of_file(const std::filesystem::path& path);

}  // namespace mailhold::objects
