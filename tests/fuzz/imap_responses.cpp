// Responses of a hostile server: the same outcome in whatever pieces they come, and no other error
// than malformed.

#include <fmt/format.h>

#include "imap/parsed.hpp"
#include "internal_date.hpp"
#include "mailhold/imap/uploader.hpp"
#include "sequence_set.hpp"

#include "fuzz.hpp"

namespace mailhold::fuzz {
namespace {

constexpr imap::Limits limits{
    .max_literal_bytes = 4'096, .max_line_bytes = 4'096, .max_nesting = 16};

/// Outcome in words; an Error becomes its text.
std::string outcome(Bytes stream, std::size_t piece_bytes)
{
    std::string words;
    imap::ResponseReader reader(limits);
    try {
        while (!stream.empty()) {
            const Bytes piece = stream.first(std::min(piece_bytes, stream.size()));
            stream = stream.subspan(reader.feed(piece));
            if (!reader.complete())
                continue;
            imap::RawResponse raw = reader.take();
            words += test::in_words(imap::parse_response(raw, limits)) + '\n';
        }
    } catch (const Error& e) {
        require(e.kind() == ErrorKind::malformed, "a server's nonsense is malformed");
        words += e.what();
    }
    return words;
}

void try_sequence_set(std::string_view text)
{
    const auto ranges = accepted([&] { return imap::parse_sequence_set(text); });
    if (!ranges || ranges->empty())
        return;
    if (ranges->back().last != imap::last_uid)  // which commands write as "*"
        require(imap::parse_sequence_set(imap::to_sequence_set(*ranges)) == *ranges,
                "a set of UIDs reads as it was printed");
    for (std::size_t i = 1; i < ranges->size(); ++i)
        require((*ranges)[i - 1].last < (*ranges)[i].first, "ranges are sorted and apart");
}

void try_date(std::string_view text)
{
    const auto date = imap::parse_internal_date(text);
    if (!date)
        return;
    // Zones that no place on Earth has are not written, nor dates at either end of time.
    const auto printed = imap::format_internal_date(*date);
    require(!printed || imap::parse_internal_date(*printed)->epoch_seconds == date->epoch_seconds,
            "a date reads as the instant that was printed");
}

}  // namespace

void try_one(Bytes input)
{
    require(outcome(input, input.size()) == outcome(input, 1), "pieces do not matter");
    try_sequence_set(text_of(input));
    try_date(text_of(input));
}

}  // namespace mailhold::fuzz
