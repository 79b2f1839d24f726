// Quotations, price lists and proforma invoices that the leaver sent, told by their names. The
// words stand in docs/handover.md.

#include "offers.hpp"

#include <algorithm>
#include <array>

#include "mailhold/base/ascii.hpp"

namespace mailhold::handover {
namespace {

struct Word {
    std::string_view text;  ///< lower case
    OfferKind kind;
};

/// Longer ones first where one holds the other's beginning. A blank stands for any of " -_." or
/// none.
constexpr auto words = std::to_array<Word>({
    {"proforma", OfferKind::proforma_invoice},
    {"pro forma", OfferKind::proforma_invoice},
    {"pi", OfferKind::proforma_invoice},
    {"形式发票", OfferKind::proforma_invoice},
    {"形式發票", OfferKind::proforma_invoice},
    {"price list", OfferKind::price_list},
    {"price lists", OfferKind::price_list},
    {"pricing", OfferKind::price_list},
    {"preisliste", OfferKind::price_list},
    {"liste de prix", OfferKind::price_list},
    {"lista de precios", OfferKind::price_list},
    {"lista de preços", OfferKind::price_list},
    {"价格表", OfferKind::price_list},
    {"價格表", OfferKind::price_list},
    {"价目表", OfferKind::price_list},
    {"價目表", OfferKind::price_list},
    {"quotation", OfferKind::quotation},
    {"quotations", OfferKind::quotation},
    {"quote", OfferKind::quotation},
    {"quotes", OfferKind::quotation},
    {"offer", OfferKind::quotation},
    {"offers", OfferKind::quotation},
    {"angebot", OfferKind::quotation},
    {"devis", OfferKind::quotation},
    {"cotización", OfferKind::quotation},
    {"cotizacion", OfferKind::quotation},
    {"cotação", OfferKind::quotation},
    {"报价", OfferKind::quotation},
    {"報價", OfferKind::quotation},
});

bool is_ascii_letter(char c)
{
    return c >= 'a' && c <= 'z';
}

bool joins_words(char c)
{
    return c == ' ' || c == '-' || c == '_' || c == '.';
}

/// Where `word` ends when it stands at `at`; npos when it does not.
std::size_t end_of(std::string_view word, std::string_view text, std::size_t at)
{
    for (const char c : word) {
        if (c == ' ') {
            while (at < text.size() && joins_words(text[at]))
                ++at;
            continue;
        }
        if (at == text.size() || text[at] != c)
            return std::string_view::npos;
        ++at;
    }
    return at;
}

/// Latin words stand alone ("PI" is not in "pipe"), next to ideographs too; Chinese ones anywhere.
bool holds(std::string_view text, std::string_view word)
{
    const bool is_latin = is_ascii_letter(word.front());
    for (std::size_t at = text.find(word.front()); at != std::string_view::npos;
         at = text.find(word.front(), at + 1)) {
        const std::size_t end = end_of(word, text, at);
        if (end == std::string_view::npos)
            continue;
        if (!is_latin)
            return true;
        const bool begins = at == 0 || !is_ascii_letter(text[at - 1]);
        const bool ends = end == text.size() || !is_ascii_letter(text[end]);
        if (begins && ends)
            return true;
    }
    return false;
}

/// The kind that the files say, else the subject; only files that say so are listed, unless it was
/// the subject.
std::optional<SentOffer> offer_of(const index::Hit& hit)
{
    SentOffer offer{.id = hit.id, .date = hit.date, .subject = hit.card.subject};
    std::optional<OfferKind> kind;
    for (const std::string& file : hit.card.attachments)
        if (const auto told = offer_in(file)) {
            kind = kind.value_or(*told);
            offer.files.push_back(file);
        }
    if (!kind) {
        kind = offer_in(hit.card.subject);
        offer.files = hit.card.attachments;
    }
    if (!kind)
        return std::nullopt;
    offer.kind = *kind;
    return offer;
}

}  // namespace

std::optional<OfferKind> offer_in(std::string_view text)
{
    const std::string lower = lower_case(text);
    for (const Word& word : words)
        if (holds(lower, word.text))
            return word.kind;
    return std::nullopt;
}

std::vector<SentOffer> offers_in(const std::vector<index::Hit>& cards, std::string_view leaver,
                                 const search::Company& company, std::int64_t since)
{
    std::vector<SentOffer> offers;
    for (const index::Hit& hit : cards) {
        if (hit.date < since || hit.card.attachments.empty() ||
            search::address_in(hit.card.from) != leaver)
            continue;
        auto offer = offer_of(hit);
        if (!offer)
            continue;
        for (const std::string& to : hit.card.to)
            if (std::string address = search::address_in(to);
                !address.empty() && !company.owns(address))
                offer->to.push_back(std::move(address));
        if (!offer->to.empty())
            offers.push_back(std::move(*offer));
    }
    std::ranges::stable_sort(offers, std::greater{}, &SentOffer::date);
    return offers;
}

}  // namespace mailhold::handover
