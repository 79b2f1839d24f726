// Versions of the libraries behind this module.

#include "mailhold/index/version.hpp"

#include <xapian.h>

namespace mailhold::index {

std::vector<std::pair<std::string, std::string>> library_versions()
{
    return {{"Xapian", Xapian::version_string()}};
}

}  // namespace mailhold::index
