// Writing a sealed stream, each block and the key's box opened again before they count.

#include "block.hpp"
#include "footer.hpp"
#include "mailhold/base/error.hpp"
#include "mailhold/sealed/stream.hpp"
#include "sealer_pool.hpp"

namespace mailhold::sealed {
namespace {

using Effort = archive::FrameCompressor::Effort;

constexpr std::size_t stream_key_bytes = 32;
constexpr std::size_t sealed_key_offset = 112;  // docs/format.md, Sealed stream

[[noreturn]] void report_bug(const std::string& what)
{
    throw Error(ErrorKind::bug, "sealed stream: " + what);
}

Effort effort_for(Kind kind)
{
    return kind == Kind::archive ? Effort::archive : Effort::fast;
}

/// Compresses, seals, opens again, decompresses, compares: a memory fault must not lose mail
/// unseen.
ByteBuffer sealed_and_checked(const BlockCipher& cipher, Kind kind, std::uint64_t index,
                              BlockType type, Bytes plain)
{
    const SealerLoan loan(effort_for(kind));
    Sealer& sealer = *loan;
    const std::span<std::byte> frame =
        room(sealer.frame_room, archive::max_frame_bytes(plain.size()));
    const std::size_t frame_bytes = sealer.compressor.compress_to(frame, plain);
    ByteBuffer block = cipher.seal(kind, index, type, frame.first(frame_bytes));

    const Bytes ciphertext = Bytes(block).subspan(clen_bytes);
    const std::span<std::byte> opened =
        room(sealer.frame_room, ciphertext.size() - crypto::aead_tag_bytes);
    const std::span<std::byte> again = room(sealer.plain_room, plain.size());
    archive::decompress_frame_to(again, cipher.open(opened, index, type, ciphertext));
    if (!equal(again, plain))
        report_bug("a sealed block opens to other bytes: faulty memory?");
    return block;
}

ByteBuffer encode_directory(const BlockTable& blocks)
{
    ByteBuffer directory;
    directory.reserve(blocks.size() * directory_row_bytes);
    for (const Block& block : blocks) {
        append_le(directory, block.sealed_bytes);
        append_le(directory, block.plain_bytes);
    }
    return directory;
}

}  // namespace

struct StreamWriter::State {
    Kind kind;
    crypto::BoxPublicKey vault_key;
    const crypto::SecretBytes* key_p;
    const crypto::SignPair* signer;
    Sink sink;
    crypto::StreamUid uid{};
    ByteBuffer header{};
    crypto::SecretBytes ephemeral{};
    std::optional<BlockCipher> cipher{};
    crypto::Hasher hasher{};
    std::uint64_t length = 0;
    std::uint64_t plain_length = 0;
    BlockTable blocks{};
    bool spent = false;

    void make_header(const SealingKeys& keys, Header fields)
    {
        uid = crypto::random_id<crypto::StreamUid>();
        fields.vault = keys.vault;
        fields.writer = keys.writer;
        fields.uid = uid;
        fields.recipient = recipient_of(vault_key);
        const crypto::SecretBytes k0 = crypto::random_secret(stream_key_bytes);
        crypto::KeptBox box = crypto::box_seal_kept(vault_key, k0.view());
        std::copy(box.sealed.begin(), box.sealed.end(), fields.sealed_key.begin());
        header = encode(fields);
        ephemeral = std::move(box.ephemeral);
        cipher = cipher_of_header();
    }

    /// From what the box in the written header holds, as a reader will do, not from what we meant
    /// to put there.
    BlockCipher cipher_of_header() const
    {
        const Bytes box = Bytes(header).subspan(sealed_key_offset, sizeof(Header::sealed_key));
        const std::optional<crypto::SecretBytes> k0 = crypto::box_reopen(vault_key, ephemeral, box);
        if (!k0)
            report_bug("the sealed key does not open again: faulty memory?");
        return BlockCipher(key_p->view(), k0->view(), header, uid);
    }

    void emit(Bytes bytes)
    {
        hasher.add(bytes);
        length += bytes.size();
        sink(bytes);
    }

    /// Between a call's begin and its success the stream is of no use to anyone.
    void begin()
    {
        if (spent)
            report_bug("used after a failure or its end");
        spent = true;
    }

    void check_fits(const SealedBlock& sealed) const
    {
        if (sealed.index != blocks.size())
            report_bug("blocks out of order");
        if (sealed.bytes.size() != clen_bytes + sealed.block.sealed_bytes ||
            !is_allowed(kind, sealed.block) ||
            (!blocks.empty() && !may_follow(kind, blocks.front(), blocks.back(), sealed.block)))
            report_bug("a block of a size that its kind does not allow");
        if (length + sealed.bytes.size() > max_object_bytes || blocks.size() == max_blocks)
            report_bug("larger than an object may be");
        if (kind == Kind::journal && plain_length + sealed.block.plain_bytes > journal_limit_bytes)
            report_bug("a journal entry over 64 MiB");
    }
};

StreamWriter::StreamWriter(const SealingKeys& keys, Header header, Sink sink,
                           const crypto::SignPair* signer)
{
    if ((header.kind == Kind::journal) != (signer != nullptr))
        report_bug("journal entries are signed, and nothing else");
    if (keys.key_p == nullptr)
        report_bug("no key P");
    state_ = std::make_unique<State>(
        State{header.kind, keys.vault_key, keys.key_p, signer, std::move(sink)});
    state_->make_header(keys, std::move(header));
    state_->emit(state_->header);
}

StreamWriter::StreamWriter(StreamWriter&&) noexcept = default;
StreamWriter::~StreamWriter() = default;

SealedBlock StreamWriter::seal_block(std::uint64_t index, Bytes plain) const
{
    if (plain.empty() || plain.size() > max_plain_bytes(state_->kind))
        report_bug("a block of a size that its kind does not allow");
    SealedBlock sealed;
    sealed.bytes = sealed_and_checked(*state_->cipher, state_->kind, index, BlockType::data, plain);
    sealed.block = {static_cast<std::uint32_t>(sealed.bytes.size() - clen_bytes),
                    static_cast<std::uint32_t>(plain.size())};
    sealed.index = index;
    return sealed;
}

void StreamWriter::append(const SealedBlock& block)
{
    State& state = *state_;
    state.begin();
    state.check_fits(block);
    state.emit(block.bytes);
    state.blocks.push_back(block.block);
    state.plain_length += block.block.plain_bytes;
    state.spent = false;
}

void StreamWriter::append_plain(Bytes plain)
{
    append(seal_block(state_->blocks.size(), plain));
}

Finished StreamWriter::finish()
{
    State& state = *state_;
    state.begin();
    // The key in memory sealed every block: it must still be the one that the header gives its
    // readers.
    if (!state.cipher->has_same_key(state.cipher_of_header()))
        report_bug("the key changed while sealing: faulty memory?");

    const std::uint64_t directory_offset = state.length;
    state.emit(sealed_and_checked(*state.cipher, state.kind, state.blocks.size(),
                                  BlockType::directory, encode_directory(state.blocks)));
    state.emit(encode_footer(directory_offset, state.length + trailer_bytes(state.kind)));
    if (state.signer != nullptr)
        state.emit(
            crypto::sign(*state.signer, journal_context, state.hasher.so_far().bytes()).bytes());
    return {state.hasher.finish(), state.length, std::move(state.header), std::move(state.blocks)};
}

std::array<std::byte, 8> recipient_of(const crypto::BoxPublicKey& key)
{
    const crypto::Hash hash = crypto::hash(key.bytes());
    std::array<std::byte, 8> recipient{};
    std::copy_n(hash.value.begin(), recipient.size(), recipient.begin());
    return recipient;
}

}  // namespace mailhold::sealed
