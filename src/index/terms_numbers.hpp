#pragma once
// Amounts: what a number means, whoever's commas and dots it has, and with its currency or unit.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "terms_forms.hpp"

namespace mailhold::index {

/// Digits without thousands separators, a dot before decimals, none of which is a last zero.
struct Readings {
    std::string main;   ///< "1250" of 1,250.00 and 1.250; empty: no amount
    std::string other;  ///< "1.25" of 1.250; empty: there is one reading only
    std::string whole;  ///< "1250" of 1,250.50: large amounts are found without their cents
};

/// `number` holds digits and , . ; between them.
Readings readings_of(std::string_view number);

/// A number with letters before or behind it that are a currency or a unit.
struct Price {
    std::string_view before;
    std::string_view number;
    std::string_view behind;
};

/// nullopt: no letters, or others. `word` is folded.
std::optional<Price> price_in(std::string_view word);

/// "25", "2.5" of 25x2.5; empty: the word is no such sizes. Into `word`, which is folded.
std::vector<std::string_view> sizes_in(std::string_view word);

/// Of a folded word that has digits in it.
void add_number_forms(std::string_view word, const FormsOfPlace& forms);

}  // namespace mailhold::index
