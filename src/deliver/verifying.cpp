// Equal, changed by the server, or somewhere else.

#include "verifying.hpp"

#include <algorithm>

namespace mailhold::deliver {

namespace {

using Prints = std::map<Uid, Print>;

Prints prints_there(const TargetFolder& folder, const std::vector<Unplaced>& sent,
                    imap::Client& client)
{
    if (client.examine(folder.wire_name()).uid_validity != folder.uid_validity())
        return {};
    std::vector<Uid> uids;
    for (const Unplaced& one : sent)
        uids.push_back(*one.uid);
    std::ranges::sort(uids);
    return prints_of(client, imap::ranges_of(uids));
}

/// Whether one of ours lies where another one should: then what differs is not what the server
/// made of a message, and all that came has to be looked at.
bool tells_wrong_uids(const std::vector<Unplaced>& sent, const Prints& found)
{
    std::set<crypto::Hash> ours;
    for (const Unplaced& one : sent)
        ours.insert(one.print.fingerprint);
    return std::ranges::any_of(sent, [&](const Unplaced& one) {
        const auto at = found.find(*one.uid);
        return at != found.end() && at->second.fingerprint != one.print.fingerprint &&
               ours.contains(at->second.fingerprint);
    });
}

void verify_in(TargetFolder& folder, const std::vector<Unplaced>& sent, imap::Client& client,
               UploadState& state, UploadMemory& memory)
{
    const Prints found = prints_there(folder, sent, client);
    const bool server_lies = tells_wrong_uids(sent, found);
    std::vector<UploadMemory::Known> known;
    std::vector<Unplaced> unplaced;
    for (const Unplaced& one : sent) {
        const auto at = found.find(*one.uid);
        const bool is_equal = at != found.end() && at->second.fingerprint == one.print.fingerprint;
        if (at == found.end() || (!is_equal && server_lies)) {
            folder.disclaim(*one.uid);
            unplaced.push_back(one);
            continue;
        }
        known.push_back({.uid = *one.uid, .id = one.id, .is_changed = !is_equal});
        if (is_equal) {
            folder.note_equal(one.print.fingerprint);
            state.verified(one.message, one.print, at->second);
        } else {
            state.changed_by_server();
        }
    }
    memory.remember(folder.wire_name(), folder.uid_validity(), known);
    state.leave_unplaced(std::move(unplaced));
}

}  // namespace

void verify(std::vector<Unplaced>& sent, imap::Client& client, UploadState& state,
            UploadMemory& memory)
{
    while (!sent.empty()) {
        TargetFolder* folder = sent.back().folder;
        const auto is_here = [&](const Unplaced& one) { return one.folder == folder; };
        std::vector<Unplaced> here;
        std::ranges::copy_if(sent, std::back_inserter(here), is_here);
        verify_in(*folder, here, client, state, memory);
        std::erase_if(sent, is_here);
    }
}

}  // namespace mailhold::deliver
