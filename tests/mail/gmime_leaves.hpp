#pragma once
// The leaves of a message as GMime's own parser sees them.

#include <string>
#include <string_view>
#include <vector>

namespace mailhold::test {

/// Raw bodies of all leaves in order.
std::vector<std::string> gmime_leaves(std::string_view raw);

}  // namespace mailhold::test
