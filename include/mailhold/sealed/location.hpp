#pragma once
// Where a tar entry lies: an object and a range of its plain stream.

#include <compare>
#include <cstdint>

#include "mailhold/crypto/types.hpp"

namespace mailhold::sealed {

struct Location {
    crypto::Hash object;
    std::uint64_t offset = 0;  ///< in the plain stream, of the tar header
    std::uint64_t length = 0;  ///< header to padding

    auto operator<=>(const Location&) const = default;
};

}  // namespace mailhold::sealed
