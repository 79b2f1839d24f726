#pragma once
// The sealed part of a case as JSON (docs/format.md, Cases).

#include "mailhold/base/json.hpp"
#include "mailhold/handover/case.hpp"

namespace mailhold::handover {

Json sealed_json(const Case& handover_case);
/// Throws malformed.
Case case_from_sealed_json(const Json& json);

/// A member that is a time; throws malformed.
Time time_at(const Json& object, std::string_view key);
std::optional<Time> optional_time_at(const Json& object, std::string_view key);

}  // namespace mailhold::handover
