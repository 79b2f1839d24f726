#pragma once
// How grave a finding is, what it is called, and what to do about it.

#include <string>
#include <string_view>

#include "mailhold/upkeep/check.hpp"
#include "mailhold/vault/journal.hpp"

namespace mailhold::upkeep {

/// What is wrong with one object, in a finding's words.
struct Fault {
    Severity severity = Severity::damage;
    std::string kind;
};

Fault fault_of(vault::ChainFaultKind kind);
/// Of an object that could not be read for this reason.
Severity severity_of(ErrorKind kind);
/// A finding's kind where its severity says it all.
std::string_view word_for(Severity severity);
std::string next_step(Severity severity);

}  // namespace mailhold::upkeep
