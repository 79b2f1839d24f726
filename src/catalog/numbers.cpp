// The numbers that stand for ids, and flag sets, in the big tables.

#include "state.hpp"

namespace mailhold::catalog {

namespace {

std::string joined(const Flags& flags)
{
    std::string text;
    for (const std::string& flag : flags) {
        if (!text.empty())
            text += ' ';
        text += flag;
    }
    return text;
}

/// Flags are atoms (RFC 3501 9): none contains a space.
Flags split(const std::string& text)
{
    Flags flags;
    for (std::size_t start = 0; start < text.size();) {
        const std::size_t end = std::min(text.find(' ', start), text.size());
        flags.push_back(text.substr(start, end - start));
        start = end + 1;
    }
    return flags;
}

std::string key_of(ContentKind kind, Bytes id)
{
    std::string key(text_of(id));
    key += kind == ContentKind::part ? 'p' : 'm';
    return key;
}

}  // namespace

WriterNumber Catalog::State::writer_number(const crypto::WriterId& id)
{
    const auto known = writers_.find(id);
    if (known != writers_.end())
        return known->second;
    db.run("INSERT OR IGNORE INTO writers(id) VALUES(?)", id.bytes());
    Rows rows = db.rows("SELECT n FROM writers WHERE id=?", id.bytes());
    rows.next();
    return writers_.emplace(id, rows.number<WriterNumber>(0)).first->second;
}

crypto::WriterId Catalog::State::writer_id(WriterNumber number)
{
    Rows rows = db.rows("SELECT id FROM writers WHERE n=?", number);
    return rows.next() ? rows.id<crypto::WriterId>(0) : crypto::WriterId{};
}

AccountNumber Catalog::State::account_number(const crypto::AccountId& id)
{
    if (const auto known = find_account(id))
        return *known;
    db.run("INSERT INTO accounts(id) VALUES(?)", id.bytes());
    return AccountNumber{db.last_row_id()};
}

std::optional<AccountNumber> Catalog::State::find_account(const crypto::AccountId& id)
{
    Rows rows = db.rows("SELECT n FROM accounts WHERE id=?", id.bytes());
    if (!rows.next())
        return std::nullopt;
    return rows.number<AccountNumber>(0);
}

FolderNumber Catalog::State::folder_number(const FolderKey& key)
{
    if (const auto known = find_folder(key))
        return *known;
    db.run("INSERT INTO folders(writer, fid) VALUES(?, ?)", writer_number(key.writer), key.fid);
    return folders_.emplace(key, FolderNumber{db.last_row_id()}).first->second;
}

std::optional<FolderNumber> Catalog::State::find_folder(const FolderKey& key)
{
    const auto known = folders_.find(key);
    if (known != folders_.end())
        return known->second;
    Rows rows = db.rows("SELECT f.n FROM folders f JOIN writers w ON w.n = f.writer"
                        " WHERE w.id=? AND f.fid=?",
                        key.writer.bytes(), key.fid);
    if (!rows.next())
        return std::nullopt;
    return folders_.emplace(key, rows.number<FolderNumber>(0)).first->second;
}

ObjectNumber Catalog::State::object_number(const crypto::Hash& hash)
{
    if (last_object_ && last_object_->first == hash)
        return last_object_->second;
    db.run("INSERT OR IGNORE INTO objects(hash) VALUES(?)", hash.bytes());
    Rows rows = db.rows("SELECT n FROM objects WHERE hash=?", hash.bytes());
    rows.next();
    last_object_ = {hash, rows.number<ObjectNumber>(0)};
    return last_object_->second;
}

ContentNumber Catalog::State::content_number(ContentKind kind, Bytes id)
{
    const auto recent = recent_contents_.find(key_of(kind, id));
    if (recent != recent_contents_.end())
        return recent->second;
    if (const auto known = find_content(kind, id))
        return *known;
    db.run("INSERT INTO contents(kind, id) VALUES(?, ?)", kind, id);
    return remember(kind, id, ContentNumber{db.last_row_id()});
}

std::optional<ContentNumber> Catalog::State::find_content(ContentKind kind, Bytes id)
{
    Rows rows = db.rows("SELECT n FROM contents WHERE substr(id, 1, 8)=? AND id=? AND kind=?",
                        id.first(8), id, kind);
    if (!rows.next())
        return std::nullopt;
    return rows.number<ContentNumber>(0);
}

/// A message is placed right after it was declared.
ContentNumber Catalog::State::remember(ContentKind kind, Bytes id, ContentNumber number)
{
    constexpr std::size_t max_recent = 20'000;
    if (recent_contents_.size() >= max_recent)
        recent_contents_.clear();
    recent_contents_.emplace(key_of(kind, id), number);
    return number;
}

FlagsNumber Catalog::State::flags_number(const Flags& flags)
{
    const std::string text = joined(flags);
    const auto known = flag_numbers_.find(text);
    if (known != flag_numbers_.end())
        return known->second;
    db.run("INSERT OR IGNORE INTO flag_sets(flags) VALUES(?)", text);
    Rows rows = db.rows("SELECT n FROM flag_sets WHERE flags=?", text);
    rows.next();
    return flag_numbers_.emplace(text, rows.number<FlagsNumber>(0)).first->second;
}

Flags Catalog::State::flags(FlagsNumber number)
{
    const auto known = flags_.find(static_cast<std::int64_t>(number));
    if (known != flags_.end())
        return known->second;
    Rows rows = db.rows("SELECT flags FROM flag_sets WHERE n=?", number);
    if (!rows.next())
        return {};
    return flags_.emplace(static_cast<std::int64_t>(number), split(rows.text(0))).first->second;
}

void Catalog::State::forget_numbers()
{
    writers_.clear();
    folders_.clear();
    flag_numbers_.clear();
    flags_.clear();
    last_object_.reset();
    recent_contents_.clear();
}

}  // namespace mailhold::catalog
