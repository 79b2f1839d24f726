#pragma once
// Conversations that wait for an answer of ours.

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "mailhold/handover/dossier.hpp"

namespace mailhold::handover {

struct Waiting {
    std::vector<WaitingThread> threads;  ///< the latest first
    std::uint64_t longer = 0;  ///< letters from before `since` that no letter of ours refers to
    bool is_whole = true;
};

/// A conversation waits when its last letter came from a person outside, nobody of us has written
/// to anybody outside in it since, and none of our letters names it as the one it answers. Answers
/// of the whole company count; what is told of a conversation is from `cards` alone.
Waiting waiting_in(const std::vector<index::Hit>& cards, const search::Company& company,
                   const index::Index& index, std::int64_t since);

}  // namespace mailhold::handover
