// Splices written and read.

#include "splice.hpp"

#include "mailhold/base/error.hpp"

namespace mailhold::ledger {

namespace {

template <class Id>
Id id_in(const Json& json)
{
    const auto id = Id::from_hex(json.as_string());
    if (!id)
        throw Error(ErrorKind::malformed, "a splice names no id");
    return *id;
}

std::vector<SplicedPart> parts_in(const Json& line)
{
    std::vector<SplicedPart> parts;
    for (const Json& part : line.at("parts").as_array()) {
        const Json::Array& fields = part.as_array();
        if (fields.size() != 3)
            throw Error(ErrorKind::malformed, "a splice's part has not three fields");
        parts.push_back({.offset = fields[0].as_unsigned(),
                         .id = id_in<crypto::PartId>(fields[1]),
                         .encoding = fields[2].as_string()});
    }
    return parts;
}

}  // namespace

void append_splice_line(std::string& meta, const std::vector<SplicedPart>& parts)
{
    Json list = Json::array();
    for (const SplicedPart& part : parts)
        list.push_back(Json::Array{part.offset, part.id.hex(), part.encoding});
    Json::object({{"e", "splice"}, {"parts", std::move(list)}}).dump_to(meta);
    meta += '\n';
}

std::vector<SplicedPart> parse_splice(std::string_view meta)
{
    try {
        while (!meta.empty()) {
            const auto end = std::min(meta.find('\n'), meta.size());
            const Json line = Json::parse(meta.substr(0, end));
            if (line.at("e").as_string() == "splice")
                return parts_in(line);
            meta.remove_prefix(std::min(end + 1, meta.size()));
        }
    } catch (const Error& e) {
        throw Error(ErrorKind::damaged, e.what());
    }
    throw Error(ErrorKind::damaged, "a spliced message does not name its parts");
}

vault::Record splice_record(const crypto::ContentId& id, const std::vector<crypto::PartId>& parts)
{
    Json list = Json::array();
    for (const crypto::PartId& part : parts)
        list.push_back(part.hex());
    return {.space = std::string(splice_space), .key = id.hex(), .value = std::move(list)};
}

MessageParts parse_splice_record(const vault::Record& record)
{
    MessageParts splice{.id = id_in<crypto::ContentId>(record.key), .parts = {}};
    for (const Json& part : record.value.as_array())
        splice.parts.push_back(id_in<crypto::PartId>(part));
    return splice;
}

}  // namespace mailhold::ledger
