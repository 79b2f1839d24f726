// One account's folders: listing them, and settling which one in the catalog each of them is.

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "mailhold/base/json.hpp"

#include "account_run.hpp"

#include "remembered_refusal.hpp"

namespace mailhold::harvest {
namespace {

/// A UIDVALIDITY of 0 is none (RFC 3501 2.3.1.1), and means an imported folder to us.
bool has_uid_validity(const imap::ListedFolder& folder)
{
    return folder.status && folder.status->uid_validity &&
           *folder.status->uid_validity != UidValidity{0};
}

/// What a server tells of a message without its body.
struct Looks {
    std::int64_t instant = 0;
    std::uint64_t size = 0;
};

/// A few messages from all over the folder: its first ones may well be those that were copied into
/// another folder.
std::map<Uid, Looks> sample_of(const catalog::Catalog& catalog, const catalog::FolderKey& folder)
{
    constexpr std::size_t most = 10;
    std::vector<catalog::PlacementRow> live = catalog.placements(folder);
    std::erase_if(live, [](const catalog::PlacementRow& placement) {
        return placement.gone_since.has_value() || !placement.date;
    });
    std::map<Uid, Looks> sample;
    const std::size_t picks = std::min(most, live.size());
    for (std::size_t i = 0; i < picks; ++i) {
        const catalog::PlacementRow& pick =
            live[picks == 1 ? 0 : i * (live.size() - 1) / (picks - 1)];
        if (const auto stored = catalog.message(pick.id))
            sample[pick.uid] = {pick.date->epoch_seconds, stored->size};
    }
    return sample;
}

}  // namespace

std::vector<ServerFolder> AccountRun::server_folders()
{
    std::vector<imap::ListedFolder> listed = client().list_folders();
    if (listed.empty())  // even an empty account has its INBOX (RFC 3501 5.1): not an answer to act
                         // upon
        throw Error(ErrorKind::malformed, "the server lists no folder at all");
    std::erase_if(listed, [&](const imap::ListedFolder& folder) {
        return !folder.selectable() || is_excluded(folder.name, plan_.exclude);
    });
    fill_in_status(listed);
    std::vector<ServerFolder> folders;
    for (imap::ListedFolder& folder : listed)
        if (has_uid_validity(folder))
            folders.push_back({folder, *folder.status->uid_validity});
    return folders;
}

/// Folders whose counters did not come with the list are asked for; one that says NO is reported
/// and left.
void AccountRun::fill_in_status(std::vector<imap::ListedFolder>& folders)
{
    std::vector<std::string> names;
    std::vector<imap::ListedFolder*> without;
    for (imap::ListedFolder& folder : folders) {
        if (has_uid_validity(folder))
            continue;
        names.push_back(folder.wire_name);
        without.push_back(&folder);
    }
    if (names.empty())
        return;
    const auto answers = client().status(names);
    for (std::size_t i = 0; i < without.size(); ++i) {
        without[i]->status = answers[i];
        if (has_uid_validity(*without[i]))
            continue;
        try {  // some servers refuse STATUS for what they open
            const imap::ExaminedFolder opened = client().examine(without[i]->wire_name);
            without[i]->status = imap::FolderStatus{.messages = opened.exists,
                                                    .uid_next = opened.uid_next,
                                                    .uid_validity = opened.uid_validity,
                                                    .highest_modseq = {}};
        } catch (const Error& e) {
            if (e.kind() != ErrorKind::refused)
                throw;
            folder_failed(*without[i], e);
        }
    }
}

void AccountRun::folder_failed(const imap::ListedFolder& folder, const Error& e)
{
    const imap::LoginFailure failure = imap::classify_refusal(e, plan_.access.provider_step);
    unread_.push_back({folder.name, folder.wire_name, failure});
    if (concerns_whole_account(failure.failure))
        fail(failure);
}

/// A folder that was deleted while the run went on is no trouble; one that is still listed and
/// cannot be read is not backed up, and that must not pass for a good run.
void AccountRun::tell_unread_folders()
{
    if (unread_.empty())
        return;
    std::set<std::string> listed;
    for (const imap::ListedFolder& folder : client().list_folders())
        listed.insert(folder.wire_name);
    for (const UnreadFolder& folder : unread_) {
        const std::string text = fmt::format("folder '{}' could not be read: {}",
                                             printable(folder.name), folder.failure.text);
        report.warnings.push_back(text);
        if (listed.contains(folder.wire_name))
            stays_incomplete({.failure = folder.failure.failure,
                              .text = text,
                              .hint = "the other folders are in, and the next run tries again; a "
                                      "folder that is no mail can be left out with `exclude`",
                              .wait = {}});
    }
}

std::vector<AccountRun::WorkFolder> AccountRun::settle_folders(std::vector<ServerFolder> server)
{
    std::vector<catalog::FolderRow> rows = ledger_.catalog().folders(account_);
    std::erase_if(rows, [&](const catalog::FolderRow& row) {
        return row.key.writer != ledger_.kit().writer || row.is_imported() ||
               is_excluded(row.name, plan_.exclude);
    });
    // A folder that could not be read just now is not gone.
    const bool listing_complete = unread_.empty();
    const MatchResult result = match_folders(
        server, rows, [this](const ServerFolder& folder, const catalog::FolderRow& row) {
            return same_content(folder, row);
        });
    if (listing_complete)
        for (const catalog::FolderRow& row : result.gone)
            folder_is_gone(row);

    std::vector<WorkFolder> folders;
    for (const FolderMatch& match : result.matches) {
        WorkFolder folder{.server = std::move(server[match.server_index]), .fid = {}, .exists = 0};
        folder.exists = folder.server.listed.status->messages.value_or(0);
        folder.is_new = !match.row;
        folder.fid =
            match.row ? match.row->key.fid : ledger_.catalog().next_folder_id(ledger_.kit().writer);
        if (folder.is_new || match.renamed || match.row->use != special_use(folder.server.listed))
            describe(folder, false);
        folders.push_back(std::move(folder));
    }
    return folders;
}

bool AccountRun::same_content(const ServerFolder& folder, const catalog::FolderRow& row)
{
    const std::map<Uid, Looks> sample = sample_of(ledger_.catalog(), row.key);
    if (sample.empty())
        return false;
    std::vector<Uid> uids;
    for (const auto& [uid, looks] : sample)
        uids.push_back(uid);
    std::size_t equal = 0;
    std::size_t different = 0;
    const auto compare_one = [&](imap::Fetched&& message) {
        const auto found = message.uid ? sample.find(*message.uid) : sample.end();
        if (found == sample.end() || !message.internal_date || !message.rfc822_size)
            return;
        const bool same = found->second.instant == message.internal_date->epoch_seconds &&
                          found->second.size == *message.rfc822_size;
        ++(same ? equal : different);
    };
    try {
        client().examine(folder.listed.wire_name);
        client().fetch(imap::ranges_of(uids),
                       {.internal_date = true, .size = true, .changed_since = {}},
                       {.message = compare_one,
                        .failed = [](Uid, const std::string&) {},
                        .vanished = [](const imap::UidRange&) {}});
    } catch (const Error& e) {
        if (e.kind() != ErrorKind::refused)
            throw;
        return false;  // not proven; comparing it will say what is wrong with it
    }
    return equal > 0 && different == 0;
}

void AccountRun::describe(const WorkFolder& folder, bool gone)
{
    const imap::ListedFolder& listed = folder.server.listed;
    intake_.event(account_, vault::FolderDescribed{.fid = folder.fid,
                                                   .account = account_,
                                                   .name = listed.name,
                                                   .wire_name = listed.wire_name,
                                                   .uid_validity = folder.server.uid_validity,
                                                   .separator = listed.separator,
                                                   .use = special_use(listed),
                                                   .gone = gone});
}

/// Deleted, or under a new UIDVALIDITY: recorded, and nothing of it is removed from the vault.
void AccountRun::folder_is_gone(const catalog::FolderRow& row)
{
    std::vector<Uid> live = ledger_.catalog().live_uids(row.key);
    intake_.event(account_, vault::FolderDescribed{.fid = row.key.fid,
                                                   .account = account_,
                                                   .name = row.name,
                                                   .wire_name = row.wire_name,
                                                   .uid_validity = row.uid_validity,
                                                   .separator = row.separator,
                                                   .use = row.use,
                                                   .gone = true});
    if (live.empty())
        return;
    intake_.event(account_, vault::Gone{row.key.fid, live});
    const std::uint64_t before = live.size();
    vanished.push_back({row.key, row.name, std::move(live), before});
}

}  // namespace mailhold::harvest
