#pragma once
// Guesses what a mistyped word was meant to be.

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mailhold::config {

/// "did you mean "host"? " when one of `known` is near, then "known here: …".
std::string suggestion(std::string_view word, std::span<const std::string_view> known);

}  // namespace mailhold::config
