// Messages read back: every location tried, parts joined, the content id compared.

#include <optional>

#include <fmt/format.h>

#include "mailhold/base/error.hpp"
#include "mailhold/ledger/ledger.hpp"
#include "mailhold/mail/detach.hpp"

#include "splice.hpp"

namespace mailhold::ledger {

namespace {

constexpr std::uint64_t max_message_bytes = 2 * gibibyte;
/// Catalogues go out in hundreds of messages: the last part is kept while it is small.
constexpr std::size_t max_kept_part_bytes = 8 * mebibyte;

/// Why no location gave the content; the gravest reason is the one reported.
class Failures {
public:
    void note(const Error& e)
    {
        if (!worst_ || gravity(e.kind()) > gravity(worst_->kind()))
            worst_ = e;
    }

    [[noreturn]] void raise(std::string_view what) const
    {
        if (!worst_)
            throw Error(ErrorKind::damaged,
                        fmt::format("{}: the archives that held it are lost", what),
                        "run `mailhold check`; the next backup fetches it again if the server "
                        "still has it");
        Error error = *worst_;
        error.add_context(what);
        throw error;
    }

private:
    /// A store that cannot be read now says nothing about the mail; tampering must be seen.
    static int gravity(ErrorKind kind)
    {
        switch (kind) {
        case ErrorKind::store_unavailable:
            return 3;
        case ErrorKind::tampered:
            return 2;
        case ErrorKind::wrong_key:
            return 1;
        default:
            return 0;
        }
    }

    std::optional<Error> worst_;
};

/// What another location may have in better shape.
bool is_about_this_copy(ErrorKind kind)
{
    return kind == ErrorKind::damaged || kind == ErrorKind::tampered ||
           kind == ErrorKind::malformed || kind == ErrorKind::not_found ||
           kind == ErrorKind::wrong_key || kind == ErrorKind::store_unavailable;
}

/// A missing object is damage to the reader of a message: its id is known, so it was there.
Error as_damage(const Error& e)
{
    if (e.kind() == ErrorKind::not_found || e.kind() == ErrorKind::malformed)
        return Error(ErrorKind::damaged, e.what(), e.hint());
    return e;
}

}  // namespace

struct Library::State {
    State(const objects::Store& store, const vault::ReaderKeys& keys, const catalog::Catalog& from)
        : catalog(from), hasher(keys.key_i.view()),
          archives(store, keys, [this](const crypto::Hash& object) { return facts_of(object); })
    {
    }

    vault::ArchiveFacts facts_of(const crypto::Hash& object) const
    {
        auto archive = catalog.archive(object);
        if (!archive)
            throw Error(ErrorKind::damaged, "the journal does not describe this archive");
        return {.object = object,
                .header = std::move(archive->header),
                .blocks = std::move(archive->blocks)};
    }

    /// The first location whose entry `accept` turns into content.
    template <class Accept>
    ByteBuffer read_any(const catalog::Stored& stored, std::string_view what, const Accept& accept)
    {
        Failures failures;
        for (const sealed::Location& at : stored.locations) {
            try {
                return accept(archives.read(at));
            } catch (const Error& e) {
                if (!is_about_this_copy(e.kind()))
                    throw;
                failures.note(as_damage(e));
            }
        }
        failures.raise(what);
    }

    ByteBuffer message(const crypto::ContentId& id)
    {
        const auto stored = catalog.message(id);
        const std::string what = fmt::format("message {}", id.hex().substr(0, 12));
        if (!stored)
            throw Error(ErrorKind::not_found, what + ": not in this vault");
        if (stored->erased)
            throw Error(ErrorKind::not_found,
                        fmt::format("{}: erased on purpose ({})", what, *stored->erased));
        return read_any(*stored, what,
                        [&](vault::ReadEntry entry) { return original(id, std::move(entry)); });
    }

    ByteBuffer message(const catalog::LyingMessage& message)
    {
        try {
            return original(message.id, archives.read(message.at));
        } catch (const Error& e) {
            if (!is_about_this_copy(e.kind()))
                throw;
        }
        return this->message(message.id);
    }

    ByteBuffer original(const crypto::ContentId& id, vault::ReadEntry entry)
    {
        ByteBuffer raw =
            entry.kind == vault::EntryKind::spliced ? joined(entry) : std::move(entry.content);
        if (hasher.content_id(raw) != id)
            throw Error(ErrorKind::damaged, "the bytes are not those of the message");
        return raw;
    }

    ByteBuffer joined(const vault::ReadEntry& entry)
    {
        const std::vector<SplicedPart> spliced = parse_splice(entry.meta);
        std::vector<ByteBuffer> contents;
        contents.reserve(spliced.size());
        std::vector<mail::JoinPart> parts;
        for (const SplicedPart& splice : spliced) {
            contents.push_back(part(splice.id));
            parts.push_back(
                {.offset = splice.offset, .encoding = splice.encoding, .stored = contents.back()});
        }
        return mail::join(entry.content, parts, max_message_bytes);
    }

    ByteBuffer part(const crypto::PartId& id)
    {
        if (kept_part && kept_part->first == id)
            return kept_part->second;
        const auto stored = catalog.part(id);
        const std::string what = fmt::format("part {}", id.hex().substr(0, 12));
        if (!stored)
            throw Error(ErrorKind::damaged, what + ": not in this vault");
        ByteBuffer content = read_any(*stored, what, [&](vault::ReadEntry entry) {
            if (entry.kind != vault::EntryKind::part || hasher.part_id(entry.content) != id)
                throw Error(ErrorKind::damaged, "the bytes are not those of the part");
            return std::move(entry.content);
        });
        if (content.size() <= max_kept_part_bytes)
            kept_part = {id, content};
        return content;
    }

    const catalog::Catalog& catalog;
    crypto::ContentHasher hasher;
    vault::ArchiveReader archives;
    std::optional<std::pair<crypto::PartId, ByteBuffer>> kept_part;
};

Library::Library(const objects::Store& store, const vault::ReaderKeys& keys,
                 const catalog::Catalog& catalog)
    : state_(std::make_unique<State>(store, keys, catalog))
{
}

Library::~Library() = default;

ByteBuffer Library::message(const crypto::ContentId& id)
{
    return state_->message(id);
}

ByteBuffer Library::message(const catalog::LyingMessage& message)
{
    return state_->message(message);
}

}  // namespace mailhold::ledger
