// Outbox, commit point, rows.

#include "publish.hpp"

#include "apply.hpp"

namespace mailhold::ledger {

namespace {

/// The root log's chain has writer id 0.
std::vector<sealed::ChainHead> heads_seen(const Core& core)
{
    std::vector<sealed::ChainHead> heads{
        {.writer = {}, .seq = core.log.seq, .hash = core.log.head}};
    heads.insert(heads.end(), core.seen.begin(), core.seen.end());
    heads.resize(std::min(heads.size(), sealed::max_rows));
    return heads;
}

void complete(Core& core, const catalog::Outbox& outbox, const EntryContent& content)
{
    if (core.store->put_new(outbox.name, outbox.bytes) == objects::PutOutcome::replaced)
        core.recovery.healed.push_back(outbox.name);
    core.mirror->keep(outbox.name, outbox.bytes);
    const crypto::WriterId& writer = core.writer().writer;
    catalog::Catalog& catalog = *core.catalog;
    catalog.transaction([&] {
        apply(catalog, writer, content.info, content.events);
        for (const auto& [fid, cursor] : content.cursors)
            catalog.put_cursor({writer, fid}, cursor);
        catalog.put_head(writer, {outbox.seq, outbox.hash}, outbox.bytes.size());
        catalog.clear_outbox();
        catalog.clear_expected_objects();
    });
}

}  // namespace

const vault::WriterKit& Core::writer() const
{
    if (!kit)
        throw Error(ErrorKind::not_found, "this host is no writer of the vault",
                    "make it one with `mailhold writer add`");
    return *kit;
}

catalog::Head publish_entry(Core& core, const vault::EntryDraft& draft, const EntryContent& content)
{
    const catalog::Head last = core.catalog->head(core.writer().writer).value_or(catalog::Head{});
    vault::SealedEntry entry =
        vault::seal_entry(core.writer(), last.seq + 1, last.hash, draft, heads_seen(core));
    const catalog::Outbox outbox{.seq = entry.seq,
                                 .hash = entry.hash,
                                 .name = std::move(entry.name),
                                 .bytes = std::move(entry.bytes),
                                 .lines = draft.lines(),
                                 .cursors = content.cursors};
    core.catalog->put_outbox(outbox);
    complete(core, outbox, content);
    return {outbox.seq, outbox.hash};
}

bool settle_outbox(Core& core)
{
    const auto outbox = core.catalog->outbox();
    if (!outbox)
        return false;
    auto [info, events] = vault::parse_lines(outbox->lines);
    complete(core, *outbox,
             {.info = std::move(info), .events = std::move(events), .cursors = outbox->cursors});
    return true;
}

}  // namespace mailhold::ledger
