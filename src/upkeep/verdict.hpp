#pragma once
// How grave a finding is, what it is called, and what to do about it.

#include <string>
#include <string_view>

#include "mailhold/upkeep/check.hpp"

namespace mailhold::upkeep {

/// Of an object that could not be read for this reason.
Severity severity_of(ErrorKind kind);
/// A finding's kind where its severity says it all.
std::string_view word_for(Severity severity);
std::string next_step(Severity severity);

}  // namespace mailhold::upkeep
