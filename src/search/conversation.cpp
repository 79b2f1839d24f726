// Follows Message-IDs in rounds: each asks the index for everything that has, or refers to, an id
// that was new in the round before.

#include "mailhold/search/conversation.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <unordered_map>

namespace mailhold::search {

namespace {

/// Most ids in one question.
constexpr std::size_t ids_at_once = 500;

index::Query asking_for(const std::vector<std::string>& message_ids)
{
    index::Query query;
    query.kind = index::Query::Kind::any_of;
    for (const std::string& id : message_ids)
        for (const auto kind : {index::Query::Kind::message_id, index::Query::Kind::refers_to}) {
            index::Query leaf;
            leaf.kind = kind;
            leaf.text = id;
            query.parts.push_back(std::move(leaf));
        }
    return query;
}

class Growth {
public:
    Growth(const index::Index& index, const ConversationLimits& limits)
        : index_(index), limits_(limits)
    {
    }

    void add(const index::Hit& hit, bool is_found)
    {
        if (!known_.insert(hit.id).second)
            return;
        note_id(hit.card.message_id);
        for (const std::string& id : hit.card.references)
            note_id(id);
        messages_.push_back({hit, is_found});
    }

    /// False when a limit ended it.
    bool grow()
    {
        for (int round = 0; !fresh_.empty(); ++round) {
            if (round == limits_.rounds || messages_.size() >= limits_.messages)
                return false;
            std::vector<std::string> asked;
            asked.swap(fresh_);
            for (std::size_t at = 0; at < asked.size(); at += ids_at_once)
                ask({asked.begin() + static_cast<std::ptrdiff_t>(at),
                     asked.begin() +
                         static_cast<std::ptrdiff_t>(std::min(at + ids_at_once, asked.size()))});
        }
        return true;
    }

    std::vector<ConversationMessage> take() { return std::move(messages_); }

private:
    void note_id(const std::string& id)
    {
        if (!id.empty() && ids_.insert(id).second)
            fresh_.push_back(id);
    }

    void ask(const std::vector<std::string>& ids)
    {
        if (messages_.size() >= limits_.messages)
            return;
        const index::FindOptions options{
            .sort = index::Sort::date, .first = 0, .limit = limits_.messages};
        for (const index::Hit& hit : index_.find(asking_for(ids), options).hits)
            if (messages_.size() < limits_.messages)
                add(hit, false);
    }

    const index::Index& index_;
    const ConversationLimits& limits_;
    std::vector<ConversationMessage> messages_;
    std::set<crypto::ContentId> known_;
    std::set<std::string> ids_;
    std::vector<std::string> fresh_;
};

/// Which messages hang together: those that share an id, as their own or one they refer to.
class Union {
public:
    explicit Union(std::size_t count) : parents_(count)
    {
        std::iota(parents_.begin(), parents_.end(), std::size_t{0});
    }

    std::size_t root(std::size_t at)
    {
        while (parents_[at] != at)
            at = parents_[at] = parents_[parents_[at]];
        return at;
    }

    /// The lower number becomes the root.
    void join(std::size_t a, std::size_t b)
    {
        const auto [low, high] = std::minmax({root(a), root(b)});  // of values: no references
        parents_[high] = low;
    }

    void join_all(std::size_t at, const std::string& id)
    {
        if (!id.empty())
            join(at, first_with_.try_emplace(id, at).first->second);
    }

private:
    std::vector<std::size_t> parents_;
    std::unordered_map<std::string, std::size_t> first_with_;
};

std::vector<Conversation> grouped(std::vector<ConversationMessage> messages)
{
    Union together(messages.size());
    for (std::size_t i = 0; i < messages.size(); ++i) {
        together.join_all(i, messages[i].hit.card.message_id);
        for (const std::string& id : messages[i].hit.card.references)
            together.join_all(i, id);
    }
    std::map<std::size_t, Conversation> groups;
    for (std::size_t i = 0; i < messages.size(); ++i)
        groups[together.root(i)].messages.push_back(std::move(messages[i]));
    std::vector<Conversation> conversations;
    for (auto& [root, conversation] : groups) {
        std::ranges::stable_sort(conversation.messages, {}, [](const ConversationMessage& message) {
            return message.hit.date;
        });
        conversations.push_back(std::move(conversation));
    }
    return conversations;
}

}  // namespace

Conversations conversations_of(const index::Index& index, const std::vector<index::Hit>& found,
                               const ConversationLimits& limits)
{
    Growth growth(index, limits);
    for (const index::Hit& hit : found)
        growth.add(hit, true);
    Conversations result;
    result.is_whole = growth.grow();
    // Those found came first, so each group's lowest number is that of its first one found.
    result.conversations = grouped(growth.take());
    return result;
}

}  // namespace mailhold::search
