// Places and snippets of results, and results as JSON.

#include "search_results.hpp"

#include <algorithm>

#include "mailhold/base/error.hpp"
#include "mailhold/mail/reading.hpp"

namespace mailhold::cli {
namespace {

// A person does not notice: messages are opened until an answer has taken this long.
constexpr double opening_ends_after_seconds = 0.025;

Json strings_json(const std::vector<std::string>& strings)
{
    Json array = Json::array();
    for (const std::string& text : strings)
        array.push_back(text);
    return array;
}

Json places_json(const std::vector<search::NamedPlacement>& places)
{
    Json array = Json::array();
    for (const search::NamedPlacement& place : places)
        array.push_back(Json::object(
            {{"account", place.account},
             {"folder", place.folder},
             {"flags", strings_json(place.flags)},
             {"gone_since", place.gone_since ? Json(format_utc(*place.gone_since)) : Json()}}));
    return array;
}

Json result_json(const Result& result)
{
    const index::Card& card = result.hit.card;
    return Json::object({{"id", result.hit.id.hex()},
                         {"date", format_utc(Time{result.hit.date})},
                         {"from", card.from},
                         {"to", strings_json(card.to)},
                         {"subject", card.subject},
                         {"message_id", card.message_id},
                         {"bytes", result.hit.size_bytes},
                         {"snippet", result.snippet.text},
                         {"attachments", strings_json(card.attachments)},
                         {"placements", places_json(result.places)}});
}

}  // namespace

ResultMaker::ResultMaker(Finding& finding, const search::Resolved& resolved,
                         std::size_t snippet_columns)
    : finding_(finding), resolved_(resolved), columns_(snippet_columns), names_(finding.catalog())
{
}

Result ResultMaker::make(index::Hit hit)
{
    Result result{std::move(hit), {}, {}, true};
    result.places = names_.of(result.hit.id);
    result.snippet = snippet_of(result.hit);
    return result;
}

bool ResultMaker::looks_into_bodies() const
{
    return std::ranges::any_of(resolved_.words, [](const search::Sought& word) {
        return !word.leaf.field || *word.leaf.field == index::Field::body;
    });
}

search::Excerpt ResultMaker::snippet_of(const index::Hit& hit)
{
    const auto excerpt = [&](std::string_view text) {
        return search::excerpt_of(text, search::Part::body, resolved_.words, finding_.languages(),
                                  columns_);
    };
    search::Excerpt opening = excerpt(hit.card.opening);
    if (!opening.hits.empty() || hit.card.is_whole || !looks_into_bodies() ||
        finding_.seconds() > opening_ends_after_seconds)
        return opening;
    if (!library_)
        library_.emplace(finding_.ledger().store(), finding_.keys(), finding_.catalog());
    search::Excerpt whole;
    try {
        whole = excerpt(mail::read_message(library_->message(hit.id)).text);
    } catch (const Error& e) {
        if (e.kind() != ErrorKind::damaged && e.kind() != ErrorKind::not_found)
            throw;  // a message that cannot be read is still found; `check` says what is wrong
    }
    return whole.hits.empty() ? opening : whole;
}

Json results_json(const ResultPage& page)
{
    Json results = Json::array();
    for (const Result& result : page.results)
        results.push_back(result_json(result));
    Json document = Json::object({{"total", page.total}, {"results", std::move(results)}});
    if (!page.conversations.empty()) {
        Json conversations = Json::array();
        for (const std::vector<Result>& conversation : page.conversations) {
            Json messages = Json::array();
            for (const Result& result : conversation) {
                Json message = result_json(result);
                message.set("found", result.is_found);
                messages.push_back(std::move(message));
            }
            conversations.push_back(Json::object({{"messages", std::move(messages)}}));
        }
        document.set("conversations", std::move(conversations));
    }
    document.set("suggestion", page.suggestion ? Json(*page.suggestion) : Json());
    return document;
}

}  // namespace mailhold::cli
