// Versions of the libraries behind this module.

#include "mailhold/catalog/version.hpp"

#include <sqlite3.h>

namespace mailhold::catalog {

std::vector<std::pair<std::string, std::string>> library_versions()
{
    return {{"SQLite", sqlite3_libversion()}};
}

}  // namespace mailhold::catalog
