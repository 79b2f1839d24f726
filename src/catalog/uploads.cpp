// What uploads of this host put into accounts. Local: losing it costs reading those accounts again.

#include "state.hpp"

namespace mailhold::catalog {

void Catalog::put_uploaded(const std::string& address, const std::string& wire_name,
                           UidValidity uid_validity, const std::vector<UploadedMessage>& messages)
{
    transaction([&] {
        Database& db = state_->db;
        db.run("INSERT OR IGNORE INTO upload_folders(address, wire_name, uid_validity)"
               " VALUES(?, ?, ?)",
               address, wire_name, uid_validity);
        for (const UploadedMessage& message : messages)
            db.run("INSERT OR REPLACE INTO uploads(folder, uid, id, changed) SELECT n, ?, ?, ?"
                   " FROM upload_folders WHERE address=? AND wire_name=? AND uid_validity=?",
                   message.uid, message.id.bytes(), message.is_changed, address, wire_name,
                   uid_validity);
    });
}

std::vector<UploadedMessage> Catalog::uploaded(const std::string& address,
                                               const std::string& wire_name,
                                               UidValidity uid_validity) const
{
    const Guard guard(state_->lock);
    std::vector<UploadedMessage> messages;
    for (Rows rows = state_->db.rows("SELECT u.uid, u.id, u.changed FROM upload_folders f"
                                     " JOIN uploads u ON u.folder = f.n"
                                     " WHERE f.address=? AND f.wire_name=? AND f.uid_validity=?",
                                     address, wire_name, uid_validity);
         rows.next();)
        messages.push_back({.uid = rows.number<Uid>(0),
                            .id = rows.id<crypto::ContentId>(1),
                            .is_changed = rows.integer(2) != 0});
    return messages;
}

}  // namespace mailhold::catalog
