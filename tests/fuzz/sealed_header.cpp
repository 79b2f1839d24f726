// Headers and footers of sealed streams: what is read is written again as the same bytes.

#include "block.hpp"
#include "footer.hpp"
#include "mailhold/sealed/header.hpp"

#include "fuzz.hpp"

namespace mailhold::fuzz {
namespace {

void try_header(Bytes input)
{
    const auto header = accepted([&] { return sealed::decode_header(input); });
    if (!header)
        return;
    const std::size_t size = sealed::announced_header_bytes(input);
    require(size <= sealed::max_header_bytes, "a header is not over its limit");
    require(equal(sealed::encode(*header), input.first(size)),
            "a header is written as it was read");
}

void try_footer(Bytes input)
{
    Pieces pieces(input);
    const auto kind = pieces.byte() % 2 == 0 ? sealed::Kind::archive : sealed::Kind::journal;
    const std::uint64_t file_length = sealed::min_header_bytes + sealed::clen_bytes +
                                      sealed::trailer_bytes(kind) + 256 * pieces.byte();
    const auto offset = accepted([&] {
        return sealed::directory_offset_of(pieces.rest(), kind, sealed::min_header_bytes,
                                           file_length);
    });
    if (!offset)
        return;
    require(equal(sealed::encode_footer(*offset, file_length), pieces.rest()),
            "a footer is written as it was read");
    require(*offset >= sealed::min_header_bytes &&
                *offset + sealed::clen_bytes + sealed::trailer_bytes(kind) <= file_length,
            "a directory lies between header and footer");
}

}  // namespace

void try_one(Bytes input)
{
    try_header(input);
    try_footer(input);
}

}  // namespace mailhold::fuzz
