// Letters divided among successors by their customers, conversation by conversation.

#include "mailhold/handover/division.hpp"

#include <set>

#include "mailhold/search/conversation.hpp"

namespace mailhold::handover {
namespace {

using Takers = std::set<std::size_t>;  ///< numbers of successors

Takers takers_of(const index::Card& card, const std::vector<Successor>& successors,
                 const search::Company& company)
{
    Takers takers;
    const auto look_at = [&](const std::string& correspondent) {
        const std::string address = search::address_in(correspondent);
        if (address.empty() || company.owns(address))
            return;
        for (std::size_t i = 0; i < successors.size(); ++i)
            if (successors[i].takes(address))
                takers.insert(i);
    };
    look_at(card.from);
    for (const std::string& to : card.to)
        look_at(to);
    return takers;
}

Takers takers_of_the_rest(const std::vector<Successor>& successors)
{
    Takers takers;
    for (std::size_t i = 0; i < successors.size(); ++i)
        if (successors[i].domains.empty())
            takers.insert(i);
    return takers;
}

}  // namespace

std::vector<index::IdSet> divided(const std::vector<index::Hit>& cards,
                                  const std::vector<Successor>& successors,
                                  const search::Company& company, const index::Index& index)
{
    const Takers rest = takers_of_the_rest(successors);
    std::vector<index::IdSet> shares(successors.size());
    // No rounds: only what is given is grouped.
    const search::Conversations all =
        search::conversations_of(index, cards, {.messages = cards.size(), .rounds = 0});
    for (const search::Conversation& conversation : all.conversations) {
        Takers together;
        std::vector<Takers> own;
        for (const auto& message : conversation.messages) {
            own.push_back(takers_of(message.hit.card, successors, company));
            together.insert(own.back().begin(), own.back().end());
        }
        const Takers& others = together.empty() ? rest : together;
        for (std::size_t i = 0; i < own.size(); ++i)
            for (const std::size_t taker : own[i].empty() ? others : own[i])
                shares[taker].insert(index::prefix_of(conversation.messages[i].hit.id));
    }
    return shares;
}

}  // namespace mailhold::handover
