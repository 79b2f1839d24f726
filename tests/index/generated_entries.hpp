#pragma once
// Messages made up of words with a natural distribution, the same ones for the same seed.

#include <cstdint>
#include <string>
#include <vector>

#include "mailhold/index/shard.hpp"

namespace mailhold::test {

struct EntryShape {
    std::size_t words = 40;        ///< of a body, about
    std::size_t vocabulary = 300;  ///< different words
};

/// Message `number`; the same number is the same message. Some have Chinese text, attachments, no
/// Date.
index::Entry generated_entry(std::uint64_t number, const EntryShape& shape = {});

/// The word of rank `rank`, 0 being the most frequent.
std::string generated_word(std::size_t rank);

crypto::ContentId generated_id(std::uint64_t number);

}  // namespace mailhold::test
