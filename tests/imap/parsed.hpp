#pragma once
// Parsing of single responses, and responses in words, for tests.

#include <string>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "response_parser.hpp"

namespace mailhold::test {

/// The first response in `text`, which ends in CRLF.
inline imap::Response parsed(std::string_view text, const imap::Limits& limits = {})
{
    imap::ResponseReader reader(limits);
    reader.feed(bytes_of(text));
    if (!reader.complete())
        throw Error(ErrorKind::bug, "the test's response is not complete");
    imap::RawResponse raw = reader.take();
    return imap::parse_response(raw, limits);
}

template <class Kind>
Kind parsed_as(std::string_view text, const imap::Limits& limits = {})
{
    return std::get<Kind>(parsed(text, limits));
}

template <class Number>
std::string in_words(const std::optional<Number>& number)
{
    return number ? std::to_string(static_cast<std::uint64_t>(*number)) : "-";
}

inline std::string in_words(const imap::Fetched& m)
{
    std::string words = "uid " + in_words(m.uid);
    if (m.flags)
        words += fmt::format(" flags [{}]", fmt::join(*m.flags, " "));
    if (m.internal_date)
        words += fmt::format(" date {}{:+}", m.internal_date->epoch_seconds,
                             m.internal_date->zone_minutes);
    if (m.rfc822_size)
        words += fmt::format(" size {}", *m.rfc822_size);
    if (m.modseq)
        words += " modseq " + in_words(m.modseq);
    if (m.gmail_message_id)
        words += fmt::format(" msgid {}", *m.gmail_message_id);
    if (m.gmail_labels)
        words += fmt::format(" labels [{}]", fmt::join(*m.gmail_labels, "|"));
    if (m.body)
        words += fmt::format(" body <{}>", text_of(*m.body));
    return words;
}

struct InWords {
    std::string operator()(const imap::StatusResponse& s) const
    {
        return fmt::format("{} status {} code '{}' argument '{}' text '{}'", s.tag,
                           static_cast<int>(s.word), s.code, s.argument, s.text);
    }
    std::string operator()(const imap::ContinuationResponse&) const { return "continuation"; }
    std::string operator()(const imap::CapabilityData& d) const
    {
        return fmt::format("capability {}", fmt::join(d.names, " "));
    }
    std::string operator()(const imap::EnabledData& d) const
    {
        return fmt::format("enabled {}", fmt::join(d.names, " "));
    }
    std::string operator()(const imap::ListData& d) const
    {
        return fmt::format("list '{}' name '{}' separator {} attributes {}", d.folder.wire_name,
                           d.folder.name, d.folder.separator.value_or('0'),
                           fmt::join(d.folder.attributes, " "));
    }
    std::string operator()(const imap::StatusData& d) const
    {
        return fmt::format("status '{}' {} {} {} {}", d.wire_name, in_words(d.status.messages),
                           in_words(d.status.uid_next), in_words(d.status.uid_validity),
                           in_words(d.status.highest_modseq));
    }
    std::string operator()(const imap::NamespaceData& d) const
    {
        std::string words = "namespace";
        for (const imap::Namespace& n : d.personal)
            words += fmt::format(" '{}' {}", n.prefix, n.separator.value_or('0'));
        return words;
    }
    std::string operator()(const imap::QuotaData& d) const
    {
        return d.storage
                   ? fmt::format("quota {} of {}", d.storage->used_bytes, d.storage->limit_bytes)
                   : "quota";
    }
    std::string operator()(const imap::ExistsData& d) const
    {
        return fmt::format("exists {}", d.count);
    }
    std::string operator()(const imap::ExpungeData& d) const
    {
        return fmt::format("expunge {}", d.sequence);
    }
    std::string operator()(const imap::VanishedData& d) const
    {
        return fmt::format("vanished{} {}", d.earlier ? " earlier" : "",
                           imap::to_sequence_set(d.uids));
    }
    std::string operator()(const imap::FetchData& d) const
    {
        return fmt::format("fetch {} {}{}", d.sequence, in_words(d.message),
                           d.broken.empty() ? "" : " broken");
    }
    std::string operator()(const imap::OtherData&) const { return "other"; }
};

inline std::string in_words(const imap::Response& response)
{
    return std::visit(InWords{}, response);
}

}  // namespace mailhold::test
