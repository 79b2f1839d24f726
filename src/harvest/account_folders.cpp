// One account's folders: listing them, and settling which one in the catalog each of them is.

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "mailhold/base/json.hpp"

#include "account_run.hpp"

namespace mailhold::harvest {
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
        if (folder.status && folder.status->uid_validity)
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
        if (folder.status && folder.status->uid_validity)
            continue;
        names.push_back(folder.wire_name);
        without.push_back(&folder);
    }
    if (names.empty())
        return;
    const auto answers = client().status(names);
    for (std::size_t i = 0; i < without.size(); ++i) {
        without[i]->status = answers[i];
        if (answers[i] && answers[i]->uid_validity)
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
            folder_failed(without[i]->name, e);
        }
    }
}

void AccountRun::folder_failed(const std::string& name, const Error& e)
{
    report.warnings.push_back(
        fmt::format("folder '{}' could not be read: {}", printable(name), e.what()));
    const imap::LoginFailure failure = imap::classify_refusal(e, plan_.provider_step);
    if (failure.failure == imap::LoginFailureClass::policy ||
        failure.failure == imap::LoginFailureClass::disabled ||
        failure.failure == imap::LoginFailureClass::throttled)
        fail(failure);
}

std::vector<AccountRun::WorkFolder> AccountRun::settle_folders(std::vector<ServerFolder> server)
{
    std::vector<catalog::FolderRow> rows = ledger_.catalog().folders(account_);
    std::erase_if(rows, [&](const catalog::FolderRow& row) {
        return row.key.writer != ledger_.kit().writer || is_excluded(row.name, plan_.exclude);
    });
    // A folder that could not be read just now is not gone.
    const bool listing_complete = report.warnings.empty();
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
    constexpr std::size_t sample_size = 5;
    std::map<Uid, const catalog::PlacementRow*> sample;
    const std::vector<catalog::PlacementRow> placements = ledger_.catalog().placements(row.key);
    for (const catalog::PlacementRow& placement : placements)
        if (!placement.gone_since && sample.size() < sample_size)
            sample[placement.uid] = &placement;
    if (sample.empty())
        return false;

    client().examine(folder.listed.wire_name);
    std::vector<Uid> uids;
    for (const auto& [uid, placement] : sample)
        uids.push_back(uid);
    std::size_t equal = 0;
    std::size_t different = 0;
    client().fetch(
        imap::ranges_of(uids), {.internal_date = true, .size = true, .changed_since = {}},
        {.message =
             [&](imap::Fetched&& message) {
                 const auto found = message.uid ? sample.find(*message.uid) : sample.end();
                 if (found == sample.end())
                     return;
                 const bool same =
                     found->second->date && message.internal_date &&
                     found->second->date->epoch_seconds == message.internal_date->epoch_seconds;
                 ++(same ? equal : different);
             },
         .failed = [](Uid, const std::string&) {},
         .vanished = [](const imap::UidRange&) {}});
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
