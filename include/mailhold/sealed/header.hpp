#pragma once
// The header of a sealed stream, byte for byte as docs/format.md, Sealed stream.

#include <cstdint>
#include <vector>

#include "mailhold/base/bytes.hpp"
#include "mailhold/crypto/types.hpp"

namespace mailhold::sealed {

enum class Kind : std::uint8_t { archive = 'A', shard = 'X', journal = 'J' };

inline constexpr std::size_t min_header_bytes = 192;
inline constexpr std::size_t max_header_bytes = 65'536;
inline constexpr std::size_t max_rows = 500;

/// An object that a journal entry adds or retires; readable without keys.
struct ObjectRow {
    enum class Op : std::uint8_t { adds = 1, retires = 2 };
    Op op = Op::adds;
    Kind kind = Kind::archive;
    std::uint64_t length = 0;
    crypto::Hash object;
    bool operator==(const ObjectRow&) const = default;
};

/// The highest entry seen of a chain. The root log's chain has writer id 0.
struct ChainHead {
    crypto::WriterId writer;
    std::uint64_t seq = 0;
    crypto::Hash hash;
    bool operator==(const ChainHead&) const = default;
};

struct Header {
    Kind kind = Kind::archive;
    crypto::VaultId vault;
    crypto::StreamUid uid;
    crypto::WriterId writer;
    std::uint64_t seq = 0;  ///< J from 1; else 0
    crypto::Hash previous;  ///< J: whole-file hash of the chain's entry before; else 0
    std::array<std::byte, 8> recipient{};
    std::array<std::byte, 80> sealed_key{};
    std::vector<ObjectRow> objects;  ///< J only
    std::vector<ChainHead> heads;    ///< J only
};

ByteBuffer encode(const Header& header);

/// `bytes` starts with a header and may go on. Throws malformed (not ours or broken), too_new
/// (major version or a must-understand flag we do not know).
Header decode_header(Bytes bytes);

/// Header length that the first 16 bytes announce; throws like decode_header.
std::size_t announced_header_bytes(Bytes first_16);

}  // namespace mailhold::sealed
