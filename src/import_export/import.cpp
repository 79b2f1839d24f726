// From what the readers find to the vault.

#include "mailhold/import_export/import.hpp"

#include <unordered_set>

#include <fmt/format.h>

#include "mailhold/base/error.hpp"
#include "mailhold/mail/reading.hpp"
#include "mailhold/vault/keys.hpp"

#include "import_places.hpp"
#include "tree_reader.hpp"

namespace mailhold::import_export {

namespace {

/// The account in the catalog, which must be this host's, or free to become it.
std::optional<catalog::AccountRow> own_account(const ledger::Ledger& ledger,
                                               const std::string& address)
{
    auto row = ledger.catalog().account(address);
    if (row && !ledger.may_keep(*row))
        throw Error(
            ErrorKind::refused,
            fmt::format("{} is kept by another host (writer {})", address, row->writer.hex()),
            "import it there, or revoke that writer first (`mailhold writer list`)");
    return row;
}

/// Adds messages; without an intake it only counts.
class Importer final : public TreeSink {
public:
    Importer(const ledger::Ledger& ledger, ledger::Intake* intake, const crypto::AccountId& account,
             std::string address, ProgressSink& progress, const std::stop_token& stop)
        : catalog_(ledger.catalog()), writer_(ledger.kit().writer), intake_(intake),
          account_(account), hasher_(ledger.kit().key_i.view()),
          places_(catalog_, writer_, account), progress_(progress), stop_(stop)
    {
        event_.account = std::move(address);
    }

    void message(Incoming&& message) override
    {
        obey_stop();
        if (message.raw.empty() && !message.is_described)
            return failed(message.from, "an empty file");
        try {
            place(std::move(message));
        } catch (const Error& e) {
            if (e.kind() != ErrorKind::malformed)
                throw;
            failed(message.from, e.what());
        }
    }

    void failed(const Whereabouts& where, const std::string& why) override
    {
        report.failed.push_back({where.file, where.offset, why});
    }

    void passed_over(const std::string& /*file*/) override
    {
        obey_stop();
        ++report.passed_over;
    }

    void passed_over_item() override
    {
        obey_stop();
        ++report.passed_over_items;
    }

    /// Messages and failures so far.
    std::uint64_t told() const { return report.messages() + report.failed.size(); }

    void finish_progress()
    {
        report.folders = places_.folders_added_to();
        event_.folder.clear();
        event_.finished = true;
        progress_.report(event_);
    }

    ImportReport report;

private:
    void obey_stop() const
    {
        if (stop_.stop_requested())
            throw Error(ErrorKind::interrupted, "the import was stopped");
    }

    void place(Incoming&& message)
    {
        ImportFolder& folder = places_.folder(message.folder);
        const crypto::ContentId id = hasher_.content_id(message.raw);
        report.bytes += message.raw.size();
        count(folder, message.raw.size());
        const auto found = folder.there.find(id);
        if (found != folder.there.end() && found->second.is_sound) {
            ++report.already_there;
            return;
        }
        // What lies in an imported folder and was lost takes its old place again.
        const auto old_uid = found != folder.there.end() ? found->second.uid : std::nullopt;
        const Uid uid = old_uid.value_or(folder.next_uid);
        if (!old_uid)
            folder.next_uid = Uid{static_cast<std::uint32_t>(uid) + 1};
        folder.there[id] = {.uid = uid, .is_sound = true};
        ++folder.added;
        add(folder, uid, id, std::move(message));
    }

    void add(ImportFolder& folder, Uid uid, const crypto::ContentId& id, Incoming&& message)
    {
        const bool is_known = catalog_.knows_message(id) || !added_.insert(id).second;
        ++(is_known ? report.known_messages : report.new_messages);
        if (intake_ == nullptr)
            return;
        if (!folder.fid)
            make(folder);
        vault::Placed placed;
        placed.fid = *folder.fid;
        placed.uid = uid;
        placed.id = id;
        placed.date = message.date;
        if (!message.date && !message.is_described)
            placed.date = mail::date_of(message.raw);
        placed.flags = std::move(message.flags);
        if (is_known)
            intake_->placed(account_, std::move(placed));
        else
            intake_->message(
                {.account = account_, .placed = std::move(placed), .raw = std::move(message.raw)});
    }

    void make(ImportFolder& folder)
    {
        folder.fid = catalog_.next_folder_id(writer_);
        intake_->event(account_, vault::FolderDescribed{.fid = *folder.fid,
                                                        .account = account_,
                                                        .name = folder.name.name,
                                                        .wire_name = folder.name.name,
                                                        .uid_validity = imported_uid_validity,
                                                        .separator = folder.name.separator,
                                                        .use = {},
                                                        .gone = false});
    }

    void count(const ImportFolder& folder, std::uint64_t bytes)
    {
        event_.folder = folder.name.name;
        ++event_.messages_done;
        event_.bytes_done += bytes;
        progress_.report(event_);
    }

    const catalog::Catalog& catalog_;
    crypto::WriterId writer_;
    ledger::Intake* intake_;
    crypto::AccountId account_;
    crypto::ContentHasher hasher_;
    ImportPlaces places_;
    std::unordered_set<crypto::ContentId, ImportFolder::IdHash>
        added_;  ///< contents new to the vault
    ProgressSink& progress_;
    const std::stop_token& stop_;
    ProgressEvent event_;
};

void read_all(const std::vector<std::filesystem::path>& paths, const ImportOptions& options,
              const std::string& address, Importer& importer)
{
    try {
        for (const std::filesystem::path& path : paths) {
            const std::uint64_t told = importer.told();
            read_path(path, options, address, importer);
            if (importer.told() == told)
                importer.failed({path.string()}, "no mail was found here");
        }
    } catch (const Error& e) {
        if (e.kind() != ErrorKind::interrupted)
            throw;
        importer.report.interrupted = true;
    }
    importer.finish_progress();
}

}  // namespace

void check_importable(const std::filesystem::path& path)
{
    open_disk_tree(path);
}

ImportReport import_files(ledger::Ledger& ledger, const ImportAccount& account,
                          const std::vector<std::filesystem::path>& paths,
                          const ImportOptions& options, const ledger::IntakeOptions& intake_options,
                          ProgressSink& progress, const std::stop_token& stop)
{
    const auto row = own_account(ledger, account.address);
    for (const std::filesystem::path& path : paths)
        check_importable(path);  // told before anything is added
    const crypto::AccountId id = row ? row->id : crypto::random_id<crypto::AccountId>();
    if (options.dry_run) {
        Importer importer(ledger, nullptr, id, account.address, progress, stop);
        read_all(paths, options, account.address, importer);
        return std::move(importer.report);
    }
    ledger::Intake intake(ledger, crypto::random_id<crypto::AccountId>().hex(), intake_options);
    if (!row || row->writer != ledger.kit().writer)
        intake.event(id, vault::AccountDescribed{.id = id,
                                                 .address = account.address,
                                                 .role = account.role,
                                                 .server = account.server,
                                                 .archive_only = account.archive_only});
    Importer importer(ledger, &intake, id, account.address, progress, stop);
    read_all(paths, options, account.address, importer);
    intake.finish({.ok = !importer.report.interrupted, .accounts = {}});
    importer.report.index_trouble = intake.index_trouble();
    return std::move(importer.report);
}

}  // namespace mailhold::import_export
