#pragma once
// Text in any charset, labelled rightly, wrongly or not at all, as UTF-8.

#include <string>
#include <string_view>

namespace mailhold::mail {

/// Always valid UTF-8; what cannot be read becomes U+FFFD. `declared` may be empty or nonsense.
/// Believed in this order: a stateful charset (ISO-2022-JP), UTF-8 that is unmistakable, the label,
/// UTF-8, a guess where it is no western language (charset_guess.hpp), the label with gaps,
/// Windows-1252.
std::string to_utf8(std::string_view bytes, std::string_view declared);

/// One line for a person: control characters, line ends and characters that reorder text become
/// blanks or vanish.
std::string single_line(std::string_view utf8);

/// The same for running text, which keeps its line feeds and tabs.
std::string running_text(std::string_view utf8);

}  // namespace mailhold::mail
