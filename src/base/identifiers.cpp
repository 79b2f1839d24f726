// Flags in one canonical order.

#include "mailhold/base/identifiers.hpp"

#include <algorithm>

#include <strings.h>

namespace mailhold {

Flags normalised_flags(Flags flags)
{
    std::erase_if(
        flags, [](const std::string& flag) { return ::strcasecmp(flag.c_str(), "\\Recent") == 0; });
    std::sort(flags.begin(), flags.end());
    flags.erase(std::unique(flags.begin(), flags.end()), flags.end());
    return flags;
}

}  // namespace mailhold
