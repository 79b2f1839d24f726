#pragma once
// Text with format=flowed (RFC 3676): lines that were broken for sending are whole again.

#include <string>
#include <string_view>

namespace mailhold::mail {

/// `text` has line feeds for line ends. A paragraph becomes one line, with its quote marks at its
/// start. `deletes_spaces`: DelSp, which texts without blanks between words use (Chinese).
std::string unflowed(std::string_view text, bool deletes_spaces);

}  // namespace mailhold::mail
