// Manifest lines to rows; written by strangers for all we know.

#include "export_manifest.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "mailhold/base/ascii.hpp"
#include "mailhold/base/clock.hpp"
#include "mailhold/base/error.hpp"
#include "mailhold/base/json.hpp"

#include "status_headers.hpp"

namespace mailhold::import_export {

namespace {

std::string key_of(const std::string& path, std::uint64_t offset)
{
    return fmt::format("{}\n{}", path, offset);
}

std::string text_at(const Json& line, std::string_view name)
{
    const Json* value = line.find(name);
    return value == nullptr || value->is_null() ? std::string() : wire_name_from_json(*value);
}

Flags flags_of(const Json& line)
{
    Flags flags;
    for (const Json& flag : line.at("flags").as_array()) {
        std::string text = wire_name_from_json(flag);
        if (is_flag(text))
            flags.push_back(std::move(text));
    }
    return normalised_flags(std::move(flags));
}

std::optional<char> separator_of(const Json& line)
{
    const std::string text = text_at(line, "separator");
    return text.size() == 1 ? std::optional(text.front()) : std::nullopt;
}

}  // namespace

void ExportManifest::add_line(std::string_view text, const std::string& folder)
{
    const Json line = Json::parse(text);
    const std::string path = folder + line.at("path").as_string();
    Row row;
    row.folder = folders_.number_of({wire_name_from_json(line.at("folder")), separator_of(line)});
    row.flags = flags_.number_of(flags_of(line));
    row.account = accounts_.number_of(text_at(line, "account"));
    row.size = line.at("size").as_unsigned();
    if (const Json& date = line.at("internaldate"); !date.is_null())
        row.date = parse_rfc3339(date.as_string());
    const Json* offset = line.find("offset");
    if (offset != nullptr)
        mbox_files_[path] = true;
    rows_.insert_or_assign(offset != nullptr ? key_of(path, offset->as_unsigned()) : path, row);
}

bool ExportManifest::has_offsets(const std::string& path) const
{
    return mbox_files_.contains(path);
}

bool ExportManifest::describe(const std::string& path, Incoming& message,
                              const std::string& account)
{
    const bool is_mbox = has_offsets(path);
    const auto found = rows_.find(is_mbox ? key_of(path, message.from.offset) : path);
    if (found == rows_.end())
        return false;
    Row& row = found->second;
    row.is_seen = true;
    if (is_mbox && message.raw.size() > row.size)
        message.raw.resize(row.size);
    if (message.raw.size() != row.size)
        throw Error(ErrorKind::malformed,
                    fmt::format("has {} bytes, where the export's manifest says {}: damaged, or "
                                "changed since",
                                message.raw.size(), row.size));
    const auto& [name, separator] = folders_[row.folder];
    message.folder = {name, separator};
    const std::string& from = accounts_[row.account];
    if (!from.empty() && lower_case(from) != lower_case(account)) {
        const char between = separator.value_or('/');
        message.folder = {from + between + name, between};
    }
    message.flags = flags_[row.flags];
    message.date = row.date;
    message.is_described = true;
    return true;
}

std::vector<std::string> ExportManifest::missing() const
{
    std::vector<std::string> paths;
    for (const auto& [key, row] : rows_)
        if (!row.is_seen)
            paths.push_back(key.substr(0, key.find('\n')));
    std::ranges::sort(paths);
    return paths;
}

}  // namespace mailhold::import_export
