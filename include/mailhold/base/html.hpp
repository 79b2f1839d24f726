#pragma once
// Text in HTML pages.

#include <string>
#include <string_view>

namespace mailhold {

/// `plain` as text of an element or of a double-quoted attribute: never markup. Control characters
/// become blanks.
std::string html_text(std::string_view plain);

}  // namespace mailhold
