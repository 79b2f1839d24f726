#pragma once
// The card of a message as the bytes of a document's data (docs/format.md, Shards).

#include <string>
#include <string_view>

#include "mailhold/index/index.hpp"
#include "mailhold/mail/searchable.hpp"

namespace mailhold::index {

/// Cuts what is long, so that a card stays under about 6 KiB whatever the message holds.
Card card_of(const mail::Searchable& message);

std::string encode_card(const Card& card);
/// Throws damaged for bytes that encode_card() did not make.
Card decode_card(std::string_view bytes);

}  // namespace mailhold::index
