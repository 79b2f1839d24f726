// Versions of the libraries behind this module.

#include "mailhold/crypto/version.hpp"

#include <sodium.h>

namespace mailhold::crypto {

std::vector<std::pair<std::string, std::string>> library_versions()
{
    return {{"libsodium", sodium_version_string()}};
}

}  // namespace mailhold::crypto
