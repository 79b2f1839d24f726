#pragma once
// Walks a text and hands on all forms of its words with their places.

#include <array>
#include <cstdint>
#include <string_view>

#include "terms_compounds.hpp"
#include "terms_forms.hpp"
#include "terms_scan.hpp"

namespace mailhold::index {

class Cutter {
public:
    /// `receiver` outlives this.
    explicit Cutter(FormReceiver& receiver) noexcept : receiver_(receiver) {}

    /// The first word gets place `first`; words from place `limit` on are left out. Returns the
    /// place behind the last word.
    std::uint32_t cut(std::string_view text, std::uint32_t first, std::uint32_t limit);

private:
    void take_ideograph(const Token& token, std::uint32_t position);
    void take_word(const Token& token, std::string_view text, std::uint32_t position);
    void end_compounds();

    FormReceiver& receiver_;
    PartNumber part_number_;
    SpacedName spaced_name_;
    SpacedNumber spaced_number_;
    std::array<char, 8> pair_{};  ///< the ideograph before, then room for this one
    std::size_t pair_size_ = 0;   ///< of the one before
    std::size_t pair_begin_ = 0;
};

}  // namespace mailhold::index
