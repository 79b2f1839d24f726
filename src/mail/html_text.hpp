#pragma once
// HTML as plain text, for reading and searching; not a browser.

#include <string>
#include <string_view>

namespace mailhold::mail {

/// Text with the lines that block elements make; scripts and styles left out; links' targets
/// dropped. One pass, whatever the HTML.
std::string html_to_text(std::string_view utf8);

/// The charset that a meta element near the start names; empty when none.
std::string_view html_charset(std::string_view html);

}  // namespace mailhold::mail
