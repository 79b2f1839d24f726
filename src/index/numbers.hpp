#pragma once
// Numbers in groups of 7 bits, the lowest first, bit 7 set in all but the last byte
// (docs/format.md, Shards).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mailhold::index {

inline void put_number(std::string& out, std::uint64_t number)
{
    for (; number >= 0x80; number >>= 7)
        out.push_back(static_cast<char>(number | 0x80U));
    out.push_back(static_cast<char>(number));
}

/// Takes a number from the beginning of `rest`; nullopt when it is cut short or has more than 63
/// bits.
inline std::optional<std::uint64_t> take_number(std::string_view& rest)
{
    std::uint64_t number = 0;
    for (unsigned shift = 0; shift < 63 && !rest.empty(); shift += 7) {
        const auto byte = static_cast<unsigned char>(rest.front());
        rest.remove_prefix(1);
        number |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
        if (byte < 0x80)
            return number;
    }
    return std::nullopt;
}

}  // namespace mailhold::index
