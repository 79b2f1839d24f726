// Finds what waits: letters from outside that no letter of ours refers to, then their
// conversations.

#include "waiting.hpp"

#include <algorithm>
#include <array>
#include <unordered_set>

#include "mailhold/search/conversation.hpp"

namespace mailhold::handover {
namespace {

/// Letters whose conversations are asked for at once, and most messages of these.
constexpr std::size_t letters_at_once = 500;
constexpr search::ConversationLimits limits{.messages = 10'000, .rounds = 6};

/// Written by one of us to somebody outside; a letter among ourselves answers nobody.
bool is_answer(const index::Card& card, const search::Company& company)
{
    if (!company.owns(search::address_in(card.from)))
        return false;
    return std::ranges::any_of(card.to, [&](const std::string& to) {
        const std::string address = search::address_in(to);
        return !address.empty() && !company.owns(address);
    });
}

bool is_from_a_person_outside(const index::Card& card, const search::Company& company)
{
    const std::string from = search::address_in(card.from);
    return !from.empty() && !company.owns(from) && !is_automatic(from);
}

class Search {
public:
    Search(const std::vector<index::Hit>& cards, const search::Company& company)
        : cards_(cards), company_(company)
    {
        for (const index::Hit& hit : cards) {
            ours_to_tell_.insert(index::prefix_of(hit.id));
            if (is_answer(hit.card, company))
                answered_.insert(hit.card.references.begin(), hit.card.references.end());
        }
    }

    /// Letters that may wait; the rest need not be asked for.
    std::vector<index::Hit> candidates() const
    {
        std::vector<index::Hit> found;
        for (const index::Hit& hit : cards_)
            if (is_from_a_person_outside(hit.card, company_) &&
                !answered_.contains(hit.card.message_id))
                found.push_back(hit);
        return found;
    }

    void look_at(const search::Conversation& conversation)
    {
        const index::Hit* last = nullptr;
        std::uint64_t told = 0;
        for (const auto& message : conversation.messages) {
            const index::Hit& hit = message.hit;
            if (!ours_to_tell_.contains(index::prefix_of(hit.id)))
                continue;
            ++told;
            if (is_from_a_person_outside(hit.card, company_))
                last = &hit;
        }
        if (last && !is_answered(conversation, *last) && seen_.insert(last->id).second)
            threads.push_back({.id = last->id,
                               .from_address = search::address_in(last->card.from),
                               .from_name = search::name_in(last->card.from),
                               .subject = last->card.subject,
                               .since = last->date,
                               .messages = told});
    }

    std::vector<WaitingThread> threads;

private:
    bool is_answered(const search::Conversation& conversation, const index::Hit& last) const
    {
        return std::ranges::any_of(conversation.messages, [&](const auto& message) {
            const index::Hit& hit = message.hit;
            const bool refers = !last.card.message_id.empty() &&
                                std::ranges::count(hit.card.references, last.card.message_id) > 0;
            return (hit.date > last.date || refers) && is_answer(hit.card, company_);
        });
    }

    const std::vector<index::Hit>& cards_;
    const search::Company& company_;
    index::IdSet ours_to_tell_;
    std::unordered_set<std::string> answered_;  ///< Message-IDs
    std::set<crypto::ContentId> seen_;
};

}  // namespace

bool is_automatic(std::string_view address)
{
    constexpr auto beginnings = std::to_array<std::string_view>(
        {"noreply", "no-reply", "no_reply", "no.reply", "donotreply", "do-not-reply",
         "do_not_reply", "mailer-daemon", "bounce"});
    constexpr auto wholes = std::to_array<std::string_view>(
        {"postmaster", "newsletter", "newsletters", "news", "notification", "notifications",
         "notify", "alert", "alerts", "unsubscribe"});
    const std::string_view local = address.substr(0, address.find('@'));
    return std::ranges::any_of(beginnings, [&](auto word) { return local.starts_with(word); }) ||
           std::ranges::count(wholes, local) > 0;
}

Waiting waiting_in(const std::vector<index::Hit>& cards, const search::Company& company,
                   const index::Index& index, std::int64_t since)
{
    Search search(cards, company);
    Waiting waiting;
    std::vector<index::Hit> candidates = search.candidates();
    std::erase_if(candidates, [&](const index::Hit& hit) {
        waiting.longer += hit.date < since ? 1 : 0;
        return hit.date < since;
    });
    for (std::size_t at = 0; at < candidates.size(); at += letters_at_once) {
        const auto begin = candidates.begin() + static_cast<std::ptrdiff_t>(at);
        const auto end =
            begin + static_cast<std::ptrdiff_t>(std::min(letters_at_once, candidates.size() - at));
        const auto found = search::conversations_of(index, {begin, end}, limits);
        waiting.is_whole = waiting.is_whole && found.is_whole;
        for (const search::Conversation& conversation : found.conversations)
            search.look_at(conversation);
    }
    waiting.threads = std::move(search.threads);
    std::ranges::stable_sort(waiting.threads, std::greater{}, &WaitingThread::since);
    return waiting;
}

}  // namespace mailhold::handover
