#pragma once
// What stands behind the directory: the footer, and a journal entry's signature (docs/format.md,
// Sealed stream).

#include <string_view>

#include "mailhold/base/bytes.hpp"
#include "mailhold/sealed/header.hpp"

namespace mailhold::sealed {

inline constexpr std::size_t footer_bytes = 24;

/// With its NUL.
inline constexpr std::string_view journal_context{"mailhold-journal-v1\0", 20};

/// Footer and, for a journal entry, signature.
std::size_t trailer_bytes(Kind kind) noexcept;

ByteBuffer encode_footer(std::uint64_t directory_offset, std::uint64_t file_length);

/// The directory's offset. Throws damaged unless the footer is whole, speaks of a file of
/// `file_length` bytes and points between the header's end and itself.
std::uint64_t directory_offset_of(Bytes footer, Kind kind, std::uint64_t header_bytes,
                                  std::uint64_t file_length);

}  // namespace mailhold::sealed
