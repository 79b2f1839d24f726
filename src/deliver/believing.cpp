// A few remembered messages, compared.

#include "believing.hpp"

#include "mailhold/base/json.hpp"
#include "mailhold/base/log.hpp"
#include "mailhold/deliver/unreadable.hpp"

#include "upload_state.hpp"

namespace mailhold::deliver {

namespace {

/// UIDs that mean something else now mean it from the first to the last.
constexpr std::size_t compared_messages = 3;

bool holds(TargetFolder& folder, imap::Client& client, const Upload::ReadMessage& read)
{
    std::map<Uid, crypto::Hash> remembered;
    for (const UploadMemory::Known& known : folder.believed(compared_messages)) {
        try {
            remembered.emplace(known.uid, fingerprint_of(read(known.id)));
        } catch (const Error& e) {
            if (!concerns_one_message(e.kind()))
                throw;
        }
    }
    if (remembered.empty())
        return true;
    std::vector<Uid> uids;
    for (const auto& [uid, fingerprint] : remembered)
        uids.push_back(uid);
    client.examine(folder.wire_name());
    for (const auto& [uid, print] : prints_of(client, imap::ranges_of(uids)))
        if (print.fingerprint != remembered.at(uid))
            return false;
    return true;
}

}  // namespace

void believe_or_read(TargetFolder& folder, imap::Client& client, const Upload::ReadMessage& read)
{
    if (holds(folder, client, read))
        return;
    log::debug("{} is not the folder that it was: it is read anew", printable(folder.wire_name()));
    folder.look(client, {});
}

}  // namespace mailhold::deliver
