#pragma once
// Files that are memory only, for Xapian, which wants a descriptor and closes what it is given.

#include "mailhold/base/file.hpp"

namespace mailhold::index {

/// An empty one. Throws storage.
FileDescriptor new_memory_file();

/// A second descriptor of the same file, at its beginning: the offset is common to both. It is for
/// Xapian, which closes it. Throws storage.
int duplicate_from_start(const FileDescriptor& file);

}  // namespace mailhold::index
