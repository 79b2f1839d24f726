// Entries to tar bytes, tar bytes to blocks of one account each, blocks to an object.

#include <algorithm>
#include <map>

#include "block_sealer.hpp"
#include "entry_path.hpp"
#include "mailhold/archive/tar.hpp"
#include "mailhold/base/error.hpp"
#include "mailhold/vault/archive.hpp"

namespace mailhold::vault {

namespace {

/// One account's next block. Offsets of the entries that begin in it are known when it is
/// submitted.
struct Lane {
    ByteBuffer plain;
    std::vector<std::size_t> begun;  ///< indices into State::entries
};

sealed::Header archive_header()
{
    sealed::Header header;
    header.kind = sealed::Kind::archive;
    return header;
}

}  // namespace

struct ArchiveBuilder::State {
    State(objects::Store& store, const WriterKit& kit, unsigned sealing_threads)
        : upload(store.begin_upload(kit.writer.hex())),
          stream(kit.sealing(), archive_header(), [this](Bytes bytes) { upload->write(bytes); }),
          sealer(stream, sealing_threads)
    {
    }

    /// Puts tar bytes into the lane, submitting a block whenever it is as large as one may be.
    void collect(Lane& lane, Bytes bytes)
    {
        plain_bytes += bytes.size();
        while (!bytes.empty()) {
            const std::size_t room = sealed::archive_block_limit_bytes - lane.plain.size();
            const auto taken = std::min(room, bytes.size());
            append(lane.plain, bytes.first(taken));
            bytes = bytes.subspan(taken);
            if (lane.plain.size() == sealed::archive_block_limit_bytes)
                submit(lane);
        }
    }

    void submit(Lane& lane)
    {
        if (lane.plain.empty())
            return;
        for (const std::size_t index : lane.begun)
            entries[index].offset += submitted_bytes;
        lane.begun.clear();
        submitted_bytes += lane.plain.size();
        blocks += 1;
        sealer.submit(std::exchange(lane.plain, {}));
        lane.plain = sealer.spare();
    }

    std::unique_ptr<objects::Upload> upload;
    sealed::StreamWriter stream;
    BlockSealer sealer;
    archive::TarEntryWriter tar;
    std::map<crypto::AccountId, Lane> lanes;
    std::vector<ArchivedEntry> entries;
    std::uint64_t plain_bytes = 0;
    std::uint64_t submitted_bytes = 0;
    std::uint64_t blocks = 0;
    crypto::Hash object;
};

ArchiveBuilder::ArchiveBuilder(objects::Store& store, const WriterKit& kit,
                               unsigned sealing_threads)
    : state_(std::make_unique<State>(store, kit, sealing_threads))
{
}

ArchiveBuilder::~ArchiveBuilder() = default;

void ArchiveBuilder::add(const crypto::AccountId& lane, EntryKind kind, Bytes id, Bytes content,
                         std::string meta, std::int64_t mtime)
{
    State& state = *state_;
    Lane& into = state.lanes[lane];
    ArchivedEntry entry{.kind = kind, .id = {}, .offset = into.plain.size(), .length = 0};
    std::ranges::copy(id, entry.id.begin());
    const std::size_t index = state.entries.size();
    state.entries.push_back(entry);
    into.begun.push_back(index);

    const std::uint64_t before = state.plain_bytes;
    const std::uint64_t blocks_before = state.blocks;
    state.tar.write({.path = entry_path(kind, id), .mtime = mtime, .meta = std::move(meta)},
                    content, [&](Bytes bytes) { state.collect(into, bytes); });
    state.entries[index].length = state.plain_bytes - before;
    // The rest of an entry that filled a block follows it at once: a location is one range.
    if (state.blocks != blocks_before || into.plain.size() >= sealed::archive_block_target_bytes)
        state.submit(into);
}

std::uint64_t ArchiveBuilder::plain_bytes() const noexcept
{
    return state_->plain_bytes;
}

bool ArchiveBuilder::empty() const noexcept
{
    return state_->entries.empty();
}

FinishedArchive ArchiveBuilder::finish()
{
    State& state = *state_;
    Lane* last = nullptr;
    for (auto& [account, lane] : state.lanes) {
        if (lane.plain.empty())
            continue;
        if (last != nullptr)
            state.submit(*last);
        last = &lane;
    }
    Lane end;
    Lane& closing = last != nullptr ? *last : end;
    append(closing.plain, archive::end_of_tar());
    state.submit(closing);
    state.sealer.drain();
    FinishedArchive finished{.stream = state.stream.finish(), .entries = std::move(state.entries)};
    state.object = finished.stream.object;
    return finished;
}

void ArchiveBuilder::publish()
{
    if (state_->object == crypto::Hash{})
        throw Error(ErrorKind::bug, "an archive is finished before it is published");
    state_->upload->publish(archive_name(state_->object));
}

}  // namespace mailhold::vault
