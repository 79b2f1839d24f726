// Blocks of a sealed stream (docs/format.md, Sealed stream).

#include "block.hpp"

#include <algorithm>
#include <bit>

#include "mailhold/base/error.hpp"

namespace mailhold::sealed {
namespace {

/// Without a NUL, as docs/format.md, Sealed stream, has it.
constexpr std::string_view key_context = "mailhold-block-v1";

constexpr std::size_t padding_limit_bytes = 1 * mebibyte;

crypto::SecretBytes block_key(Bytes key_p, Bytes k0, const crypto::Hash& header_hash)
{
    crypto::SecretBytes context(key_context.size() + k0.size() + crypto::Hash::size);
    auto next = context.writable().begin();
    next = std::ranges::copy(bytes_of(key_context), next).out;
    next = std::ranges::copy(k0, next).out;
    std::ranges::copy(header_hash.bytes(), next);
    return crypto::derive_key(key_p, context.view());
}

ByteBuffer nonce_of(const crypto::StreamUid& uid, std::uint64_t index)
{
    ByteBuffer nonce = copy_of(uid.bytes());
    append_le(nonce, index);
    return nonce;
}

ByteBuffer associated_data(const crypto::Hash& header_hash, std::uint64_t index, BlockType type,
                           std::size_t clen)
{
    ByteBuffer associated = copy_of(header_hash.bytes());
    append_le(associated, index);
    append_le(associated, static_cast<std::uint8_t>(type));
    append_le(associated, static_cast<std::uint32_t>(clen));
    return associated;
}

/// Padmé (Nikitin et al., 2019): keeps only as many leading bits of a size as its exponent has.
std::size_t padme(std::size_t bytes) noexcept
{
    if (bytes < 2)
        return bytes;
    const int exponent = std::bit_width(bytes) - 1;
    const int kept_bits = std::bit_width(static_cast<unsigned>(exponent));
    const std::size_t mask = (std::size_t{1} << (exponent - kept_bits)) - 1;
    return (bytes + mask) & ~mask;
}

}  // namespace

std::uint32_t max_plain_bytes(Kind kind) noexcept
{
    switch (kind) {
    case Kind::archive:
        return archive_block_limit_bytes;
    case Kind::shard:
        return shard_block_limit_bytes;
    case Kind::journal:
        return journal_block_bytes;
    }
    return 0;
}

std::uint32_t max_sealed_bytes(std::uint32_t plain_bytes) noexcept
{
    return plain_bytes + plain_bytes / 8 + 1024;
}

bool is_allowed(Kind kind, Block block) noexcept
{
    constexpr std::uint32_t least_sealed_bytes = zlen_bytes + crypto::aead_tag_bytes + 1;
    if (block.plain_bytes == 0 || block.plain_bytes > max_plain_bytes(kind))
        return false;
    return block.sealed_bytes >= least_sealed_bytes &&
           block.sealed_bytes <= max_sealed_bytes(block.plain_bytes);
}

bool may_follow(Kind kind, Block first, Block before, Block next) noexcept
{
    return kind != Kind::shard ||
           (before.plain_bytes == first.plain_bytes && next.plain_bytes <= first.plain_bytes);
}

std::size_t padded_bytes(Kind kind, std::size_t bytes) noexcept
{
    if (kind == Kind::shard || bytes >= padding_limit_bytes)
        return bytes;
    return padme(bytes);
}

BlockCipher::BlockCipher(Bytes key_p, Bytes k0, Bytes header, const crypto::StreamUid& uid)
    : header_hash_(crypto::hash(header)), uid_(uid)
{
    key_ = block_key(key_p, k0, header_hash_);
}

ByteBuffer BlockCipher::seal(Kind kind, std::uint64_t index, BlockType type, Bytes frame) const
{
    const std::size_t plain = padded_bytes(kind, zlen_bytes + frame.size());
    const std::size_t clen = plain + crypto::aead_tag_bytes;
    ByteBuffer block;
    block.reserve(clen_bytes + clen);
    append_le(block, static_cast<std::uint32_t>(clen));
    append_le(block, static_cast<std::uint32_t>(frame.size()));
    append(block, frame);
    block.resize(clen_bytes + plain);
    crypto::aead_seal_in_place(block, clen_bytes, key_.view(), nonce_of(uid_, index),
                               associated_data(header_hash_, index, type, clen));
    return block;
}

Bytes BlockCipher::open(std::span<std::byte> out, std::uint64_t index, BlockType type,
                        Bytes sealed) const
{
    if (sealed.size() < zlen_bytes + crypto::aead_tag_bytes)
        throw Error(ErrorKind::damaged, "a block is too short");
    if (!crypto::aead_open_to(out, key_.view(), nonce_of(uid_, index),
                              associated_data(header_hash_, index, type, sealed.size()), sealed))
        throw Error(ErrorKind::tampered, "block " + std::to_string(index) + " is not authentic");
    const Bytes plain = out;
    const auto zlen = read_le<std::uint32_t>(plain, 0);
    if (zlen > plain.size() - zlen_bytes)
        throw Error(ErrorKind::damaged, "a block's frame is longer than the block");
    const Bytes padding = plain.subspan(zlen_bytes + zlen);
    if (std::ranges::any_of(padding, [](std::byte b) { return b != std::byte{0}; }))
        throw Error(ErrorKind::damaged, "a block's padding is not zero");
    return plain.subspan(zlen_bytes, zlen);
}

bool BlockCipher::has_same_key(const BlockCipher& other) const noexcept
{
    return crypto::same_secret(key_.view(), other.key_.view());
}

}  // namespace mailhold::sealed
