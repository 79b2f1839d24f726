// Selects a case's mail: the catalog says what there is, the index what is private and whose it is.

#include "mailhold/handover/selection.hpp"

#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "mailhold/base/error.hpp"
#include "mailhold/handover/division.hpp"
#include "mailhold/search/expression.hpp"
#include "mailhold/search/resolve.hpp"

namespace mailhold::handover {
namespace {

constexpr std::size_t cards_at_once = 10'000;

std::int64_t arrival_of(const catalog::PlacementRow& placement)
{
    return placement.date ? placement.date->epoch_seconds
                          : static_cast<std::int64_t>(placement.first_seen);
}

restore::Plan whole_plan(const Case& handover_case, const catalog::AccountRow& leaver,
                         const catalog::Catalog& catalog)
{
    restore::Scope scope{.account = leaver,
                         .as_of = handover_case.begins,
                         .and_later = true,
                         .folders = handover_case.order.folders};
    if (const auto since = handover_case.order.since)
        scope.wants = [since](const catalog::PlacementRow& placement) {
            return arrival_of(placement) >= static_cast<std::int64_t>(*since);
        };
    return restore::plan(catalog, scope, {.prefix = handover_case.prefix});
}

index::IdSet ids_in(const restore::Plan& plan)
{
    index::IdSet ids;
    for (const deliver::UploadMessage& message : plan.messages)
        ids.insert(index::prefix_of(message.id));
    return ids;
}

/// Dates such as "7d" count from the case's opening, so that each run leaves out the same.
index::IdSet private_messages(const Case& handover_case, const catalog::Catalog& catalog,
                              const index::Index& index)
{
    index::IdSet ids;
    if (handover_case.order.exclude.empty())
        return ids;
    const search::Parsed parsed = search::parse(handover_case.order.exclude, handover_case.opened);
    const search::Resolved resolved = search::resolve(parsed.expression, catalog);
    for (const crypto::ContentId& id : index.ids(resolved.query, index::Sort::date))
        ids.insert(index::prefix_of(id));
    return ids;
}

std::vector<index::Hit> cards_of(const index::IdSet& ids, const index::Index& index)
{
    index::Query query;
    query.kind = index::Query::Kind::among;
    query.ids = std::make_shared<const index::IdSet>(ids);
    std::vector<index::Hit> cards;
    for (std::size_t first = 0;; first += cards_at_once) {
        index::Found found =
            index.find(query, {.sort = index::Sort::date, .first = first, .limit = cards_at_once});
        for (index::Hit& hit : found.hits) {
            hit.card.opening = {};
            cards.push_back(std::move(hit));
        }
        if (found.hits.size() < cards_at_once)
            return cards;
    }
}

void require_searchable(std::uint64_t unsearchable)
{
    if (unsearchable == 0)
        return;
    throw Error(ErrorKind::refused,
                fmt::format("{} of these messages are not searchable yet, so it cannot be told "
                            "whose they are or whether they are private",
                            unsearchable),
                "run `mailhold tidy`, which indexes them, then the same command again");
}

/// The plan's messages that are in `ids`, and only the folders that have some: the others' names
/// are other people's business.
restore::Plan part_of(const restore::Plan& whole, const index::IdSet& ids)
{
    restore::Plan part;
    part.from = whole.from;
    std::vector<std::int64_t> numbers(whole.folders.size(), -1);
    for (const deliver::UploadMessage& message : whole.messages) {
        if (!ids.contains(index::prefix_of(message.id)))
            continue;
        std::int64_t& number = numbers[message.folder];
        if (number < 0) {
            number = static_cast<std::int64_t>(part.folders.size());
            part.folders.push_back(whole.folders[message.folder]);
            part.source_folders.push_back(whole.source_folders[message.folder]);
        }
        part.messages.push_back(message);
        part.messages.back().folder = static_cast<std::uint32_t>(number);
        part.bytes += message.size_bytes;
    }
    return part;
}

}  // namespace

Selection select(const Case& handover_case, const catalog::AccountRow& leaver,
                 const catalog::Catalog& catalog, const index::Index& index)
{
    restore::Plan whole = whole_plan(handover_case, leaver, catalog);
    const index::IdSet left_out = private_messages(handover_case, catalog, index);
    index::IdSet ids = ids_in(whole);
    Selection selection;
    const std::vector<Successor>& successors = handover_case.order.successors;
    const bool has_to_be_known = successors.size() > 1 || !handover_case.order.exclude.empty();
    selection.cards = cards_of(ids, index);
    selection.unsearchable = ids.size() - std::min(ids.size(), selection.cards.size());
    if (has_to_be_known)
        require_searchable(selection.unsearchable);
    selection.excluded =
        std::erase_if(ids, [&](index::IdPrefix id) { return left_out.contains(id); });
    std::erase_if(selection.cards,
                  [&](const index::Hit& hit) { return !ids.contains(index::prefix_of(hit.id)); });
    if (!has_to_be_known) {
        selection.plans.push_back(std::move(whole));
        selection.shares.push_back(std::move(ids));
        return selection;
    }
    selection.shares = divided(selection.cards, successors, search::company_of(catalog), index);
    for (const index::IdSet& share : selection.shares)
        selection.plans.push_back(part_of(whole, share));
    return selection;
}

std::string name_of(const index::Index& index, const std::string& address)
{
    constexpr std::size_t looked_at = 50;
    index::Query query;
    query.kind = index::Query::Kind::phrase;
    query.field = index::Field::from;
    query.text = address;
    for (const index::Hit& hit : index.find(query, {.limit = looked_at}).hits)
        if (search::address_in(hit.card.from) == address)
            if (std::string name = search::name_in(hit.card.from); !name.empty())
                return name;
    return {};
}

std::string usual_prefix(const std::string& name_or_address)
{
    std::string name;
    for (const char c : name_or_address)
        name += c == '/' || static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
    return "Handover/" + name;
}

}  // namespace mailhold::handover
