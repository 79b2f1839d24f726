// Manifest lines.

#include "manifest.hpp"

#include "mailhold/base/clock.hpp"
#include "mailhold/base/json.hpp"

namespace mailhold::deliver {

std::string manifest_line(const std::string& path, const Outgoing& message,
                          std::optional<std::uint64_t> offset)
{
    Json flags = Json::array();
    for (const std::string& flag : message.flags)
        flags.push_back(wire_name_to_json(flag));
    Json line = Json::object(
        {{"path", path}, {"id", message.id_hex}, {"folder", wire_name_to_json(message.folder)}});
    if (message.separator != '\0')
        line.set("separator", std::string(1, message.separator));
    if (!message.account.empty())
        line.set("account", message.account);
    line.set("flags", std::move(flags));
    line.set("internaldate", message.date ? Json(format_rfc3339(*message.date)) : Json());
    line.set("size", static_cast<std::uint64_t>(message.raw.size()));
    if (offset)
        line.set("offset", *offset);
    std::string out = line.dump();
    out += '\n';
    return out;
}

}  // namespace mailhold::deliver
