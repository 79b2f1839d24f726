// Accounts and their folders, now and as they stood.

#include "state.hpp"

namespace mailhold::catalog {

namespace {

/// Columns: writer id, fid, account id, name, wire name, UIDVALIDITY, separator, use, gone.
FolderRow folder_in(const Rows& rows)
{
    FolderRow folder;
    folder.key = {rows.id<crypto::WriterId>(0), rows.number<FolderId>(1)};
    folder.account = rows.id<crypto::AccountId>(2);
    folder.name = rows.text(3);
    folder.wire_name = rows.text(4);
    folder.uid_validity = rows.number<UidValidity>(5);
    if (!rows.is_null(6))
        folder.separator = rows.text(6).at(0);
    folder.use = rows.text(7);
    folder.gone = !rows.is_null(8);
    return folder;
}

AccountRow account_in(const Rows& rows)
{
    return {.id = rows.id<crypto::AccountId>(0),
            .address = rows.text(1),
            .role = rows.text(2),
            .server = rows.text(3),
            .archive_only = rows.integer(4) != 0,
            .writer = rows.id<crypto::WriterId>(5)};
}

std::optional<std::string> text_of_separator(std::optional<char> separator)
{
    if (!separator)
        return std::nullopt;
    return std::string(1, *separator);
}

}  // namespace

void Catalog::put_account(const AccountRow& account, Time time)
{
    const Guard guard(state_->lock);
    state_->db.run("UPDATE accounts SET address=?1, role=?2, server=?3, archive_only=?4, writer=?5,"
                   " described=?6 WHERE n=?7 AND coalesce(described, ?6) <= ?6",
                   account.address, account.role, account.server, account.archive_only,
                   state_->writer_number(account.writer), time, state_->account_number(account.id));
}

std::vector<AccountRow> Catalog::accounts() const
{
    const Guard guard(state_->lock);
    std::vector<AccountRow> accounts;
    for (Rows rows = state_->db.rows(
             "SELECT a.id, a.address, a.role, a.server, a.archive_only, w.id"
             " FROM accounts a JOIN writers w ON w.n = a.writer ORDER BY a.address, a.n");
         rows.next();)
        accounts.push_back(account_in(rows));
    return accounts;
}

std::optional<AccountRow> Catalog::account(std::string_view address) const
{
    const Guard guard(state_->lock);
    Rows rows = state_->db.rows("SELECT a.id, a.address, a.role, a.server, a.archive_only, w.id"
                                " FROM accounts a JOIN writers w ON w.n = a.writer"
                                " WHERE a.address=? COLLATE NOCASE ORDER BY a.n DESC",
                                address);
    if (!rows.next())
        return std::nullopt;
    return account_in(rows);
}

/// What differs from the last description goes into the history, dated with its end.
void Catalog::put_folder(const FolderRow& folder, Time time)
{
    const Guard guard(state_->lock);
    Database& db = state_->db;
    const FolderNumber number = state_->folder_number(folder.key);
    const auto separator = text_of_separator(folder.separator);
    Rows rows =
        db.rows("SELECT first_seen, gone_since, name IS ? AND wire_name IS ? AND"
                " uid_validity IS ? AND separator IS ? AND use IS ? FROM folders WHERE n=?",
                folder.name, folder.wire_name, folder.uid_validity, separator, folder.use, number);
    rows.next();
    const auto first_seen = rows.optional_number<Time>(0);
    const auto gone_since = rows.optional_number<Time>(1);
    if (first_seen && gone_since.has_value() == folder.gone && rows.integer(2) != 0)
        return;
    if (first_seen)
        db.run("INSERT OR IGNORE INTO folder_history(folder, until, name, wire_name, uid_validity,"
               " separator, use, gone_since) SELECT n, ?, name, wire_name, uid_validity, separator,"
               " use, gone_since FROM folders WHERE n=?",
               time, number);
    std::optional<Time> gone;
    if (folder.gone)
        gone = gone_since.value_or(time);
    db.run("UPDATE folders SET account=?, name=?, wire_name=?, uid_validity=?, separator=?, use=?,"
           " gone_since=?, first_seen=? WHERE n=?",
           state_->account_number(folder.account), folder.name, folder.wire_name,
           folder.uid_validity, separator, folder.use, gone, first_seen.value_or(time), number);
}

std::vector<FolderRow> Catalog::folders(const crypto::AccountId& account) const
{
    const Guard guard(state_->lock);
    std::vector<FolderRow> folders;
    for (Rows rows = state_->db.rows(
             "SELECT w.id, f.fid, a.id, f.name, f.wire_name, f.uid_validity, f.separator, f.use,"
             " e.time FROM accounts a JOIN folders f ON f.account = a.n"
             " JOIN folder_ends e ON e.folder = f.n JOIN writers w ON w.n = f.writer"
             " WHERE a.id=? ORDER BY f.first_seen, f.n",
             account.bytes());
         rows.next();)
        folders.push_back(folder_in(rows));
    return folders;
}

std::vector<FolderRow> Catalog::folders_at(const crypto::AccountId& account, Time at) const
{
    const Guard guard(state_->lock);
    std::vector<FolderRow> folders;
    for (Rows rows = state_->db.rows(
             "WITH then_(n, until) AS (SELECT f.n, (SELECT min(h.until) FROM folder_history h"
             "  WHERE h.folder = f.n AND h.until > ?2) FROM accounts a"
             "  JOIN folders f ON f.account = a.n WHERE a.id=?1 AND f.first_seen <= ?2)"
             " SELECT w.id, f.fid, a.id, coalesce(h.name, f.name),"
             " coalesce(h.wire_name, f.wire_name), coalesce(h.uid_validity, f.uid_validity),"
             " iif(h.until IS NULL, f.separator, h.separator), coalesce(h.use, f.use),"
             " coalesce(iif(h.until IS NULL, f.gone_since, h.gone_since), iif(e.time <= ?2, "
             "e.time, NULL))"
             " FROM then_ t JOIN folders f ON f.n = t.n JOIN writers w ON w.n = f.writer"
             " JOIN folder_ends e ON e.folder = f.n"
             " JOIN accounts a ON a.n = f.account"
             " LEFT JOIN folder_history h ON h.folder = t.n AND h.until = t.until"
             " ORDER BY f.first_seen, f.n",
             account.bytes(), at);
         rows.next();)
        folders.push_back(folder_in(rows));
    return folders;
}

FolderId Catalog::next_folder_id(const crypto::WriterId& writer) const
{
    const Guard guard(state_->lock);
    Rows rows = state_->db.rows("SELECT max(f.fid) FROM writers w JOIN folders f"
                                " ON f.writer = w.n WHERE w.id=?",
                                writer.bytes());
    const std::uint64_t used = rows.next() ? rows.number<std::uint64_t>(0) : 0;
    std::uint64_t& last = state_->last_folder_ids[writer];
    last = std::max(last, used) + 1;
    return FolderId{last};
}

}  // namespace mailhold::catalog
