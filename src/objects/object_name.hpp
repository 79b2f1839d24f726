#pragma once
// Which names objects may have, and whose leftovers an interrupted put is.

#include <string>
#include <string_view>

namespace mailhold::objects {

/// '/'-separated parts, none empty, "." or "..", no NUL: a name can never lead out of the vault.
/// Throws bug.
void require_object_name(std::string_view name);

/// A list prefix is "" or an object name followed by '/'. Throws bug.
void require_prefix(std::string_view prefix);

/// What stands in the temporary name while `name` is put: a journal entry's writer, else the kind.
std::string temporary_owner(std::string_view name);

}  // namespace mailhold::objects
