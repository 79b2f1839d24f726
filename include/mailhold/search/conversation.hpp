#pragma once
// Conversations: messages that name each other in References and In-Reply-To.

#include <vector>

#include "mailhold/index/index.hpp"

namespace mailhold::search {

struct ConversationMessage {
    index::Hit hit;
    bool is_found = false;  ///< the query found it; else it belongs to one that was found
};

struct Conversation {
    std::vector<ConversationMessage> messages;  ///< oldest first
};

struct ConversationLimits {
    std::size_t messages = 2'000;  ///< of all conversations together
    int rounds = 6;                ///< how far apart two messages of one may be
};

struct Conversations {
    std::vector<Conversation> conversations;  ///< in the order of what was found
    bool is_whole = true;                     ///< false when a limit ended the search for more
};

/// Groups what was found and adds the earlier and later messages, a few questions to the index in
/// all.
Conversations conversations_of(const index::Index& index, const std::vector<index::Hit>& found,
                               const ConversationLimits& limits = {});

}  // namespace mailhold::search
