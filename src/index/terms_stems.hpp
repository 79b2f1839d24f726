#pragma once
// Stems of words in some languages, remembered: most words of a message were in an earlier one.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <xapian.h>

#include "mailhold/index/terms.hpp"
#include "terms_marks.hpp"
#include "text_hash.hpp"

namespace mailhold::index {

class Stems {
public:
    /// Throws usage for languages that are not known.
    explicit Stems(const Languages& languages);

    struct Known {
        std::vector<std::string> stems;  ///< those that differ from the word
        bool is_own_stem = false;        ///< of some language
        /// For the caller: the message of each field that has had them; from 1.
        std::array<std::uint64_t, field_count> given_to{};
    };

    /// Valid until the next call. `word` is folded.
    Known& of(std::string_view word);

private:
    static constexpr std::size_t most_remembered = 50'000;  // about 6 MB

    std::vector<Xapian::Stem> stemmers_;
    std::unordered_map<std::string, Known, TextHash, std::equal_to<>> known_;
};

}  // namespace mailhold::index
