// Archives, and where in them each message and part lies.

#include "block_table.hpp"
#include "state.hpp"

namespace mailhold::catalog {

namespace {

template <class Id>
std::vector<Id> ids_in(Rows rows)
{
    std::vector<Id> ids;
    while (rows.next())
        ids.push_back(rows.id<Id>(0));
    return ids;
}

/// Columns: hash, id of the writer, length, forgotten.
ArchiveRow archive_in(const Rows& rows)
{
    ArchiveRow archive;
    archive.object = rows.id<crypto::Hash>(0);
    archive.writer = rows.id<crypto::WriterId>(1);
    archive.length = rows.number<std::uint64_t>(2);
    archive.forgotten = rows.integer(3) != 0;
    return archive;
}

}  // namespace

void Catalog::State::put_content(ContentKind kind, Bytes id, std::uint64_t size, bool spliced,
                                 const sealed::Location& at)
{
    std::optional<ContentNumber> content = find_content(kind, id);
    const bool was_known = content.has_value();
    if (was_known) {
        db.run("UPDATE contents SET size=?1, spliced=max(spliced, ?2) WHERE n=?3 AND"
               " (size IS NOT ?1 OR spliced < ?2)",
               size, spliced, *content);
    } else {
        db.run("INSERT INTO contents(kind, id, size, spliced) VALUES(?, ?, ?, ?)", kind, id, size,
               spliced);
        content = remember(kind, id, ContentNumber{db.last_row_id()});
    }
    put_location(*content, at);
    if (was_known && kind == ContentKind::message)
        note_repeats(*content);
}

void Catalog::State::put_location(ContentNumber content, const sealed::Location& at)
{
    db.run("INSERT OR IGNORE INTO locations(content, object, offset, length) VALUES(?, ?, ?, ?)",
           content, object_number(at.object), at.offset, at.length);
}

void Catalog::State::note_repeats(ContentNumber message)
{
    db.run("INSERT OR IGNORE INTO repeats SELECT object FROM locations WHERE content=?1"
           " AND (SELECT count(*) FROM locations WHERE content=?1) > 1",
           message);
}

std::optional<Stored> Catalog::State::stored(ContentKind kind, Bytes id)
{
    Rows rows = db.rows("SELECT n, size, spliced, erased FROM contents"
                        " WHERE substr(id, 1, 8)=? AND id=? AND kind=? AND size IS NOT NULL",
                        id.first(8), id, kind);
    if (!rows.next())
        return std::nullopt;
    Stored stored;
    stored.size = rows.number<std::uint64_t>(1);
    stored.spliced = rows.integer(2) != 0;
    if (!rows.is_null(3)) {
        stored.erased = rows.text(3);
        return stored;
    }
    Rows places = db.rows("SELECT o.hash, l.offset, l.length FROM locations l"
                          " JOIN objects o ON o.n = l.object WHERE l.content=? AND o.usable=1",
                          rows.integer(0));
    while (places.next())
        stored.locations.push_back({.object = places.id<crypto::Hash>(0),
                                    .offset = places.number<std::uint64_t>(1),
                                    .length = places.number<std::uint64_t>(2)});
    return stored;
}

bool Catalog::State::has_location(ContentNumber content)
{
    return db
        .rows("SELECT 1 FROM locations l JOIN objects o ON o.n = l.object"
              " WHERE l.content=? AND o.usable=1",
              content)
        .next();
}

bool Catalog::State::is_settled(ContentNumber message)
{
    Rows rows = db.rows("SELECT erased IS NOT NULL, spliced FROM contents WHERE n=?", message);
    if (!rows.next())
        return false;
    if (rows.integer(0) != 0)
        return true;
    if (!has_location(message))
        return false;
    if (rows.integer(1) == 0)
        return true;
    for (Rows parts = db.rows("SELECT part FROM splices WHERE message=?", message); parts.next();)
        if (!has_location(parts.number<ContentNumber>(0)))
            return false;
    return true;
}

bool Catalog::State::stored_by(const crypto::WriterId& writer, ContentKind kind, Bytes id)
{
    const auto content = find_content(kind, id);
    return content && db.rows("SELECT 1 FROM locations l JOIN objects o ON o.n = l.object"
                              " WHERE l.content=? AND o.usable=1 AND o.writer=?",
                              *content, writer_number(writer))
                          .next();
}

void Catalog::put_archive(const ArchiveRow& archive)
{
    const Guard guard(state_->lock);
    state_->db.run("UPDATE objects SET writer=?, length=?, header=?, blocks=?, usable=1-forgotten"
                   " WHERE n=? AND header IS NULL",
                   state_->writer_number(archive.writer), archive.length, Bytes(archive.header),
                   Bytes(encoded(archive.blocks)), state_->object_number(archive.object));
}

void Catalog::put_message(const crypto::ContentId& id, std::uint64_t size, bool spliced,
                          const sealed::Location& at)
{
    const Guard guard(state_->lock);
    state_->put_content(ContentKind::message, id.bytes(), size, spliced, at);
}

void Catalog::put_part(const crypto::PartId& id, std::uint64_t size, const sealed::Location& at)
{
    const Guard guard(state_->lock);
    state_->put_content(ContentKind::part, id.bytes(), size, false, at);
}

void Catalog::put_splice(const crypto::ContentId& id, const std::vector<crypto::PartId>& parts)
{
    const Guard guard(state_->lock);
    const ContentNumber message = state_->content_number(ContentKind::message, id.bytes());
    for (const crypto::PartId& part : parts)
        state_->db.run("INSERT OR IGNORE INTO splices(message, part) VALUES(?, ?)", message,
                       state_->content_number(ContentKind::part, part.bytes()));
}

void Catalog::put_moved(Bytes id, const sealed::Location& at)
{
    const Guard guard(state_->lock);
    if (const auto message = state_->find_content(ContentKind::message, id)) {
        state_->put_location(*message, at);
        state_->note_repeats(*message);
    }
    if (const auto part = state_->find_content(ContentKind::part, id))
        state_->put_location(*part, at);
}

void Catalog::put_erased(Bytes id, const std::string& why)
{
    const Guard guard(state_->lock);
    state_->db.run("UPDATE contents SET erased=? WHERE substr(id, 1, 8)=? AND id=?", why,
                   id.first(8), id);
}

bool Catalog::knows_message(const crypto::ContentId& id) const
{
    const Guard guard(state_->lock);
    const auto message = state_->find_content(ContentKind::message, id.bytes());
    return message && state_->is_settled(*message);
}

bool Catalog::knows_part(const crypto::PartId& id) const
{
    const Guard guard(state_->lock);
    const auto part = state_->find_content(ContentKind::part, id.bytes());
    return part && state_->has_location(*part);
}

bool Catalog::stored_by(const crypto::WriterId& writer, const crypto::ContentId& id) const
{
    const Guard guard(state_->lock);
    return state_->stored_by(writer, ContentKind::message, id.bytes());
}

bool Catalog::stored_by(const crypto::WriterId& writer, const crypto::PartId& id) const
{
    const Guard guard(state_->lock);
    return state_->stored_by(writer, ContentKind::part, id.bytes());
}

std::optional<Stored> Catalog::message(const crypto::ContentId& id) const
{
    const Guard guard(state_->lock);
    return state_->stored(ContentKind::message, id.bytes());
}

std::optional<Stored> Catalog::part(const crypto::PartId& id) const
{
    const Guard guard(state_->lock);
    return state_->stored(ContentKind::part, id.bytes());
}

std::vector<crypto::PartId> Catalog::parts_of(const crypto::ContentId& id) const
{
    const Guard guard(state_->lock);
    const auto message = state_->find_content(ContentKind::message, id.bytes());
    if (!message)
        return {};
    return ids_in<crypto::PartId>(state_->db.rows(
        "SELECT c.id FROM splices s JOIN contents c ON c.n = s.part WHERE s.message=?", *message));
}

std::vector<crypto::ContentId> Catalog::messages_with_prefix(std::string_view hex_prefix,
                                                             std::size_t limit) const
{
    const auto padded = [&](char digit) {
        std::string hex(hex_prefix);
        hex.resize(2 * crypto::ContentId::size, digit);
        return crypto::ContentId::from_hex(hex);
    };
    const auto first = padded('0');
    const auto last = padded('f');
    if (hex_prefix.size() > 2 * crypto::ContentId::size || !first || !last)
        return {};
    const Guard guard(state_->lock);
    return ids_in<crypto::ContentId>(
        state_->db.rows("SELECT id FROM contents WHERE substr(id, 1, 8) BETWEEN ? AND ?"
                        " AND id BETWEEN ? AND ? AND kind=0 AND size IS NOT NULL ORDER BY id"
                        " LIMIT ?",
                        first->bytes().first(8), last->bytes().first(8), first->bytes(),
                        last->bytes(), std::uint64_t{limit}));
}

std::optional<ArchiveRow> Catalog::archive(const crypto::Hash& object) const
{
    const Guard guard(state_->lock);
    Rows rows = state_->db.rows("SELECT o.hash, w.id, o.length, o.forgotten, o.header, o.blocks"
                                " FROM objects o JOIN writers w ON w.n = o.writer WHERE o.hash=?",
                                object.bytes());
    if (!rows.next())
        return std::nullopt;
    ArchiveRow archive = archive_in(rows);
    archive.header = copy_of(rows.blob(4));
    archive.blocks = decoded_blocks(rows.blob(5));
    return archive;
}

std::vector<ArchiveRow> Catalog::archives() const
{
    const Guard guard(state_->lock);
    std::vector<ArchiveRow> archives;
    for (Rows rows = state_->db.rows("SELECT o.hash, w.id, o.length, o.forgotten FROM objects o"
                                     " JOIN writers w ON w.n = o.writer ORDER BY o.n");
         rows.next();)
        archives.push_back(archive_in(rows));
    return archives;
}

std::vector<crypto::ContentId> Catalog::messages_in(const crypto::Hash& object) const
{
    const Guard guard(state_->lock);
    return ids_in<crypto::ContentId>(state_->db.rows(
        "WITH here(content) AS (SELECT l.content FROM locations l JOIN objects o ON o.n = l.object"
        " WHERE o.hash=?)"
        " SELECT id FROM contents WHERE kind=0 AND n IN (SELECT content FROM here UNION"
        " SELECT s.message FROM splices s JOIN here ON here.content = s.part) ORDER BY n",
        object.bytes()));
}

std::vector<LyingMessage> Catalog::messages_lying_in(const crypto::Hash& object) const
{
    const Guard guard(state_->lock);
    Rows rows = state_->db.rows(
        "SELECT c.id, l.offset, l.length FROM objects o JOIN locations l ON l.object = o.n"
        " JOIN contents c ON c.n = l.content WHERE o.hash=? AND o.usable=1 AND c.kind=0"
        " AND c.size IS NOT NULL AND c.erased IS NULL ORDER BY l.offset",
        object.bytes());
    std::vector<LyingMessage> messages;
    while (rows.next())
        messages.push_back({.id = rows.id<crypto::ContentId>(0),
                            .at = {.object = object,
                                   .offset = rows.number<std::uint64_t>(1),
                                   .length = rows.number<std::uint64_t>(2)}});
    return messages;
}

std::vector<crypto::PartId> Catalog::parts_in(const crypto::Hash& object) const
{
    const Guard guard(state_->lock);
    return ids_in<crypto::PartId>(
        state_->db.rows("SELECT DISTINCT c.id FROM objects o JOIN locations l ON l.object = o.n"
                        " JOIN contents c ON c.n = l.content WHERE o.hash=? AND c.kind=1",
                        object.bytes()));
}

void Catalog::forget_locations(const crypto::Hash& object)
{
    const Guard guard(state_->lock);
    state_->db.run("UPDATE objects SET forgotten=1, usable=0 WHERE hash=?", object.bytes());
}

}  // namespace mailhold::catalog
