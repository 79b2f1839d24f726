// One journal entry: JSON lines collected, sealed, signed; opened, checked, parsed.

#include <algorithm>

#include <fmt/format.h>

#include "event_json.hpp"
#include "mailhold/base/error.hpp"
#include "mailhold/vault/journal.hpp"

namespace mailhold::vault {

namespace {

/// The object that an event adds, if it adds one.
std::optional<sealed::ObjectRow> row_of(const Event& event)
{
    using Row = sealed::ObjectRow;
    if (const auto* archive = std::get_if<ArchiveAdded>(&event))
        return Row{Row::Op::adds, sealed::Kind::archive, archive->length, archive->object};
    if (const auto* shard = std::get_if<ShardAdded>(&event))
        return Row{Row::Op::adds, sealed::Kind::shard, shard->length, shard->object};
    return std::nullopt;
}

void require_limits(const EntryDraft& draft, const std::vector<sealed::ChainHead>& heads)
{
    if (draft.plain_bytes() > sealed::journal_limit_bytes)
        throw Error(ErrorKind::bug, "a journal entry is over 64 MiB");
    if (draft.objects().size() > sealed::max_rows || heads.size() > sealed::max_rows)
        throw Error(ErrorKind::bug, "a journal entry has more than 500 objects or heads");
}

const WriterInfo& certified(const sealed::Header& header, const RootLog& log)
{
    if (header.kind != sealed::Kind::journal)
        throw Error(ErrorKind::tampered, "not a journal entry");
    if (header.vault != log.vault)
        throw Error(ErrorKind::tampered, "the entry belongs to another vault");
    const auto writer = log.writers.find(header.writer);
    if (writer == log.writers.end())
        throw Error(ErrorKind::tampered, "the entry's writer was never allowed to write here");
    return writer->second;
}

/// Readers see what the keyless check sees: an object that only the events name is not vouched for.
void require_rows(const JournalEntry& entry)
{
    for (const Event& event : entry.events) {
        const auto row = row_of(event);
        if (row && std::ranges::find(entry.header.objects, *row) == entry.header.objects.end())
            throw Error(ErrorKind::tampered,
                        "the entry's events add an object that its header does not name");
    }
}

std::string plain_text(sealed::StreamReader& stream)
{
    if (stream.plain_length() > sealed::journal_limit_bytes)
        throw Error(ErrorKind::damaged, "the entry is over 64 MiB");
    std::string text;
    text.reserve(stream.plain_length());
    for (std::size_t i = 0; i < stream.blocks().size(); ++i)
        text += text_of(stream.read_block(i));
    return text;
}

sealed::RangeSource source_of(Bytes file)
{
    return [file](std::uint64_t offset, std::uint64_t length) {
        if (offset > file.size() || length > file.size() - offset)
            throw Error(ErrorKind::damaged, "the entry ends too early");
        return copy_of(file.subspan(offset, length));
    };
}

/// Bytes that should be ours but do not parse are damage (docs/format.md, What check answers).
template <class Work>
auto parsing(Work work) -> decltype(work())
{
    try {
        return work();
    } catch (const Error& e) {
        if (e.kind() == ErrorKind::malformed)
            throw Error(ErrorKind::damaged, e.what(), e.hint());
        throw;
    }
}

}  // namespace

EntryDraft::EntryDraft(const EntryInfo& info)
{
    append_entry_line(lines_, info);
}

void EntryDraft::add(const Event& event)
{
    append_line(lines_, event);
    if (const auto row = row_of(event))
        objects_.push_back(*row);
    if (const auto* shard = std::get_if<ShardAdded>(&event))
        for (const crypto::Hash& replaced : shard->replaces)
            objects_.push_back({sealed::ObjectRow::Op::retires, sealed::Kind::shard, 0, replaced});
}

SealedEntry seal_entry(const WriterKit& kit, std::uint64_t seq, const crypto::Hash& previous,
                       const EntryDraft& draft, const std::vector<sealed::ChainHead>& heads)
{
    require_limits(draft, heads);
    sealed::Header header;
    header.kind = sealed::Kind::journal;
    header.seq = seq;
    header.previous = previous;
    header.objects = draft.objects();
    header.heads = heads;
    SealedEntry entry{.seq = seq, .hash = {}, .name = {}, .bytes = {}};
    sealed::StreamWriter stream(
        kit.sealing(), std::move(header), [&](Bytes bytes) { append(entry.bytes, bytes); },
        &kit.signing);
    for (Bytes rest = bytes_of(draft.lines()); !rest.empty();) {
        const auto length = std::min<std::size_t>(rest.size(), sealed::journal_block_bytes);
        stream.append_plain(rest.first(length));
        rest = rest.subspan(length);
    }
    entry.hash = stream.finish().object;
    // What is wrong here would be found by the next reader only, when the mail may be gone.
    if (crypto::hash(entry.bytes) != entry.hash)
        throw Error(ErrorKind::bug, "a journal entry does not hash to its name");
    sealed::verify_entry_signature(entry.bytes, kit.signing.public_key);
    entry.name = journal_name(kit.writer, seq, entry.hash);
    return entry;
}

JournalEntry open_entry(Bytes file, const ReaderKeys& keys, const RootLog& log)
{
    return parsing([&] {
        JournalEntry entry{.header = sealed::decode_header(file), .info = {}, .events = {}};
        sealed::verify_entry_signature(file, certified(entry.header, log).key);
        sealed::StreamReader stream(keys.opening(entry.header), source_of(file), file.size());
        std::tie(entry.info, entry.events) = parse_lines(plain_text(stream));
        require_rows(entry);
        return entry;
    });
}

JournalEntry read_entry(const objects::Store& store, const EntryName& name, const ReaderKeys& keys,
                        const RootLog& log)
{
    try {
        const ByteBuffer file = store.get(name.name, journal_file_limit_bytes);
        if (crypto::hash(file) != name.hash)
            throw Error(ErrorKind::damaged, "the bytes do not hash to the name");
        JournalEntry entry = open_entry(file, keys, log);
        if (entry.header.writer != name.writer || entry.header.seq != name.seq)
            throw Error(ErrorKind::tampered, "the entry stands in another's place");
        return entry;
    } catch (Error& e) {
        e.add_context(name.name);
        throw;
    }
}

std::pair<EntryInfo, std::vector<Event>> parse_lines(std::string_view lines)
{
    std::pair<EntryInfo, std::vector<Event>> result;
    bool first = true;
    while (!lines.empty()) {
        const auto end = lines.find('\n');
        if (end == std::string_view::npos)
            throw Error(ErrorKind::malformed, "the last journal line has no end");
        const auto line = lines.substr(0, end);
        lines.remove_prefix(end + 1);
        if (first)
            result.first = parse_entry_line(line);
        else if (auto event = parse_line(line))
            result.second.push_back(*std::move(event));
        first = false;
    }
    if (first)
        throw Error(ErrorKind::malformed, "a journal entry without a line");
    return result;
}

}  // namespace mailhold::vault
