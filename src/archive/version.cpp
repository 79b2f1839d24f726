// Versions of the libraries behind this module.

#include "mailhold/archive/version.hpp"

#include <archive.h>
#include <zstd.h>

namespace mailhold::archive {

std::vector<std::pair<std::string, std::string>> library_versions()
{
    return {{"libarchive", archive_version_string()}, {"libzstd", ZSTD_versionString()}};
}

}  // namespace mailhold::archive
