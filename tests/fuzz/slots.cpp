// Slots, and recovery keys as people type them.

#include "slot.hpp"

#include "fuzz.hpp"

namespace mailhold::fuzz {
namespace {

void try_slot(Bytes input)
{
    const auto slot = accepted([&] { return vault::parse_slot(input); });
    if (!slot)
        return;
    require(slot->cost.passes <= 16 && slot->cost.memory_bytes <= gibibyte,
            "no slot makes us work for long");
    require(slot->nonce.size() == crypto::aead_nonce_bytes, "a nonce has its length");
    require(!vault::open_slot(*slot, ByteBuffer(32), {}, {}), "no slot opens with a key of zeros");
}

void try_recovery_key(std::string_view typed)
{
    const auto key = accepted([&] { return vault::parse_recovery_key(typed); });
    require(!key || key->size() == 32, "a recovery key is 32 bytes");
}

}  // namespace

void try_one(Bytes input)
{
    try_slot(input);
    try_recovery_key(text_of(input));
}

}  // namespace mailhold::fuzz
