// Events to JSON lines. The two frequent ones, message and placed, go straight into the text: a run
// writes tens of thousands of them.

#include <algorithm>
#include <charconv>

#include "event_json.hpp"
#include "mailhold/base/encoding.hpp"
#include "mailhold/base/error.hpp"

namespace mailhold::vault {

namespace {

/// Uids of one line, so that it stays under max_line_bytes whatever they are.
constexpr std::size_t max_gone_uids = 50'000;

void add_hex(std::string& out, Bytes bytes)
{
    constexpr std::string_view digits = "0123456789abcdef";
    for (const std::byte byte : bytes) {
        out += digits[std::to_integer<unsigned>(byte) >> 4];
        out += digits[std::to_integer<unsigned>(byte) & 15];
    }
}

void add_number(std::string& out, std::uint64_t value)
{
    char text[20];
    const auto end = std::to_chars(std::begin(text), std::end(text), value).ptr;
    out.append(text, static_cast<std::size_t>(end - text));
}

/// A text from the wire as a JSON value.
void add_wire_text(std::string& out, std::string_view text)
{
    const bool plain =
        std::ranges::all_of(text, [](unsigned char c) { return c >= ' ' && c < 127; });
    if (!plain)
        return wire_name_to_json(text).dump_to(out);
    out += '"';
    for (const char c : text) {
        if (c == '"' || c == '\\')
            out += '\\';
        out += c;
    }
    out += '"';
}

void add_wire_texts(std::string& out, std::string_view key, const std::vector<std::string>& texts)
{
    out += ",\"";
    out += key;
    out += "\":[";
    for (std::size_t i = 0; i < texts.size(); ++i) {
        if (i > 0)
            out += ',';
        add_wire_text(out, texts[i]);
    }
    out += ']';
}

void add_stored(std::string& out, Bytes id, std::uint64_t size, const sealed::Location& at)
{
    out += "\"id\":\"";
    add_hex(out, id);
    out += "\",\"size\":";
    add_number(out, size);
    out += ",\"at\":[\"";
    add_hex(out, at.object.bytes());
    out += "\",";
    add_number(out, at.offset);
    out += ',';
    add_number(out, at.length);
    out += ']';
}

Json block_table_json(const sealed::BlockTable& blocks)
{
    Json table = Json::array();
    for (const sealed::Block& block : blocks)
        table.push_back(Json::Array{block.sealed_bytes, block.plain_bytes});
    return table;
}

Json location_json(const sealed::Location& at)
{
    return Json::Array{at.object.hex(), at.offset, at.length};
}

void write(std::string& out, const MessageAdded& event)
{
    out += R"({"e":"message",)";
    add_stored(out, event.id.bytes(), event.size, event.at);
    out += event.spliced ? R"(,"spliced":true})" : "}";
}

void write(std::string& out, const PartAdded& event)
{
    out += R"({"e":"part",)";
    add_stored(out, event.id.bytes(), event.size, event.at);
    out += '}';
}

void write(std::string& out, const Placed& event)
{
    out += R"({"e":"placed","fid":)";
    add_number(out, static_cast<std::uint64_t>(event.fid));
    out += R"(,"uid":)";
    add_number(out, static_cast<std::uint64_t>(event.uid));
    out += R"(,"id":")";
    add_hex(out, event.id.bytes());
    out += '"';
    if (event.date)
        out += R"(,"date":")" + format_rfc3339(*event.date) + '"';
    add_wire_texts(out, "flags", event.flags);
    if (event.gmail_message_id)
        out += R"(,"gmid":")" + std::to_string(*event.gmail_message_id) + '"';
    if (!event.gmail_labels.empty())
        add_wire_texts(out, "labels", event.gmail_labels);
    out += '}';
}

void write(std::string& out, const FlagsChanged& event)
{
    out += R"({"e":"flags","fid":)";
    add_number(out, static_cast<std::uint64_t>(event.fid));
    out += R"(,"uid":)";
    add_number(out, static_cast<std::uint64_t>(event.uid));
    add_wire_texts(out, "flags", event.flags);
    out += '}';
}

Json to_json(const ArchiveAdded& event)
{
    return Json::object({{"e", "archive"},
                         {"object", event.object.hex()},
                         {"length", event.length},
                         {"header", to_base64(event.header)},
                         {"blocks", block_table_json(event.blocks)}});
}

Json hashes_json(const std::vector<crypto::Hash>& hashes)
{
    Json json = Json::array();
    for (const crypto::Hash& hash : hashes)
        json.push_back(hash.hex());
    return json;
}

Json to_json(const ShardAdded& event)
{
    return Json::object({{"e", "shard"},
                         {"object", event.object.hex()},
                         {"length", event.length},
                         {"header", to_base64(event.header)},
                         {"blocks", block_table_json(event.blocks)},
                         {"schema", event.schema},
                         {"documents", event.documents},
                         {"replaces", hashes_json(event.replaces)},
                         {"covers", hashes_json(event.covers)}});
}

Json to_json(const AccountDescribed& event)
{
    Json json = Json::object({{"e", "account"},
                              {"account", event.id.hex()},
                              {"address", wire_name_to_json(event.address)},
                              {"class", event.role},
                              {"server", event.server}});
    if (event.archive_only)
        json.set("archive_only", true);
    return json;
}

Json to_json(const FolderDescribed& event)
{
    Json json = Json::object({{"e", "folder"},
                              {"fid", static_cast<std::uint64_t>(event.fid)},
                              {"account", event.account.hex()},
                              {"name", wire_name_to_json(event.name)}});
    if (event.wire_name != event.name)
        json.set("wire", wire_name_to_json(event.wire_name));
    json.set("uidvalidity", static_cast<std::uint64_t>(event.uid_validity));
    if (event.separator)
        json.set("sep", wire_name_to_json(std::string(1, *event.separator)));
    if (!event.use.empty())
        json.set("use", event.use);
    if (event.gone)
        json.set("gone", true);
    return json;
}

Json to_json(const Failed& event)
{
    return Json::object({{"e", "failed"},
                         {"fid", static_cast<std::uint64_t>(event.fid)},
                         {"uid", static_cast<std::uint64_t>(event.uid)},
                         {"why", event.why}});
}

Json result_json(const AccountResult& result)
{
    Json json = Json::object({{"account", result.account.hex()},
                              {"ok", result.ok},
                              {"server", result.server_messages},
                              {"archived", result.archived_messages}});
    if (!result.error_class.empty() || !result.error_text.empty() || !result.error_hint.empty())
        json.set("error", Json::object({{"class", result.error_class},
                                        {"text", result.error_text},
                                        {"hint", result.error_hint}}));
    return json;
}

Json to_json(const RunEnd& event)
{
    Json accounts = Json::array();
    for (const AccountResult& result : event.accounts)
        accounts.push_back(result_json(result));
    return Json::object({{"e", "run_end"}, {"ok", event.ok}, {"accounts", std::move(accounts)}});
}

Json to_json(const Record& event)
{
    return Json::object(
        {{"e", "record"}, {"space", event.space}, {"key", event.key}, {"value", event.value}});
}

Json to_json(const Moved& event)
{
    return Json::object(
        {{"e", "moved"}, {"id", to_hex(event.id)}, {"at", location_json(event.at)}});
}

Json to_json(const Erased& event)
{
    return Json::object({{"e", "erased"}, {"id", to_hex(event.id)}, {"why", event.why}});
}

Json to_json(const Hold& event)
{
    return event.event;
}

/// Several lines where one would be too long.
void write(std::string& out, const Gone& event)
{
    std::vector<Uid> uids = event.uids;
    std::ranges::sort(uids);
    for (std::size_t from = 0; from < uids.size(); from += max_gone_uids) {
        const auto end = std::min(from + max_gone_uids, uids.size());
        const std::vector<Uid> some(uids.begin() + static_cast<std::ptrdiff_t>(from),
                                    uids.begin() + static_cast<std::ptrdiff_t>(end));
        if (from > 0)
            out += '\n';
        Json::object({{"e", "gone"},
                      {"fid", static_cast<std::uint64_t>(event.fid)},
                      {"uids", uid_ranges(some)}})
            .dump_to(out);
    }
}

template <class AnyEvent>
void write(std::string& out, const AnyEvent& event)
{
    to_json(event).dump_to(out);
}

}  // namespace

void append_entry_line(std::string& out, const EntryInfo& info)
{
    Json::object(
        {{"e", "entry"}, {"time", format_utc(info.time)}, {"run", info.run}, {"part", info.part}})
        .dump_to(out);
    out += '\n';
}

void append_line(std::string& out, const Event& event)
{
    const std::size_t before = out.size();
    std::visit([&](const auto& known) { write(out, known); }, event);
    if (out.size() == before)
        return;  // nothing is gone
    out += '\n';
    const bool is_gone = std::holds_alternative<Gone>(event);
    if (!is_gone && out.size() - before > max_line_bytes)
        throw Error(ErrorKind::bug, "a journal line is longer than 1 MiB");
}

}  // namespace mailhold::vault
