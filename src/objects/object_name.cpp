// Checks of object names: they come from hashes and ids, yet a name is a path.

#include "object_name.hpp"

#include <fmt/format.h>

#include "mailhold/base/error.hpp"
#include "mailhold/base/json.hpp"

namespace mailhold::objects {

namespace {

constexpr std::size_t max_part_bytes = 255;

bool is_plain_part(std::string_view part)
{
    return !part.empty() && part != "." && part != ".." && part.size() <= max_part_bytes;
}

bool is_plain(std::string_view name)
{
    if (name.find('\0') != std::string_view::npos)
        return false;
    while (true) {
        const auto slash = name.find('/');
        if (!is_plain_part(name.substr(0, slash)))
            return false;
        if (slash == std::string_view::npos)
            return true;
        name.remove_prefix(slash + 1);
    }
}

}  // namespace

void require_object_name(std::string_view name)
{
    if (!is_plain(name))
        throw Error(ErrorKind::bug, fmt::format("'{}' is no object name", printable(name)));
}

void require_prefix(std::string_view prefix)
{
    if (prefix.empty())
        return;
    if (prefix.back() != '/')
        throw Error(ErrorKind::bug, fmt::format("'{}' is no prefix", printable(prefix)));
    prefix.remove_suffix(1);
    require_object_name(prefix);
}

std::string temporary_owner(std::string_view name)
{
    constexpr std::string_view journal = "journal/";
    if (name.starts_with(journal))
        name.remove_prefix(journal.size());
    return std::string(name.substr(0, name.find('/')));
}

}  // namespace mailhold::objects
