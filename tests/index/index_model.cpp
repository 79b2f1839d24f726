// Messages and questions in plain containers.

#include "index_model.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "shard_fixture.hpp"

namespace mailhold::test {

using index::Query;
using Kind = Query::Kind;

namespace {

std::int64_t date_of(const index::Entry& entry)
{
    return entry.message.date ? entry.message.date->epoch_seconds : entry.fallback_date;
}

}  // namespace

std::vector<crypto::ContentId> sorted(std::vector<crypto::ContentId> ids)
{
    std::ranges::sort(ids);
    return ids;
}

IndexModel::IndexModel(const std::vector<index::Entry>& entries)
{
    for (const index::Entry& entry : entries)
        messages_.push_back({entry, index::model::terms_of(entry.message, english)});
}

std::vector<crypto::ContentId> IndexModel::ids(const Query& query) const
{
    std::vector<crypto::ContentId> ids;
    for (const Message& message : messages_)
        if (matches(message, query))
            ids.push_back(message.entry.id);
    return sorted(std::move(ids));
}

bool IndexModel::are_newest_first(const std::vector<crypto::ContentId>& ids) const
{
    std::map<crypto::ContentId, std::int64_t> dates;
    for (const Message& message : messages_)
        dates[message.entry.id] = date_of(message.entry);
    return std::ranges::is_sorted(
        ids, [&](const auto& a, const auto& b) { return dates.at(a) > dates.at(b); });
}

bool IndexModel::matches(const Message& message, const Query& query)
{
    const auto part_matches = [&](const Query& part) { return matches(message, part); };
    const auto size = static_cast<std::int64_t>(message.entry.size_bytes);
    switch (query.kind) {
    case Kind::everything:
        return true;
    case Kind::dated:
        return date_of(message.entry) >= query.from && date_of(message.entry) < query.until;
    case Kind::sized:
        return size >= query.from && size < query.until;
    case Kind::among:
        return query.ids->contains(index::prefix_of(message.entry.id));
    case Kind::all_of:
        return std::ranges::all_of(query.parts, part_matches);
    case Kind::any_of:
        return std::ranges::any_of(query.parts, part_matches);
    case Kind::none_of:
        return std::ranges::none_of(query.parts, part_matches);
    default:
        return index::model::matches(message.terms, terms_for(query, english));
    }
}

Query Questions::question(int depth)
{
    if (depth == 0 || below(4) == 0)
        return leaf();
    static constexpr std::array kinds{Kind::all_of, Kind::any_of, Kind::none_of};
    std::vector<Query> parts;
    for (std::size_t left = below(3) + (below(20) > 0 ? 1 : 0); left > 0; --left)
        parts.push_back(question(depth - 1));
    return combined(kinds[below(kinds.size())], std::move(parts));
}

std::string Questions::some_word()
{
    return generated_word(below(1 + below(300)));
}

Query Questions::leaf()
{
    Query query;
    switch (below(10)) {
    case 0:
        query.kind = Kind::dated;
        query.from = 1'700'000'000 + static_cast<std::int64_t>(below(500));
        query.until = query.from + static_cast<std::int64_t>(below(300));
        return query;
    case 1:
        query.kind = Kind::sized;
        query.from = static_cast<std::int64_t>(below(20'000));
        query.until = query.from + static_cast<std::int64_t>(below(10'000));
        return query;
    case 2:
    case 3:
        return among();
    case 4:
        return everything();
    default:
        return text_leaf();
    }
}

Query Questions::among()
{
    index::IdSet ids;
    const std::size_t stride = 1 + below(40);
    for (std::uint64_t i = below(30); i < 900; i += stride)
        ids.insert(index::prefix_of(generated_id(i)));
    Query query;
    query.kind = Kind::among;
    query.ids = std::make_shared<const index::IdSet>(std::move(ids));
    return query;
}

Query Questions::text_leaf()
{
    Query query = word(some_word());
    if (below(3) == 0)
        query.field = static_cast<index::Field>(below(9));
    switch (below(6)) {
    case 0:
        query.kind = Kind::exact_word;
        break;
    case 1:
        query.kind = Kind::prefix;
        query.text.resize(1 + below(query.text.size()));
        break;
    case 2:
        query.kind = Kind::phrase;
        query.text = some_word() + " " + generated_word(below(4));
        break;
    case 3:
        query.kind = below(2) == 0 ? Kind::word : Kind::phrase;
        query.text = below(2) == 0 ? "不锈钢管" : "价格";
        break;
    case 4:
        query.kind = below(2) == 0 ? Kind::has_attachment : Kind::message_id;
        query.text = std::to_string(below(800)) + "@generated.example";
        break;
    default:
        break;
    }
    return query;
}

}  // namespace mailhold::test
