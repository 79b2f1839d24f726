// A list is numbers: how far the next place is, or 0 and how far the next document is.

#include "places.hpp"

#include <algorithm>
#include <iterator>
#include <limits>

#include "mailhold/base/error.hpp"

#include "numbers.hpp"

namespace mailhold::index {

namespace {

constexpr std::size_t bytes_of_node = 96;  // about: what a map takes for a term beside its bytes

class Reader {
public:
    explicit Reader(std::string_view rest) : rest_(rest) {}

    bool at_end() const noexcept { return rest_.empty(); }

    /// What `before` and the next number are together.
    std::uint32_t further_than(std::uint32_t before)
    {
        const auto number = take_number(rest_);
        if (!number || before + *number > std::numeric_limits<std::uint32_t>::max())
            throw Error(ErrorKind::damaged, "the index has a broken list of places");
        return static_cast<std::uint32_t>(before + *number);
    }

private:
    std::string_view rest_;
};

void sort_and_deduplicate(std::vector<Place>& places)
{
    if (!std::ranges::is_sorted(places))
        std::ranges::sort(places);
    places.erase(std::unique(places.begin(), places.end()), places.end());
}

/// Where a phrase would have to begin for one of the lists' places to be its part `part`.
std::vector<Place> beginnings(const std::vector<std::string>& lists, std::uint32_t part)
{
    std::vector<Place> all;
    for (const std::string& list : lists)
        for (const Place& place : places_in(list))
            if (place.place > part)
                all.push_back({place.document, place.place - part});
    sort_and_deduplicate(all);
    return all;
}

}  // namespace

void PlaceLists::begin_document()
{
    ++documents_;
    of_document_.clear();
}

void PlaceLists::for_each_term(
    const std::function<void(const std::string& term, std::uint32_t places)>& visit) const
{
    for (const Lists::value_type* of_term : of_document_)
        visit(of_term->first, of_term->second.places);
}

void PlaceLists::add(std::string_view term, std::uint32_t place)
{
    auto found = lists_.find(term);
    if (found == lists_.end()) {
        found = lists_.emplace(term, Growing{}).first;
        bytes_ += bytes_of_node + term.size();
    }
    Growing& growing = found->second;
    const std::size_t size_before = growing.list.size();
    const bool is_same_document = growing.documents == documents_;
    if (is_same_document && growing.place == place)
        return;
    if (!is_same_document) {
        of_document_.push_back(&*found);
        growing.places = 0;
    }
    if (!is_same_document || place < growing.place) {
        put_number(growing.list, 0);
        put_number(growing.list, documents_ - growing.documents);
        growing.documents = documents_;
        growing.place = 0;
    }
    ++growing.places;
    put_number(growing.list, place - growing.place);
    growing.place = place;
    bytes_ += growing.list.size() - size_before;
}

std::vector<PlaceLists::List> PlaceLists::take()
{
    std::vector<List> lists;
    lists.reserve(lists_.size());
    of_document_.clear();
    while (!lists_.empty()) {
        auto node = lists_.extract(lists_.begin());
        lists.emplace_back(std::move(node.key()), std::move(node.mapped().list));
    }
    std::ranges::sort(lists, {}, &List::first);
    documents_ = 0;
    bytes_ = 0;
    return lists;
}

std::vector<Place> places_in(std::string_view list)
{
    std::vector<Place> places;
    Reader reader(list);
    std::uint32_t documents = 0;
    std::uint32_t place = 0;
    while (!reader.at_end()) {
        const std::uint32_t next = reader.further_than(place);
        if (next == place) {
            documents = reader.further_than(documents);
            place = 0;
            continue;
        }
        if (documents == 0)
            throw Error(ErrorKind::damaged, "the index has places of no document");
        place = next;
        places.push_back({documents - 1, place});
    }
    sort_and_deduplicate(places);
    return places;
}

std::vector<std::uint32_t> phrase_in(const std::vector<std::vector<std::string>>& lists_of_parts)
{
    std::vector<Place> begun;
    for (std::uint32_t part = 0; part < lists_of_parts.size(); ++part) {
        std::vector<Place> here = beginnings(lists_of_parts[part], part);
        if (part > 0) {
            std::vector<Place> both;
            std::ranges::set_intersection(begun, here, std::back_inserter(both));
            here = std::move(both);
        }
        begun = std::move(here);
        if (begun.empty())
            break;
    }
    std::vector<std::uint32_t> documents;
    for (const Place& place : begun)
        if (documents.empty() || documents.back() != place.document)
            documents.push_back(place.document);
    return documents;
}

}  // namespace mailhold::index
