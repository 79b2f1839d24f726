#pragma once
// Keys and whole streams for the tests of this module.

#include <random>

#include "mailhold/base/error.hpp"
#include "mailhold/sealed/stream.hpp"

namespace mailhold::sealed {

/// Bytes that no compressor shortens; the same for the same seed.
inline ByteBuffer noise(std::size_t size, std::uint32_t seed = 1)
{
    std::mt19937 random(seed);
    ByteBuffer bytes(size);
    for (std::byte& byte : bytes)
        byte = static_cast<std::byte>(random());
    return bytes;
}

/// The keys of one small vault.
struct SampleKeys {
    crypto::BoxPair vault_pair = crypto::new_box_pair();
    crypto::SecretBytes key_p = crypto::random_secret(32);
    crypto::SignPair signer = crypto::new_sign_pair();
    crypto::VaultId vault = crypto::random_id<crypto::VaultId>();
    crypto::WriterId writer = crypto::random_id<crypto::WriterId>();

    SealingKeys sealing() const { return {vault, writer, vault_pair.public_key, &key_p}; }
    OpeningKeys opening() const { return {&vault_pair, &key_p}; }
};

inline Header header_of(Kind kind)
{
    Header header;
    header.kind = kind;
    header.seq = kind == Kind::journal ? 1 : 0;
    return header;
}

/// What stands in the store, and what a journal entry would say of it.
struct SampleStream {
    ByteBuffer file;
    Finished finished;

    /// Reads as a store would: what is not there cannot be given.
    RangeSource source() const { return source_of(file); }

    static RangeSource source_of(Bytes bytes)
    {
        return [bytes](std::uint64_t offset, std::uint64_t length) {
            if (offset > bytes.size() || length > bytes.size() - offset)
                throw Error(ErrorKind::damaged, "the file is shorter");
            return copy_of(bytes.subspan(offset, length));
        };
    }
};

inline SampleStream sealed_stream(const SampleKeys& keys, const Header& header,
                                  const std::vector<ByteBuffer>& blocks)
{
    SampleStream stream;
    StreamWriter writer(
        keys.sealing(), header, [&](Bytes piece) { append(stream.file, piece); },
        header.kind == Kind::journal ? &keys.signer : nullptr);
    for (const ByteBuffer& block : blocks)
        writer.append_plain(block);
    stream.finished = writer.finish();
    return stream;
}

inline ByteBuffer joined(const std::vector<ByteBuffer>& blocks)
{
    ByteBuffer all;
    for (const ByteBuffer& block : blocks)
        append(all, block);
    return all;
}

}  // namespace mailhold::sealed
