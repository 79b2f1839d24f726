// The end of a sealed stream (docs/format.md, Sealed stream).

#include "footer.hpp"

#include "block.hpp"
#include "mailhold/base/error.hpp"

namespace mailhold::sealed {
namespace {

constexpr std::string_view end_magic = "DLOHLIAM";

}  // namespace

std::size_t trailer_bytes(Kind kind) noexcept
{
    return footer_bytes + (kind == Kind::journal ? crypto::Signature::size : 0);
}

ByteBuffer encode_footer(std::uint64_t directory_offset, std::uint64_t file_length)
{
    ByteBuffer footer;
    append_le(footer, directory_offset);
    append_le(footer, file_length);
    append(footer, bytes_of(end_magic));
    return footer;
}

std::uint64_t directory_offset_of(Bytes footer, Kind kind, std::uint64_t header_bytes,
                                  std::uint64_t file_length)
{
    if (footer.size() != footer_bytes || !equal(footer.subspan(16), bytes_of(end_magic)))
        throw Error(ErrorKind::damaged, "sealed stream without its end: truncated");
    if (read_le<std::uint64_t>(footer, 8) != file_length)
        throw Error(ErrorKind::damaged, "sealed stream of another length than written");
    const auto offset = read_le<std::uint64_t>(footer, 0);
    const std::uint64_t end = file_length - trailer_bytes(kind);
    if (offset < header_bytes || offset > end - clen_bytes)
        throw Error(ErrorKind::damaged, "sealed stream whose directory is nowhere");
    return offset;
}

}  // namespace mailhold::sealed
