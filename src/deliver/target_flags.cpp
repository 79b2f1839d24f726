// Flags that are none in RFC 3501's grammar become keywords where they have a well-known one.

#include "target_flags.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "mailhold/base/ascii.hpp"
#include "mailhold/imap/uploader.hpp"

namespace mailhold::deliver {

namespace {

/// Seen in the wild with a backslash, where only keywords stand for them.
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> keywords{
    {{"\\forwarded", "$Forwarded"},
     {"\\junk", "$Junk"},
     {"\\notjunk", "$NotJunk"},
     {"\\mdnsent", "$MDNSent"}}};

std::string as_keyword(const std::string& flag)
{
    const std::string lower = lower_case(flag);
    for (const auto& [odd, keyword] : keywords)
        if (lower == odd)
            return std::string(keyword);
    return flag;
}

bool keeps(const std::vector<std::string>& permanent, const std::string& flag)
{
    return std::ranges::any_of(permanent, [&](const std::string& kept) {
        return (kept == "\\*" && !flag.starts_with('\\')) || lower_case(kept) == lower_case(flag);
    });
}

}  // namespace

Flags flags_for_target(const Flags& flags, const std::optional<std::vector<std::string>>& permanent,
                       DroppedFlags& dropped)
{
    const bool is_told = permanent && !permanent->empty();
    Flags kept;
    for (const std::string& flag : flags) {
        const std::string named = as_keyword(flag);
        if (imap::is_appendable(named) && (!is_told || keeps(*permanent, named)))
            kept.push_back(named);
        else
            ++dropped[flag];
    }
    return normalised_flags(std::move(kept));
}

}  // namespace mailhold::deliver
