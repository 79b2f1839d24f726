// JSON lines to events.

#include <charconv>
#include <limits>

#include <fmt/format.h>

#include "event_json.hpp"
#include "mailhold/base/encoding.hpp"
#include "mailhold/base/error.hpp"

namespace mailhold::vault {

namespace {

constexpr std::uint64_t max_integer = (std::uint64_t{1} << 53) - 1;
constexpr std::uint64_t max_u32 = std::numeric_limits<std::uint32_t>::max();

using AnyId = std::array<std::byte, 32>;

std::uint64_t unsigned_at(const Json& json, std::string_view key)
{
    return number_of(json.at(key), 0, max_integer);
}

FolderId fid_of(const Json& json)
{
    return FolderId{unsigned_at(json, "fid")};
}

Uid uid_of(const Json& json)
{
    return Uid{static_cast<std::uint32_t>(number_of(json.at("uid"), 1, max_u32))};
}

bool is_set(const Json& json, std::string_view key)
{
    const Json* value = json.find(key);
    return value != nullptr && value->as_bool();
}

sealed::Location location_of(const Json& json)
{
    const Json::Array& at = json.as_array();
    if (at.size() != 3)
        throw Error(ErrorKind::malformed, "a location has not three members");
    return {id_of<crypto::Hash>(at[0]), number_of(at[1], 0, max_integer),
            number_of(at[2], 0, max_integer)};
}

sealed::BlockTable block_table_of(const Json& json)
{
    sealed::BlockTable blocks;
    for (const Json& row : json.as_array()) {
        const Json::Array& pair = row.as_array();
        if (pair.size() != 2)
            throw Error(ErrorKind::malformed, "a block has not two lengths");
        blocks.push_back({static_cast<std::uint32_t>(number_of(pair[0], 0, max_u32)),
                          static_cast<std::uint32_t>(number_of(pair[1], 0, max_u32))});
    }
    return blocks;
}

std::vector<std::string> wire_texts_of(const Json& json)
{
    std::vector<std::string> texts;
    for (const Json& text : json.as_array())
        texts.push_back(wire_name_from_json(text));
    return texts;
}

AnyId any_id_of(const Json& json)
{
    return id_of<crypto::Hash>(json).value;
}

Event parse_archive(const Json& json)
{
    return ArchiveAdded{.object = id_of<crypto::Hash>(json.at("object")),
                        .length = unsigned_at(json, "length"),
                        .header = base64_of(json.at("header")),
                        .blocks = block_table_of(json.at("blocks"))};
}

std::vector<crypto::Hash> hashes_of(const Json& json)
{
    std::vector<crypto::Hash> hashes;
    for (const Json& hash : json.as_array())
        hashes.push_back(id_of<crypto::Hash>(hash));
    return hashes;
}

Event parse_shard(const Json& json)
{
    return ShardAdded{.object = id_of<crypto::Hash>(json.at("object")),
                      .length = unsigned_at(json, "length"),
                      .header = base64_of(json.at("header")),
                      .blocks = block_table_of(json.at("blocks")),
                      .schema = unsigned_at(json, "schema"),
                      .documents = unsigned_at(json, "documents"),
                      .replaces = hashes_of(json.at("replaces")),
                      .covers = hashes_of(json.at("covers"))};
}

Event parse_message(const Json& json)
{
    return MessageAdded{.id = id_of<crypto::ContentId>(json.at("id")),
                        .size = unsigned_at(json, "size"),
                        .at = location_of(json.at("at")),
                        .spliced = is_set(json, "spliced")};
}

Event parse_part(const Json& json)
{
    return PartAdded{.id = id_of<crypto::PartId>(json.at("id")),
                     .size = unsigned_at(json, "size"),
                     .at = location_of(json.at("at"))};
}

Event parse_account(const Json& json)
{
    return AccountDescribed{.id = id_of<crypto::AccountId>(json.at("account")),
                            .address = wire_name_from_json(json.at("address")),
                            .role = json.at("class").as_string(),
                            .server = json.at("server").as_string(),
                            .archive_only = is_set(json, "archive_only")};
}

std::optional<char> separator_of(const Json& json)
{
    const Json* value = json.find("sep");
    if (value == nullptr || value->is_null())
        return std::nullopt;
    const std::string text = wire_name_from_json(*value);
    if (text.size() != 1)
        throw Error(ErrorKind::malformed, "a folder separator is not one character");
    return text.front();
}

Event parse_folder(const Json& json)
{
    const Json* wire = json.find("wire");
    const Json* use = json.find("use");
    return FolderDescribed{
        .fid = fid_of(json),
        .account = id_of<crypto::AccountId>(json.at("account")),
        .name = wire_name_from_json(json.at("name")),
        .wire_name = wire_name_from_json(wire != nullptr ? *wire : json.at("name")),
        .uid_validity =
            UidValidity{static_cast<std::uint32_t>(number_of(json.at("uidvalidity"), 0, max_u32))},
        .separator = separator_of(json),
        .use = use != nullptr ? use->as_string() : std::string(),
        .gone = is_set(json, "gone")};
}

std::optional<std::uint64_t> gmail_id_of(const Json& json)
{
    const Json* value = json.find("gmid");
    if (value == nullptr)
        return std::nullopt;
    const std::string& text = value->as_string();
    std::uint64_t id = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (error != std::errc{} || end != text.data() + text.size())
        throw Error(ErrorKind::malformed, "a Gmail message number is broken");
    return id;
}

std::optional<InternalDate> date_of(const Json& json)
{
    const Json* value = json.find("date");
    if (value == nullptr)
        return std::nullopt;
    if (const auto date = parse_rfc3339(value->as_string()))
        return date;
    throw Error(ErrorKind::malformed, "a date is not RFC 3339");
}

Event parse_placed(const Json& json)
{
    const Json* labels = json.find("labels");
    return Placed{.fid = fid_of(json),
                  .uid = uid_of(json),
                  .id = id_of<crypto::ContentId>(json.at("id")),
                  .date = date_of(json),
                  .flags = wire_texts_of(json.at("flags")),
                  .gmail_message_id = gmail_id_of(json),
                  .gmail_labels =
                      labels != nullptr ? wire_texts_of(*labels) : std::vector<std::string>()};
}

Event parse_flags(const Json& json)
{
    return FlagsChanged{fid_of(json), uid_of(json), wire_texts_of(json.at("flags"))};
}

Event parse_gone(const Json& json)
{
    return Gone{fid_of(json), uids_of_ranges(json.at("uids").as_string())};
}

Event parse_failed(const Json& json)
{
    return Failed{fid_of(json), uid_of(json), json.at("why").as_string()};
}

AccountResult result_of(const Json& json)
{
    AccountResult result{.account = id_of<crypto::AccountId>(json.at("account")),
                         .ok = json.at("ok").as_bool(),
                         .server_messages = unsigned_at(json, "server"),
                         .archived_messages = unsigned_at(json, "archived"),
                         .error_class = {},
                         .error_text = {},
                         .error_hint = {}};
    if (const Json* error = json.find("error")) {
        result.error_class = error->at("class").as_string();
        result.error_text = error->at("text").as_string();
        result.error_hint = error->at("hint").as_string();
    }
    return result;
}

Event parse_run_end(const Json& json)
{
    RunEnd end{.ok = json.at("ok").as_bool(), .accounts = {}};
    for (const Json& account : json.at("accounts").as_array())
        end.accounts.push_back(result_of(account));
    return end;
}

Event parse_record(const Json& json)
{
    return Record{json.at("space").as_string(), json.at("key").as_string(), json.at("value")};
}

Event parse_moved(const Json& json)
{
    return Moved{any_id_of(json.at("id")), location_of(json.at("at"))};
}

Event parse_erased(const Json& json)
{
    return Erased{any_id_of(json.at("id")), json.at("why").as_string()};
}

Event parse_hold(const Json& json)
{
    return Hold{json};
}

struct KnownEvent {
    std::string_view name;
    Event (*parse)(const Json&);
};

// The frequent ones first.
constexpr KnownEvent known_events[] = {
    {"placed", parse_placed}, {"message", parse_message}, {"part", parse_part},
    {"flags", parse_flags},   {"gone", parse_gone},       {"archive", parse_archive},
    {"folder", parse_folder}, {"account", parse_account}, {"run_end", parse_run_end},
    {"failed", parse_failed}, {"record", parse_record},   {"shard", parse_shard},
    {"moved", parse_moved},   {"erased", parse_erased},   {"hold", parse_hold},
};

Json parse_json_line(std::string_view line)
{
    if (line.size() > max_line_bytes)
        throw Error(ErrorKind::malformed, "a journal line is longer than 1 MiB");
    return Json::parse(line);
}

}  // namespace

std::uint64_t number_of(const Json& json, std::uint64_t least, std::uint64_t most)
{
    const std::uint64_t value = json.as_unsigned();
    if (value < least || value > most)
        throw Error(ErrorKind::malformed, fmt::format("{} is out of range", value));
    return value;
}

ByteBuffer base64_of(const Json& json)
{
    if (auto bytes = from_base64(json.as_string()))
        return *std::move(bytes);
    throw Error(ErrorKind::malformed, "a value is not base64");
}

EntryInfo parse_entry_line(std::string_view line)
{
    const Json json = parse_json_line(line);
    if (json.at("e").as_string() != "entry")
        throw Error(ErrorKind::malformed, "a journal entry does not begin with its entry event");
    const auto time = parse_utc(json.at("time").as_string());
    if (!time)
        throw Error(ErrorKind::malformed, "a journal entry's time is broken");
    return {*time, json.at("run").as_string(),
            static_cast<std::uint32_t>(number_of(json.at("part"), 0, max_u32))};
}

std::optional<Event> parse_line(std::string_view line)
{
    const Json json = parse_json_line(line);
    const std::string& name = json.at("e").as_string();
    for (const KnownEvent& known : known_events) {
        if (known.name == name)
            return known.parse(json);
    }
    if (name == "entry")
        throw Error(ErrorKind::malformed, "a second entry event in one journal entry");
    if (is_set(json, "optional"))
        return std::nullopt;
    throw Error(ErrorKind::too_new,
                fmt::format("the journal has an event '{}' that we do not know", printable(name)));
}

}  // namespace mailhold::vault
