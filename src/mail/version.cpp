// Versions of the libraries behind this module.

#include "mailhold/mail/version.hpp"

#include <fmt/format.h>
#include <gmime/gmime.h>

namespace mailhold::mail {

std::vector<std::pair<std::string, std::string>> library_versions()
{
    return {{"GMime", fmt::format("{}.{}.{}", gmime_major_version, gmime_minor_version,
                                  gmime_micro_version)}};
}

}  // namespace mailhold::mail
