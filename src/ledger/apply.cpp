// Events to rows.

#include "apply.hpp"

#include <algorithm>

#include "mailhold/crypto/crypto.hpp"

#include "splice.hpp"

namespace mailhold::ledger {

namespace {

const std::array<std::byte, 32>& id_bytes(const vault::Event* event)
{
    if (const auto* message = std::get_if<vault::MessageAdded>(event))
        return message->id.value;
    return std::get<vault::PartAdded>(*event).id.value;
}

/// One overload an event.
class Applier {
public:
    Applier(catalog::Catalog& catalog, const crypto::WriterId& writer, Time time)
        : catalog_(catalog), writer_(writer), time_(time)
    {
    }

    void operator()(const vault::ArchiveAdded& event)
    {
        catalog_.put_archive({.object = event.object,
                              .writer = writer_,
                              .length = event.length,
                              .header = event.header,
                              .blocks = event.blocks});
    }

    void operator()(const vault::ShardAdded& event)
    {
        catalog_.put_shard({.object = event.object,
                            .writer = writer_,
                            .length = event.length,
                            .header = event.header,
                            .blocks = event.blocks,
                            .schema = event.schema,
                            .documents = event.documents,
                            .covers = event.covers,
                            .replaced_since = {}},
                           event.replaces, time_);
    }

    void operator()(const vault::MessageAdded& event)
    {
        catalog_.put_message(event.id, event.size, event.spliced, event.at);
    }

    void operator()(const vault::PartAdded& event)
    {
        catalog_.put_part(event.id, event.size, event.at);
    }

    void operator()(const vault::AccountDescribed& event)
    {
        catalog_.put_account({.id = event.id,
                              .address = event.address,
                              .role = event.role,
                              .server = event.server,
                              .archive_only = event.archive_only,
                              .writer = writer_},
                             time_);
    }

    void operator()(const vault::FolderDescribed& event)
    {
        catalog_.put_folder({.key = {writer_, event.fid},
                             .account = event.account,
                             .name = event.name,
                             .wire_name = event.wire_name,
                             .uid_validity = event.uid_validity,
                             .separator = event.separator,
                             .use = event.use,
                             .gone = event.gone},
                            time_);
    }

    void operator()(const vault::Placed& event)
    {
        catalog_.put_placement({.folder = {writer_, event.fid},
                                .uid = event.uid,
                                .id = event.id,
                                .date = event.date,
                                .flags = event.flags,
                                .first_seen = time_,
                                .gone_since = {},
                                .gmail_message_id = event.gmail_message_id});
    }

    void operator()(const vault::FlagsChanged& event)
    {
        catalog_.put_flags({writer_, event.fid}, event.uid, event.flags, time_);
    }

    void operator()(const vault::Gone& event)
    {
        catalog_.put_gone({writer_, event.fid}, event.uids, time_);
    }

    void operator()(const vault::Failed& event)
    {
        catalog_.put_failed({{writer_, event.fid}, event.uid, event.why, time_});
    }

    void operator()(const vault::RunEnd& event)
    {
        for (const vault::AccountResult& result : event.accounts)
            catalog_.put_run({.account = result.account,
                              .time = time_,
                              .ok = result.ok,
                              .server_messages = result.server_messages,
                              .archived_messages = result.archived_messages,
                              .error_class = result.error_class,
                              .error_text = result.error_text,
                              .error_hint = result.error_hint});
    }

    void operator()(const vault::Record& event)
    {
        if (event.space != splice_space) {
            catalog_.put_record(event.space, event.key, event.value.dump(), time_);
            return;
        }
        const MessageParts splice = parse_splice_record(event);
        catalog_.put_splice(splice.id, splice.parts);
    }

    void operator()(const vault::Moved& event) { catalog_.put_moved(event.id, event.at); }

    void operator()(const vault::Erased& event) { catalog_.put_erased(event.id, event.why); }

    void operator()(const vault::Hold& event)
    {
        const std::string line = event.event.dump();
        catalog_.put_record("hold", crypto::hash(bytes_of(line)).hex(), line, time_);
    }

private:
    catalog::Catalog& catalog_;
    const crypto::WriterId& writer_;
    Time time_;
};

}  // namespace

void apply(catalog::Catalog& catalog, const crypto::WriterId& writer, const vault::EntryInfo& info,
           const std::vector<vault::Event>& events)
{
    Applier applier(catalog, writer, info.time);
    std::vector<const vault::Event*> contents;
    std::vector<const vault::Event*> others;
    for (const vault::Event& event : events) {
        const bool is_content = std::holds_alternative<vault::MessageAdded>(event) ||
                                std::holds_alternative<vault::PartAdded>(event);
        (is_content ? contents : others).push_back(&event);
    }
    // In the order of their random ids, which the catalog's index takes several times faster.
    std::ranges::sort(contents, {}, id_bytes);
    for (const vault::Event* event : contents)
        std::visit(applier, *event);
    for (const vault::Event* event : others)
        std::visit(applier, *event);
}

}  // namespace mailhold::ledger
