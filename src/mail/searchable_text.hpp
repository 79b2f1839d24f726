#pragma once
// Which text of a message's bodies is worth finding: armour is left out, and HTML that repeats the
// plain text.

#include <string>
#include <string_view>

namespace mailhold::mail {

/// Without PGP's base64 blocks, certificates and uuencoded files. `text` has line feeds for line
/// ends.
std::string without_armour(std::string text);

struct Alternatives {
    std::string plain;
    std::string rich;  ///< text of the HTML
};

/// One text in which every word of either can be found: the plain text and those lines of the HTML
/// that have a word it lacks. No threshold decides, so that no word is lost; a plain text that
/// repeats the HTML adds nothing twice. What says far more stands first: a preview of "this mail
/// needs an HTML viewer" helps nobody.
std::string merged(const Alternatives& alternatives);

}  // namespace mailhold::mail
