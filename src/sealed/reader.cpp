// Reading ranges of a sealed stream; nothing is believed before its AEAD fits.

#include <algorithm>

#include "block.hpp"
#include "footer.hpp"
#include "layout.hpp"
#include "mailhold/archive/zstd.hpp"
#include "mailhold/base/error.hpp"
#include "mailhold/sealed/stream.hpp"

namespace mailhold::sealed {
namespace {

[[noreturn]] void report_damage(const std::string& what)
{
    throw Error(ErrorKind::damaged, "sealed stream: " + what);
}

/// Bytes of the store that broke their format are damage here, whoever's parser said so.
template <class Work>
auto damage_if_malformed(Work work) -> decltype(work())
{
    try {
        return work();
    } catch (const Error& e) {
        if (e.kind() != ErrorKind::malformed)
            throw;
        throw Error(ErrorKind::damaged, e.what());
    }
}

/// The stream's own key. A header whose recipient was changed still opens: that is told from a key
/// we lack.
crypto::SecretBytes stream_key(const OpeningKeys& keys, const Header& header)
{
    if (keys.vault_pair == nullptr || keys.key_p == nullptr)
        throw Error(ErrorKind::wrong_key, "no key to open a sealed stream");
    const bool is_ours = header.recipient == recipient_of(keys.vault_pair->public_key);
    std::optional<crypto::SecretBytes> k0 = crypto::box_open(*keys.vault_pair, header.sealed_key);
    if (is_ours && k0)
        return std::move(*k0);
    if (is_ours || k0)
        throw Error(ErrorKind::tampered, "sealed stream: its key or recipient was changed");
    throw Error(ErrorKind::wrong_key, "a stream sealed to a key that is not here");
}

BlockTable decode_directory(Bytes directory)
{
    BlockTable blocks;
    blocks.reserve(directory.size() / directory_row_bytes);
    for (std::size_t at = 0; at + directory_row_bytes <= directory.size();
         at += directory_row_bytes)
        blocks.push_back({read_le<std::uint32_t>(directory, at),
                          read_le<std::uint32_t>(directory, at + sizeof(std::uint32_t))});
    return blocks;
}

}  // namespace

struct StreamReader::State {
    RangeSource source;
    Header header{};
    std::uint64_t header_bytes = 0;
    std::optional<BlockCipher> cipher{};
    Layout layout{};
    std::optional<std::size_t> cached_index{};
    ByteBuffer cached{};

    ByteBuffer fetch(std::uint64_t offset, std::uint64_t length) const
    {
        ByteBuffer bytes = source(offset, length);
        if (bytes.size() != length)
            report_damage("truncated");
        return bytes;
    }

    void use_header(const OpeningKeys& keys, Bytes bytes)
    {
        header = damage_if_malformed([&] { return decode_header(bytes); });
        header_bytes = damage_if_malformed([&] { return announced_header_bytes(bytes); });
        const crypto::SecretBytes k0 = stream_key(keys, header);
        cipher.emplace(keys.key_p->view(), k0.view(), bytes.first(header_bytes), header.uid);
    }

    ByteBuffer fetch_header(std::uint64_t file_length) const
    {
        if (file_length < min_header_bytes || file_length > max_object_bytes)
            report_damage("impossible length");
        ByteBuffer bytes = fetch(0, min_header_bytes);
        const std::size_t size = damage_if_malformed([&] { return announced_header_bytes(bytes); });
        if (size > file_length)
            report_damage("truncated");
        append(bytes, fetch(min_header_bytes, size - min_header_bytes));
        return bytes;
    }

    /// How many data blocks stand before the directory: their number is part of its nonce.
    std::uint64_t count_blocks(std::uint64_t directory_offset) const
    {
        const std::uint32_t limit = max_sealed_bytes(max_plain_bytes(header.kind));
        std::uint64_t count = 0;
        std::uint64_t at = header_bytes;
        while (at < directory_offset) {
            const auto clen = read_le<std::uint32_t>(fetch(at, clen_bytes), 0);
            if (clen > limit || count == max_blocks)
                report_damage("too many or too long blocks");
            at += clen_bytes + clen;
            ++count;
        }
        if (at != directory_offset)
            report_damage("its blocks do not end where the directory begins");
        return count;
    }

    void read_directory(std::uint64_t file_length)
    {
        const std::uint64_t trailer = trailer_bytes(header.kind);
        if (file_length < header_bytes + trailer + clen_bytes)
            report_damage("truncated");
        const std::uint64_t end = file_length - trailer;
        const std::uint64_t offset =
            directory_offset_of(fetch(end, footer_bytes), header.kind, header_bytes, file_length);
        if (end - offset > clen_bytes + max_sealed_bytes(max_directory_bytes))
            report_damage("directory too long");
        const std::uint64_t count = count_blocks(offset);
        ByteBuffer block = fetch(offset, end - offset);
        const Bytes frame = open_in_place(block, count, BlockType::directory);
        layout = Layout(header.kind, header_bytes, open_directory(frame, count));
        if (layout.file_end() != offset)
            report_damage("its directory speaks of other blocks");
    }

    static BlockTable open_directory(Bytes frame, std::uint64_t count)
    {
        return decode_directory(damage_if_malformed(
            [&] { return archive::decompress_frame(frame, count * directory_row_bytes); }));
    }

    /// `block` is clen || ciphertext as it stood in the file. Returns its frame.
    Bytes open_in_place(std::span<std::byte> block, std::uint64_t index, BlockType type) const
    {
        const std::span<std::byte> sealed = block.subspan(clen_bytes);
        if (read_le<std::uint32_t>(block, 0) != sealed.size())
            report_damage("block " + std::to_string(index) + " has another length than expected");
        if (sealed.size() < zlen_bytes + crypto::aead_tag_bytes)
            report_damage("block " + std::to_string(index) + " is too short");
        return cipher->open(sealed.first(sealed.size() - crypto::aead_tag_bytes), index, type,
                            sealed);
    }

    void open_block_to(std::span<std::byte> out, std::size_t index) const
    {
        const auto [offset, length] = layout.extent(index);
        ByteBuffer block = fetch(offset, length);
        const Bytes frame = open_in_place(block, index, BlockType::data);
        damage_if_malformed([&] { archive::decompress_frame_to(out, frame); });
    }

    void cache(std::size_t index)
    {
        if (cached_index == index)
            return;
        cached_index.reset();
        cached.resize(layout.blocks()[index].plain_bytes);
        open_block_to(cached, index);
        cached_index = index;
    }

    /// Fills `out` with what block `index` holds from plain offset `from` on.
    void copy_from_block(std::span<std::byte> out, std::size_t index, std::uint64_t from)
    {
        if (out.size() == layout.blocks()[index].plain_bytes && cached_index != index) {
            open_block_to(out, index);  // whole: no need to keep what the caller gets anyway
            return;
        }
        cache(index);
        const auto begin = cached.begin() + static_cast<std::ptrdiff_t>(from);
        std::copy_n(begin, out.size(), out.begin());
    }
};

StreamReader::StreamReader(const OpeningKeys& keys, RangeSource source, std::uint64_t file_length)
    : state_(std::make_unique<State>(State{std::move(source)}))
{
    state_->use_header(keys, state_->fetch_header(file_length));
    state_->read_directory(file_length);
}

StreamReader::StreamReader(const OpeningKeys& keys, RangeSource source, Bytes header,
                           BlockTable blocks)
    : state_(std::make_unique<State>(State{std::move(source)}))
{
    state_->use_header(keys, header);
    if (state_->header_bytes != header.size())
        report_damage("a recorded header has another length than it says");
    state_->layout = Layout(state_->header.kind, header.size(), std::move(blocks));
}

StreamReader::StreamReader(StreamReader&&) noexcept = default;
StreamReader::~StreamReader() = default;

const Header& StreamReader::header() const noexcept
{
    return state_->header;
}
const BlockTable& StreamReader::blocks() const noexcept
{
    return state_->layout.blocks();
}
std::uint64_t StreamReader::plain_length() const noexcept
{
    return state_->layout.plain_length();
}

ByteBuffer StreamReader::read(std::uint64_t offset, std::uint64_t length)
{
    State& state = *state_;
    if (offset > plain_length() || length > plain_length() - offset)
        report_damage("nothing stands at the wanted place");
    ByteBuffer result(length);
    std::span<std::byte> left(result);
    while (!left.empty()) {
        const std::size_t index = state.layout.block_at(offset);
        const std::uint64_t from = offset - state.layout.plain_start(index);
        const std::uint64_t there = blocks()[index].plain_bytes - from;
        const std::size_t now = std::min<std::uint64_t>(left.size(), there);
        state.copy_from_block(left.first(now), index, from);
        left = left.subspan(now);
        offset += now;
    }
    return result;
}

ByteBuffer StreamReader::read_block(std::size_t index)
{
    if (index >= blocks().size())
        report_damage("no block " + std::to_string(index));
    ByteBuffer plain(blocks()[index].plain_bytes);
    state_->copy_from_block(plain, index, 0);
    return plain;
}

std::pair<std::uint64_t, std::uint64_t> StreamReader::block_extent(std::size_t index) const
{
    if (index >= blocks().size())
        report_damage("no block " + std::to_string(index));
    return state_->layout.extent(index);
}

}  // namespace mailhold::sealed
