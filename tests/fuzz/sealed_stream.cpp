// Whole streams by a writer who has the keys and means harm: blocks and directory of the input's
// choice, sealed rightly.

#include "block.hpp"
#include "footer.hpp"
#include "mailhold/archive/zstd.hpp"
#include "sealed/sample_stream.hpp"

#include "fuzz.hpp"

namespace mailhold::fuzz {
namespace {

using sealed::BlockType;
using sealed::Kind;

constexpr std::array kinds{Kind::archive, Kind::shard, Kind::journal};

/// The keys of one vault and one header a kind: making them costs more than all the rest.
struct Forge {
    sealed::SampleKeys keys;
    crypto::SecretBytes k0 = crypto::random_secret(32);

    ByteBuffer header_of(Kind kind) const
    {
        sealed::Header fields = sealed::header_of(kind);
        fields.recipient = sealed::recipient_of(keys.vault_pair.public_key);
        std::ranges::copy(crypto::box_seal(keys.vault_pair.public_key, k0.view()),
                          fields.sealed_key.begin());
        return encode(fields);
    }
};

ByteBuffer frame_of(Bytes plain)
{
    static archive::FrameCompressor compressor(archive::FrameCompressor::Effort::fast);
    ByteBuffer frame;
    compressor.compress_append(frame, plain);
    return frame;
}

/// The input: kind, number of blocks; of each block how it comes (0: its bytes are compressed,
/// 1: they are the frame), its length and its bytes; then the directory's rows, or its frame.
ByteBuffer forged(const Forge& forge, Pieces pieces)
{
    const Kind kind = kinds[pieces.byte() % kinds.size()];
    ByteBuffer file = forge.header_of(kind);
    const sealed::BlockCipher cipher(forge.keys.key_p.view(), forge.k0.view(), file,
                                     sealed::decode_header(file).uid);
    const unsigned count = pieces.byte() % 4;
    const bool is_honest = pieces.byte() % 2 == 0;  // its directory says what is there
    ByteBuffer rows;
    for (unsigned i = 0; i < count; ++i) {
        const bool is_frame = pieces.byte() % 2 == 1;
        const Bytes content = pieces.take(pieces.byte());
        const ByteBuffer block =
            cipher.seal(kind, i, BlockType::data, is_frame ? copy_of(content) : frame_of(content));
        append_le(rows, static_cast<std::uint32_t>(block.size() - sealed::clen_bytes));
        append_le(rows, static_cast<std::uint32_t>(content.size()));
        append(file, block);
    }
    const std::uint64_t offset = file.size();
    if (!is_honest)
        rows = copy_of(pieces.rest());
    append(file, cipher.seal(kind, count, BlockType::directory, frame_of(rows)));
    const std::size_t trailer = sealed::trailer_bytes(kind);
    append(file, sealed::encode_footer(offset, file.size() + trailer));
    file.resize(file.size() + trailer - sealed::footer_bytes);
    return file;
}

}  // namespace

void try_one(Bytes input)
{
    static const Forge forge;
    const ByteBuffer file = forged(forge, Pieces(input));
    accepted([&] {
        sealed::StreamReader reader(forge.keys.opening(), sealed::SampleStream::source_of(file),
                                    file.size());
        const ByteBuffer all = reader.read(0, reader.plain_length());
        require(all.size() == reader.plain_length(), "a stream is as long as it says");
        ByteBuffer by_block;
        for (std::size_t i = 0; i < reader.blocks().size(); ++i)
            append(by_block, reader.read_block(i));
        require(by_block == all, "blocks are the stream");
        return true;
    });
}

}  // namespace mailhold::fuzz
