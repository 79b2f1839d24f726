// messages/<id>.eml, messages/<id>.spliced, parts/<id>.

#include "entry_path.hpp"

#include <fmt/format.h>

#include "mailhold/base/encoding.hpp"
#include "mailhold/base/error.hpp"
#include "mailhold/base/json.hpp"

namespace mailhold::vault {

namespace {

struct Shape {
    EntryKind kind;
    std::string_view folder;
    std::string_view suffix;
};

constexpr Shape shapes[] = {
    {EntryKind::message, "messages/", ".eml"},
    {EntryKind::spliced, "messages/", ".spliced"},
    {EntryKind::part, "parts/", ""},
};

}  // namespace

std::string entry_path(EntryKind kind, Bytes id)
{
    for (const Shape& shape : shapes) {
        if (shape.kind == kind)
            return fmt::format("{}{}{}", shape.folder, to_hex(id), shape.suffix);
    }
    throw Error(ErrorKind::bug, "an archive entry of no kind");
}

ParsedPath parse_entry_path(std::string_view path)
{
    for (const Shape& shape : shapes) {
        if (!path.starts_with(shape.folder) || !path.ends_with(shape.suffix))
            continue;
        const auto middle = path.substr(shape.folder.size());
        const auto id =
            crypto::Hash::from_hex(middle.substr(0, middle.size() - shape.suffix.size()));
        if (id)
            return {shape.kind, id->value};
    }
    throw Error(ErrorKind::malformed,
                fmt::format("'{}' is not the path of a message or part", printable(path)));
}

}  // namespace mailhold::vault
