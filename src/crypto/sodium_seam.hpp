#pragma once
// How our byte types reach libsodium's, and what happens when a call that cannot fail does.

#include <string_view>

#include "mailhold/base/bytes.hpp"
#include "mailhold/base/error.hpp"

namespace mailhold::crypto {

inline const unsigned char* raw(Bytes bytes) noexcept
{
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

inline unsigned char* raw_out(std::span<std::byte> bytes) noexcept
{
    return reinterpret_cast<unsigned char*>(bytes.data());
}

/// libsodium reads as many bytes as the algorithm wants, whatever we have.
inline void require_size(Bytes bytes, std::size_t wanted, std::string_view what)
{
    if (bytes.size() != wanted)
        throw Error(ErrorKind::bug, "wrong length of " + std::string(what));
}

/// For calls that only fail by a broken machine or a wrong argument.
inline void require_success(int result, std::string_view doing)
{
    if (result != 0)
        throw Error(ErrorKind::bug, std::string(doing) + " failed");
}

}  // namespace mailhold::crypto
