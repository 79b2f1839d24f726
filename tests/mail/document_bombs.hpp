#pragma once
// Files that are small and unpack to much, without ever being that large here.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mailhold/base/bytes.hpp"

namespace mailhold::test {

/// A deflate stream of `prefix` and then `times` of one character, 13 bytes for 2,064 of them.
std::string deflated_run(std::string_view prefix, char character, std::uint64_t times);

/// A zip of members that are deflated already; `plain_bytes` is what their headers claim.
struct DeflatedMember {
    std::string name;
    std::string deflated;
    std::uint32_t plain_bytes = 0;
};
std::string zip_of_deflated(const std::vector<DeflatedMember>& members);

std::string gzip_of_deflated(std::string_view deflated);

}  // namespace mailhold::test
