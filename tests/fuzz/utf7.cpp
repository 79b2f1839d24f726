// Folder names in modified UTF-7: decoding and encoding are exact inverses wherever either works.

#include "mailhold/imap/utf7.hpp"
#include "mailhold/base/json.hpp"

#include "fuzz.hpp"

namespace mailhold::fuzz {

void try_one(Bytes input)
{
    const std::string_view text = text_of(input);
    if (const auto name = imap::decode_modified_utf7(text)) {
        require(is_utf8(*name), "a decoded name is UTF-8");
        require(imap::encode_modified_utf7(*name) == text, "a decoded name encodes to itself");
    }
    const auto wire = accepted([&] { return imap::encode_modified_utf7(text); });
    require(wire.has_value() == is_utf8(text), "exactly UTF-8 is encoded");
    require(!wire || imap::decode_modified_utf7(*wire) == text,
            "an encoded name decodes to itself");
}

}  // namespace mailhold::fuzz
