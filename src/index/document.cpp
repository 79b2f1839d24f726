// A term goes into the document once, however often it stands there. What Xapian could not store is
// left out here, since it would only say so when a whole batch is written.

#include "document.hpp"

#include <algorithm>

#include "card.hpp"
#include "values.hpp"
#include "xapian_seam.hpp"

namespace mailhold::index {

namespace {

// Xapian's are 245, a NUL taking two, and a key of places is longer than its term.
constexpr std::size_t max_term_bytes = 235;

bool is_storable(std::string_view term)
{
    const auto nuls = static_cast<std::size_t>(std::count(term.begin(), term.end(), '\0'));
    return !term.empty() && term.size() + nuls <= max_term_bytes;
}

class DocumentTerms : public TermSink {
public:
    DocumentTerms(Xapian::Document& document, PlaceLists& places)
        : document_(document), places_(places)
    {
    }

    void at(std::string_view term, std::uint32_t position) override
    {
        if (is_storable(term))
            places_.add(term, position);
    }

    void add(std::string_view term) override
    {
        if (is_storable(term))
            document_.add_term(std::string(term));
    }

private:
    Xapian::Document& document_;
    PlaceLists& places_;
};

/// Those that can be made.
void add_terms(const mail::Searchable& message, TermMaker& terms, PlaceLists& places,
               Xapian::Document& document)
{
    places.begin_document();
    try {
        DocumentTerms sink(document, places);
        terms.add_message(message, sink);
    } catch (const std::bad_alloc&) {
        throw;  // not the message's fault
    } catch (const std::exception&) {
        // What was made before is worth having.
    }
    places.for_each_term(
        [&](const std::string& term, std::uint32_t often) { document.add_term(term, often); });
}

Hit hit_of(const Entry& entry)
{
    const auto& date = entry.message.date;
    return {.id = entry.id,
            .date =
                std::clamp(date ? date->epoch_seconds : entry.fallback_date, min_date, max_date),
            .size_bytes = std::min<std::uint64_t>(entry.size_bytes, max_size),
            .card = card_of(entry.message)};
}

}  // namespace

Xapian::Document document_of(const Entry& entry, TermMaker& terms, PlaceLists& places)
{
    Xapian::Document document;
    add_terms(entry.message, terms, places, document);
    const Hit hit = hit_of(entry);
    document.add_value(date_slot, date_value(hit.date));
    document.add_value(id_prefix_slot, id_prefix_value(hit.id));
    document.add_value(id_rest_slot, id_rest_value(hit.id));
    document.add_value(size_slot, size_value(static_cast<std::int64_t>(hit.size_bytes)));
    document.add_value(card_slot, encode_hit(hit));
    return document;
}

}  // namespace mailhold::index
