// One field looked for in the header.

#include "read_receipt.hpp"

#include <algorithm>

#include "mailhold/base/ascii.hpp"

namespace mailhold::deliver {

bool asks_for_receipt(Bytes raw, const Flags& flags)
{
    constexpr std::string_view field = "disposition-notification-to:";
    if (std::ranges::any_of(flags,
                            [](const std::string& flag) { return lower_case(flag) == "$mdnsent"; }))
        return false;
    std::string_view rest = text_of(raw);
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        const std::string_view line = rest.substr(0, end);
        if (line.empty() || line == "\r")
            return false;
        if (lower_case(line.substr(0, field.size())) == field)
            return true;
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return false;
}

}  // namespace mailhold::deliver
