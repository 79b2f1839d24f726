#pragma once
// Sealed streams: zstd blocks under an AEAD with a sealed directory at the end (docs/format.md,
// Sealed stream).

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "mailhold/base/bytes.hpp"
#include "mailhold/crypto/crypto.hpp"
#include "mailhold/sealed/header.hpp"

namespace mailhold::sealed {

struct Block {
    std::uint32_t sealed_bytes = 0;  ///< clen, with the tag
    std::uint32_t plain_bytes = 0;
    bool operator==(const Block&) const = default;
};
using BlockTable = std::vector<Block>;

inline constexpr std::uint32_t archive_block_target_bytes = 4 * mebibyte;
inline constexpr std::uint32_t archive_block_limit_bytes = 8 * mebibyte;
inline constexpr std::uint32_t shard_block_bytes = 16 * kibibyte;
inline constexpr std::uint32_t shard_block_limit_bytes = 64 * kibibyte;  ///< of older vaults
inline constexpr std::uint32_t journal_block_bytes = 1 * mebibyte;
inline constexpr std::uint64_t journal_limit_bytes = 64 * mebibyte;

/// What a writer needs to seal: no secret that opens anything already sealed.
struct SealingKeys {
    crypto::VaultId vault;
    crypto::WriterId writer;
    crypto::BoxPublicKey vault_key;
    const crypto::SecretBytes* key_p = nullptr;  ///< borrowed; outlives the stream
};

/// What a reader needs to open streams of one epoch.
struct OpeningKeys {
    const crypto::BoxPair* vault_pair = nullptr;
    const crypto::SecretBytes* key_p = nullptr;
};

/// A data block sealed and checked (opened again and compared), ready to be appended.
struct SealedBlock {
    ByteBuffer bytes;  ///< clen || ciphertext
    Block block;
    std::uint64_t index = 0;  ///< the only place where it may be appended
};

struct Finished {
    crypto::Hash object;
    std::uint64_t length = 0;
    ByteBuffer header;
    BlockTable blocks;
};

/// Writes one stream. Blocks may be sealed by several threads at once (seal_block), and are
/// appended in index order by one. Destroyed without finish(), it leaves an unfinished file that no
/// reader accepts.
class StreamWriter {
public:
    using Sink = std::function<void(Bytes)>;

    /// `header` has kind, seq, previous, objects, heads filled; uid, keys and recipient are filled
    /// here. `signer` is required for journal entries, whose signature ends the file.
    StreamWriter(const SealingKeys& keys, Header header, Sink sink,
                 const crypto::SignPair* signer = nullptr);
    StreamWriter(StreamWriter&&) noexcept;
    ~StreamWriter();

    /// Thread-safe: compresses (with a compressor of the calling thread's own), seals, opens again,
    /// compares.
    SealedBlock seal_block(std::uint64_t index, Bytes plain) const;
    void append(const SealedBlock& block);

    /// seal_block + append for callers with one thread.
    void append_plain(Bytes plain);

    /// Directory, footer, signature.
    Finished finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Bytes of the stored file, e.g. a ranged read of an object. Must return exactly `length` bytes or
/// throw.
using RangeSource = std::function<ByteBuffer(std::uint64_t offset, std::uint64_t length)>;

/// Reads any range of a stream by opening only the blocks that cover it; keeps the last opened
/// block, so that neighbouring reads cost one. Not for sharing by threads. Errors: malformed or
/// damaged bytes are `damaged`; bytes whose AEAD or binding fails are `tampered`; a stream sealed
/// to a key we lack is `wrong_key`.
class StreamReader {
public:
    /// Trusting nothing but the keys: header, footer and directory come from the file of
    /// `file_length` bytes.
    StreamReader(const OpeningKeys& keys, RangeSource source, std::uint64_t file_length);

    /// With the header and block table that a signed journal entry gave: a range read is then bound
    /// to it.
    StreamReader(const OpeningKeys& keys, RangeSource source, Bytes header, BlockTable blocks);
    StreamReader(StreamReader&&) noexcept;
    ~StreamReader();

    const Header& header() const noexcept;
    const BlockTable& blocks() const noexcept;
    std::uint64_t plain_length() const noexcept;

    /// Exactly `length` plain bytes from `offset`; throws damaged past the end.
    ByteBuffer read(std::uint64_t offset, std::uint64_t length);
    /// Opens data block `index` whole.
    ByteBuffer read_block(std::size_t index);
    /// File offset and length (with clen) of data block `index`.
    std::pair<std::uint64_t, std::uint64_t> block_extent(std::size_t index) const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Checks a whole journal entry's footer, structure and signature without any vault key.
/// Throws damaged (truncated, broken) or tampered (signature).
void verify_entry_signature(Bytes file, const crypto::SignPublicKey& writer);

/// First 8 bytes of H(vault public key).
std::array<std::byte, 8> recipient_of(const crypto::BoxPublicKey& key);

}  // namespace mailhold::sealed
