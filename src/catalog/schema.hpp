#pragma once
// The catalog's tables, and opening a file as a catalog.

#include "sqlite.hpp"

namespace mailhold::catalog {

/// Makes the tables in an empty file; checks that any other file is a catalog of this version.
/// Throws damaged, too_new.
void prepare_schema(Database& db);

}  // namespace mailhold::catalog
