#pragma once
// Text that protocols compare without regard to case.

#include <string>
#include <string_view>

namespace mailhold {

/// A to Z only, whatever the locale; every other byte stays.
inline std::string lower_case(std::string_view text)
{
    std::string lower(text);
    for (char& c : lower)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return lower;
}

}  // namespace mailhold
