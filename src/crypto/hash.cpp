// BLAKE2b-256, plain and keyed (docs/format.md, Keys).

#include <sodium.h>

#include "mailhold/crypto/crypto.hpp"
#include "sodium_seam.hpp"

namespace mailhold::crypto {
namespace {

constexpr std::size_t key_bytes = 32;

/// With its NUL: docs/format.md, Keys.
constexpr std::string_view part_key_context{"mailhold-part-v1\0", 17};

void hash_into(std::span<std::byte> out, Bytes key, Bytes bytes)
{
    initialise();
    require_success(crypto_generichash(raw_out(out), out.size(), raw(bytes), bytes.size(), raw(key),
                                       key.size()),
                    "hashing");
}

}  // namespace

Hash hash(Bytes bytes)
{
    Hash result;
    hash_into(result.value, {}, bytes);
    return result;
}

Hash keyed_hash(Bytes key, Bytes bytes)
{
    require_size(key, key_bytes, "hash key");
    Hash result;
    hash_into(result.value, key, bytes);
    return result;
}

SecretBytes derive_key(Bytes key, Bytes context)
{
    require_size(key, key_bytes, "hash key");
    SecretBytes result(key_bytes);
    hash_into(result.writable(), key, context);
    return result;
}

struct Hasher::State {
    crypto_generichash_state hash;

    explicit State(Bytes key)
    {
        initialise();
        require_success(crypto_generichash_init(&hash, raw(key), key.size(), Hash::size),
                        "hashing");
    }
    State(const State&) = default;
    State& operator=(const State&) = delete;
    ~State() { sodium_memzero(&hash, sizeof hash); }
};

Hasher::Hasher() : state_(std::make_unique<State>(Bytes{})) {}

Hasher::Hasher(Bytes key)
{
    require_size(key, key_bytes, "hash key");
    state_ = std::make_unique<State>(key);
}

Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;
Hasher::~Hasher() = default;

void Hasher::add(Bytes bytes)
{
    require_success(crypto_generichash_update(&state_->hash, raw(bytes), bytes.size()), "hashing");
}

Hash Hasher::so_far() const
{
    State copy = *state_;
    Hash result;
    require_success(crypto_generichash_final(&copy.hash, raw_out(result.value), Hash::size),
                    "hashing");
    return result;
}

Hash Hasher::finish()
{
    Hash result;
    require_success(crypto_generichash_final(&state_->hash, raw_out(result.value), Hash::size),
                    "hashing");
    return result;
}

ContentHasher::ContentHasher(Bytes key_i)
    : key_i_(key_i), part_key_(derive_key(key_i, bytes_of(part_key_context)))
{
}

ContentId ContentHasher::content_id(Bytes raw_message) const
{
    return {keyed_hash(key_i_.view(), raw_message).value};
}

PartId ContentHasher::part_id(Bytes stored) const
{
    return {keyed_hash(part_key_.view(), stored).value};
}

}  // namespace mailhold::crypto
