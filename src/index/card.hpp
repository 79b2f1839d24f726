#pragma once
// What a result shows of a message, as the bytes of a value (docs/format.md, Shards).

#include <string>
#include <string_view>

#include "mailhold/index/index.hpp"
#include "mailhold/mail/searchable.hpp"

namespace mailhold::index {

/// Cuts what is long, so that a card stays under about 6 KiB whatever the message holds.
Card card_of(const mail::Searchable& message);

/// Its date and size are such as the values take.
std::string encode_hit(const Hit& hit);
/// Throws damaged for bytes that encode_hit() did not make.
Hit decode_hit(std::string_view bytes);

}  // namespace mailhold::index
