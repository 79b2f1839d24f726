// The loop that carries an export plan out.

#include "mailhold/import_export/export.hpp"

#include "export_plan.hpp"
#include "mailhold/base/error.hpp"
#include "mailhold/deliver/unreadable.hpp"
#include "mailhold/mail/reading.hpp"

namespace mailhold::import_export {

namespace {

/// Behind every entry, also those of writers whose clocks are ahead of ours: the end of year 9999.
constexpr Time latest{253'402'300'799};

/// Reads each content once, as long as its places come one after the other.
class Reader {
public:
    explicit Reader(ledger::Library& library) : library_(library) {}

    /// False when it cannot be read; why() says so.
    bool read(const crypto::ContentId& id)
    {
        if (id_ == id)
            return why_.empty();
        raw_ = {};  // freed first: two large messages need not fit
        id_ = id;
        why_.clear();
        try {
            raw_ = library_.message(id);
        } catch (const Error& e) {
            if (!deliver::concerns_one_message(e.kind())) {
                id_.reset();
                throw;
            }
            why_ = e.what();
        }
        return why_.empty();
    }

    Bytes raw() const { return raw_; }
    const std::string& why() const { return why_; }

private:
    ledger::Library& library_;
    std::optional<crypto::ContentId> id_;
    ByteBuffer raw_;
    std::string why_;
};

class Export {
public:
    Export(const ExportPlan& plan, ledger::Library& library, deliver::Destination& destination)
        : plan_(plan), reader_(library), destination_(destination)
    {
    }

    ExportReport run(std::string account, ProgressSink& progress, const std::stop_token& stop)
    {
        ProgressEvent event;
        event.account = std::move(account);
        event.messages_total = plan_.messages().size();
        for (const PlannedFolder& folder : plan_.folders())
            if (folder.account.empty())  // else it came with a message
                destination_.add_folder(folder.name, folder.separator);
        for (const Planned& message : plan_.messages()) {
            if (stop.stop_requested())
                throw Error(ErrorKind::interrupted, "the export is incomplete",
                            "remove what was written and export again");
            event.folder = plan_.folders()[message.folder].name;
            deliver(message);
            ++event.messages_done;
            event.bytes_done = report_.bytes;
            progress.report(event);
        }
        destination_.finish();
        event.folder.clear();
        event.finished = true;
        progress.report(event);
        return std::move(report_);
    }

private:
    void deliver(const Planned& message)
    {
        if (!reader_.read(message.id)) {
            report_.failed.push_back({message.id, reader_.why()});
            return;
        }
        const PlannedFolder& folder = plan_.folders()[message.folder];
        deliver::Outgoing outgoing{.account = folder.account,
                                   .folder = folder.name,
                                   .separator = folder.separator,
                                   .date = message.date,
                                   .flags = plan_.flags_of(message),
                                   .id_hex = message.id.hex(),
                                   .subject = {},
                                   .raw = reader_.raw()};
        if (destination_.wants_subject())
            outgoing.subject = mail::subject_of(reader_.raw());
        if (destination_.wants_addresses()) {
            mail::Correspondents people = mail::correspondents_of(reader_.raw());
            outgoing.from = std::move(people.from);
            outgoing.to = std::move(people.to);
        }
        destination_.add(outgoing);
        ++report_.messages;
        report_.bytes += reader_.raw().size();
    }

    const ExportPlan& plan_;
    Reader reader_;
    deliver::Destination& destination_;
    ExportReport report_;
};

}  // namespace

ExportReport export_account(const catalog::Catalog& catalog, ledger::Library& library,
                            const catalog::AccountRow& account, const ExportOptions& options,
                            deliver::Destination& destination, ProgressSink& progress,
                            const std::stop_token& stop)
{
    const ExportPlan plan = plan_account(catalog, account, options.as_of.value_or(latest), options);
    return Export(plan, library, destination).run(account.address, progress, stop);
}

ExportReport export_messages(const catalog::Catalog& catalog, ledger::Library& library,
                             const std::vector<crypto::ContentId>& ids,
                             deliver::Destination& destination, ProgressSink& progress,
                             const std::stop_token& stop)
{
    const ExportPlan plan = plan_messages(catalog, ids);
    return Export(plan, library, destination).run({}, progress, stop);
}

}  // namespace mailhold::import_export
