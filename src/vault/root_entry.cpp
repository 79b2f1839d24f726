// Signing and verifying root log entries.

#include "root_entry.hpp"

#include <fmt/format.h>

#include "event_json.hpp"
#include "mailhold/base/clock.hpp"
#include "mailhold/base/encoding.hpp"
#include "mailhold/base/error.hpp"
#include "names.hpp"
#include "root_events.hpp"

namespace mailhold::vault {

namespace {

using namespace std::string_view_literals;

constexpr std::string_view signature_context = "mailhold-root-v1\0"sv;

/// The key that signs an entry: the log's, or what the first entry says of itself.
crypto::SignPublicKey signer_of(const RootLog& log, const Json& event)
{
    if (log.seq > 0)
        return log.root;
    if (event.at("e").as_string() != "vault")
        throw Error(ErrorKind::tampered, "the first root entry is no vault");
    return id_of<crypto::SignPublicKey>(event.at("pk"));
}

/// The text up to the next line end, which is taken off `text`.
std::string_view take_line(std::string_view& text)
{
    const auto end = text.find('\n');
    if (end == std::string_view::npos)
        throw Error(ErrorKind::malformed, "a root entry ends too early");
    const auto line = text.substr(0, end);
    text.remove_prefix(end + 1);
    return line;
}

}  // namespace

RootEntry make_root_entry(const crypto::SignPair& root, std::uint64_t seq,
                          const crypto::Hash& previous, const Json& event)
{
    Json line = Json::object({{"e", event.at("e")},
                              {"entry", seq},
                              {"prev", previous.hex()},
                              {"time", format_utc(now())}});
    for (const auto& [key, value] : event.as_object()) {
        if (key != "e")
            line.set(key, value);
    }
    const std::string text = line.dump();
    const crypto::Signature signature = crypto::sign(root, signature_context, bytes_of(text));

    RootEntry entry{.name = {}, .bytes = {}, .seq = seq, .hash = {}};
    append(entry.bytes, bytes_of(fmt::format("{}\n{}\n", text, to_base64(signature.bytes()))));
    entry.hash = crypto::hash(entry.bytes);
    entry.name = root_name(seq, entry.hash);
    return entry;
}

RootLines split_root_entry(Bytes entry)
{
    std::string_view rest = text_of(entry);
    RootLines lines{.signed_line = take_line(rest), .event = {}, .signature = {}};
    const auto signature = from_base64(take_line(rest));
    if (!signature || !rest.empty())
        throw Error(ErrorKind::malformed, "a root entry is not two lines, JSON and signature");
    lines.event = Json::parse(lines.signed_line);
    lines.signature = crypto::Signature::from_bytes(*signature);
    return lines;
}

void apply_root_entry(RootLog& log, Bytes entry)
{
    const RootLines lines = split_root_entry(entry);
    if (!crypto::signature_fits(signer_of(log, lines.event), signature_context,
                                bytes_of(lines.signed_line), lines.signature))
        throw Error(ErrorKind::tampered, "the root key has not signed it");
    if (lines.event.at("entry").as_unsigned() != log.seq + 1 ||
        id_of<crypto::Hash>(lines.event.at("prev")) != log.head)
        throw Error(ErrorKind::tampered, "it does not follow the entry before it");
    log.seq += 1;
    log.head = crypto::hash(entry);
    apply_root_event(log, lines.event);
    log.entries.push_back(copy_of(entry));
}

}  // namespace mailhold::vault
