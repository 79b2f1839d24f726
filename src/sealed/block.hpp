#pragma once
// One block: its cipher, its layout, and the sizes it may have (docs/format.md, Sealed stream).

#include <string_view>

#include "mailhold/crypto/crypto.hpp"
#include "mailhold/sealed/stream.hpp"

namespace mailhold::sealed {

enum class BlockType : std::uint8_t { data = 0, directory = 1 };

inline constexpr std::size_t clen_bytes = 4;
inline constexpr std::size_t zlen_bytes = 4;
inline constexpr std::size_t directory_row_bytes = 8;
inline constexpr std::uint32_t max_directory_bytes = 8 * mebibyte;
inline constexpr std::uint64_t max_blocks = max_directory_bytes / directory_row_bytes;
inline constexpr std::uint64_t max_object_bytes = 4 * gibibyte;

/// The largest plaintext of a data block.
std::uint32_t max_plain_bytes(Kind kind) noexcept;

/// The largest clen of a block with at most `plain_bytes` bytes of plaintext: padding adds at most
/// an eighth, zstd less than that, and small blocks have their tag and frame header too.
std::uint32_t max_sealed_bytes(std::uint32_t plain_bytes) noexcept;

/// Whether a data block of these sizes may stand in a stream of this kind.
bool is_allowed(Kind kind, Block block) noexcept;

/// Whether `next` may stand behind `before` in a stream that begins with `first`: the blocks of a
/// shard have one length, only the last may be shorter.
bool may_follow(Kind kind, Block first, Block before, Block next) noexcept;

/// `zlen || frame` padded: Padmé below 1 MiB where sizes would tell of mail.
std::size_t padded_bytes(Kind kind, std::size_t bytes) noexcept;

/// Seals and opens the blocks of one stream. Shareable by threads.
class BlockCipher {
public:
    /// K from P, the stream's own k0 and the header as it is written.
    BlockCipher(Bytes key_p, Bytes k0, Bytes header, const crypto::StreamUid& uid);

    /// `clen || ciphertext` of a frame.
    ByteBuffer seal(Kind kind, std::uint64_t index, BlockType type, Bytes frame) const;

    /// Opens `sealed`, a ciphertext without its clen, into `out` (aead_tag_bytes shorter; both may
    /// start at the same place). Returns the frame, a part of `out`. Throws tampered when the tag
    /// does not fit, damaged when the layout is broken.
    Bytes open(std::span<std::byte> out, std::uint64_t index, BlockType type, Bytes sealed) const;

    bool has_same_key(const BlockCipher& other) const noexcept;

private:
    crypto::SecretBytes key_;
    crypto::Hash header_hash_;
    crypto::StreamUid uid_;
};

}  // namespace mailhold::sealed
