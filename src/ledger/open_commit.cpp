// Collecting a commit and publishing it.

#include "open_commit.hpp"

#include <algorithm>
#include <future>

#include "mailhold/base/error.hpp"

#include "shards.hpp"
#include "splice.hpp"

namespace mailhold::ledger {

namespace {

/// Half of what an entry may have, since the estimate of a line is one.
constexpr std::uint64_t max_event_bytes = sealed::journal_limit_bytes / 2;
/// Keeps a line well under the 1 MiB that the format allows.
constexpr std::size_t max_uids_a_line = 50'000;

/// Generous: bytes of an event's journal line.
struct LineEstimate {
    std::uint64_t operator()(const vault::Placed& event) const
    {
        return 320 + flag_bytes(event.flags) + flag_bytes(event.gmail_labels);
    }
    std::uint64_t operator()(const vault::FlagsChanged& event) const
    {
        return 80 + flag_bytes(event.flags);
    }
    std::uint64_t operator()(const vault::Gone& event) const { return 80 + 12 * event.uids.size(); }
    std::uint64_t operator()(const vault::Failed& event) const { return 80 + 6 * event.why.size(); }
    std::uint64_t operator()(const vault::Record& event) const
    {
        return 80 + event.key.size() + event.value.dump().size();
    }
    template <class Other>
    std::uint64_t operator()(const Other&) const
    {
        return 4'096;
    }

private:
    /// JSON may write a byte as \u0000.
    static std::uint64_t flag_bytes(const std::vector<std::string>& texts)
    {
        std::uint64_t bytes = 0;
        for (const std::string& text : texts)
            bytes += 6 * text.size() + 4;
        return bytes;
    }
};

std::vector<crypto::PartId> distinct_ids(const std::vector<PreparedPart>& parts)
{
    std::vector<crypto::PartId> ids;
    for (const PreparedPart& part : parts)
        ids.push_back(part.id);
    std::ranges::sort(ids);
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    return ids;
}

std::string meta_of(const PreparedMessage& message)
{
    std::string meta;
    vault::append_line(meta, message.placed);
    if (message.parts.empty())
        return meta;
    std::vector<SplicedPart> parts;
    for (const PreparedPart& part : message.parts)
        parts.push_back({.offset = part.offset, .id = part.id, .encoding = part.encoding});
    append_splice_line(meta, parts);
    return meta;
}

}  // namespace

OpenCommit::OpenCommit(Core& core, std::string run, const IntakeOptions& options)
    : core_(core), run_(std::move(run)), options_(options), shard_(options.index)
{
    for (const auto& [writer, head] : core.catalog->heads())
        others_write_ = others_write_ || writer != core.writer().writer;
}

bool OpenCommit::is_due() const
{
    return new_raw_bytes_ >= options_.commit_raw_bytes || event_bytes_ >= max_event_bytes ||
           (due_at_ && std::chrono::steady_clock::now() >= *due_at_);
}

void OpenCommit::add_event(vault::Event event)
{
    event_bytes_ += std::visit(LineEstimate(), event);
    if (!due_at_)
        due_at_ = std::chrono::steady_clock::now() + options_.commit_interval;
    events_.push_back(std::move(event));
}

void OpenCommit::add(PreparedMessage message)
{
    const crypto::ContentId id = message.placed.id;
    AccountTally& tally = tallies_[message.account];
    tally.raw_bytes += message.size;
    const bool is_new =
        !message.was_known && !new_messages_.contains(id) && !core_.catalog->knows_message(id);
    if (is_new) {
        store_content(message);
        ++tally.new_messages;
        new_raw_bytes_ += message.size;
        event_bytes_ += 400;
    } else {
        ++tally.known_messages;
    }
    add(message.account, std::move(message.placed));
}

void OpenCommit::store_content(PreparedMessage& message)
{
    for (const PreparedPart& part : message.parts)
        store_part(message.account, part);
    const bool spliced = !message.parts.empty();
    const auto kind = spliced ? vault::EntryKind::spliced : vault::EntryKind::message;
    const std::int64_t mtime = message.placed.date ? message.placed.date->epoch_seconds : 0;
    builder().add(message.account, kind, message.placed.id.bytes(), message.content,
                  meta_of(message), std::max<std::int64_t>(mtime, 0));
    new_messages_.emplace(message.placed.id,
                          NewMessage{.size = message.size, .parts = distinct_ids(message.parts)});
    if (message.searchable)
        shard_.add({.id = message.placed.id,
                    .size_bytes = message.size,
                    .fallback_date = mtime,
                    .message = std::move(*message.searchable)});
}

bool OpenCommit::has_part(const crypto::PartId& id) const
{
    return new_parts_.contains(id) || core_.catalog->knows_part(id);
}

void OpenCommit::store_part(const crypto::AccountId& lane, const PreparedPart& part)
{
    if (!has_part(part.id)) {
        if (part.stored.size() != part.size)
            throw Error(ErrorKind::bug, "a part that the vault had is there no longer");
        builder().add(lane, vault::EntryKind::part, part.id.bytes(), part.stored, "", 0);
        new_parts_.emplace(part.id, part.size);
        event_bytes_ += 400;
    } else if (others_write_ && !new_parts_.contains(part.id)) {
        declare_again(part.id);
    }
}

/// The events of a chain refer only to ids that it has declared itself (docs/format.md, Journal).
void OpenCommit::declare_again(const crypto::PartId& id)
{
    const auto stored = core_.catalog->part(id);
    if (!stored || core_.catalog->stored_by(core_.writer().writer, id))
        return;
    for (const sealed::Location& at : stored->locations)
        add_event(vault::PartAdded{.id = id, .size = stored->size, .at = at});
}

void OpenCommit::declare_again(const crypto::ContentId& id)
{
    const auto stored = core_.catalog->message(id);
    if (!stored || core_.catalog->stored_by(core_.writer().writer, id))
        return;
    for (const sealed::Location& at : stored->locations)
        add_event(vault::MessageAdded{
            .id = id, .size = stored->size, .at = at, .spliced = stored->spliced});
    if (!stored->spliced)
        return;
    const auto parts = core_.catalog->parts_of(id);
    for (const crypto::PartId& part : parts)
        declare_again(part);
    add_event(splice_record(id, parts));
}

vault::ArchiveBuilder& OpenCommit::builder()
{
    if (!builder_)
        builder_ = std::make_unique<vault::ArchiveBuilder>(*core_.store, core_.writer(),
                                                           options_.sealing_threads);
    return *builder_;
}

void OpenCommit::add(const crypto::AccountId& account, vault::Placed placed)
{
    if (!new_messages_.contains(placed.id)) {
        if (!core_.catalog->knows_message(placed.id))
            throw Error(ErrorKind::bug, "a placement names a message that the vault does not have");
        if (others_write_)
            declare_again(placed.id);
    }
    ++tallies_[account].placed;
    add_event(std::move(placed));
}

void OpenCommit::add(const crypto::AccountId& account, vault::Event event)
{
    if (std::holds_alternative<vault::FlagsChanged>(event))
        ++tallies_[account].flags;
    auto* gone = std::get_if<vault::Gone>(&event);
    if (gone == nullptr) {
        add_event(std::move(event));
        return;
    }
    tallies_[account].gone += gone->uids.size();
    for (std::size_t start = 0; start < gone->uids.size(); start += max_uids_a_line) {
        const auto first = gone->uids.begin() + static_cast<std::ptrdiff_t>(start);
        const auto count = std::min(max_uids_a_line, gone->uids.size() - start);
        add_event(vault::Gone{gone->fid,
                              std::vector<Uid>(first, first + static_cast<std::ptrdiff_t>(count))});
    }
}

void OpenCommit::add_cursor(FolderId fid, const catalog::FolderCursor& cursor)
{
    cursors_[fid] = cursor;
}

/// The archive's name stands in the catalog before the object is there, so that whoever finds it
/// without a journal entry knows whose it is. Its messages' shard comes with it: archived means
/// searchable.
std::vector<vault::Event> OpenCommit::publish_archive()
{
    std::vector<vault::Event> events;
    if (!builder_)
        return events;
    auto finishing = std::async(std::launch::async, [this] { return shard_.finish(); });
    vault::FinishedArchive archive = builder_->finish();
    core_.catalog->put_expected_object(vault::archive_name(archive.stream.object));
    builder_->publish();
    builder_.reset();
    events.reserve(events_.size() + archive.entries.size() + 2);
    events.emplace_back(vault::ArchiveAdded{.object = archive.stream.object,
                                            .length = archive.stream.length,
                                            .header = archive.stream.header,
                                            .blocks = archive.stream.blocks});
    add_contents(events, archive);
    if (const auto shard = finishing.get())
        events.emplace_back(publish_shard(core_, *shard, schema_of(options_.index->languages),
                                          {archive.stream.object}));
    return events;
}

void OpenCommit::add_contents(std::vector<vault::Event>& events,
                              const vault::FinishedArchive& archive)
{
    for (const vault::ArchivedEntry& entry : archive.entries) {
        const sealed::Location at{
            .object = archive.stream.object, .offset = entry.offset, .length = entry.length};
        if (entry.kind == vault::EntryKind::part) {
            const crypto::PartId id{entry.id};
            events.emplace_back(vault::PartAdded{.id = id, .size = new_parts_.at(id), .at = at});
            continue;
        }
        const crypto::ContentId id{entry.id};
        const NewMessage& message = new_messages_.at(id);
        const bool spliced = entry.kind == vault::EntryKind::spliced;
        events.emplace_back(
            vault::MessageAdded{.id = id, .size = message.size, .at = at, .spliced = spliced});
        if (spliced)
            events.emplace_back(splice_record(id, message.parts));
    }
}

Commit OpenCommit::commit()
{
    Commit result{
        .seq = 0, .hash = {}, .messages = new_messages_.size(), .raw_bytes = new_raw_bytes_};
    Cursors cursors(cursors_.begin(), cursors_.end());
    if (events_.empty()) {
        core_.catalog->transaction([&] {
            for (const auto& [fid, cursor] : cursors)
                core_.catalog->put_cursor({core_.writer().writer, fid}, cursor);
        });
        start_anew();
        return result;
    }
    EntryContent content{.info = {.time = now(), .run = run_, .part = ++part_},
                         .events = publish_archive(),
                         .cursors = std::move(cursors)};
    std::ranges::move(events_, std::back_inserter(content.events));
    vault::EntryDraft draft(content.info);
    for (const vault::Event& event : content.events)
        draft.add(event);
    const catalog::Head head = publish_entry(core_, draft, content);
    start_anew();
    result.seq = head.seq;
    result.hash = head.hash;
    return result;
}

void OpenCommit::start_anew()
{
    new_messages_.clear();
    new_parts_.clear();
    events_.clear();
    cursors_.clear();
    event_bytes_ = 0;
    new_raw_bytes_ = 0;
    due_at_.reset();
}

}  // namespace mailhold::ledger
