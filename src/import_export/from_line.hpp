#pragma once
// The line that begins a message of an mbox file: "From sender date".

#include <optional>
#include <string_view>

#include "mailhold/base/identifiers.hpp"

namespace mailhold::import_export {

/// The date in a From_ line as asctime and its relatives write it, in UTC unless the line tells a
/// zone in digits; nullopt when there is none.
std::optional<InternalDate> date_of_from_line(std::string_view line);

/// "From " and nothing, or a dash, behind it (Thunderbird).
bool is_bare_from_line(std::string_view line);

/// True for a line that is "From " behind any number of '>'.
bool is_quotable(std::string_view line);

}  // namespace mailhold::import_export
