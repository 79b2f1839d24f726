#pragma once
// Archives: sealed tar streams of messages and parts (docs/format.md, Archive content).

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mailhold/crypto/types.hpp"
#include "mailhold/objects/store.hpp"
#include "mailhold/sealed/location.hpp"
#include "mailhold/sealed/stream.hpp"
#include "mailhold/vault/keys.hpp"

namespace mailhold::vault {

enum class EntryKind { message, spliced, part };

struct ArchivedEntry {
    EntryKind kind = EntryKind::message;
    std::array<std::byte, 32> id{};  ///< ContentId or PartId, as kind says
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
};

struct FinishedArchive {
    sealed::Finished stream;
    std::vector<ArchivedEntry> entries;
};

/// Builds one archive. Entries of one account stay together in blocks (lanes); full blocks are
/// sealed by background threads and written to an upload as they come. Calls come from one thread.
/// After an exception it is spent.
class ArchiveBuilder {
public:
    ArchiveBuilder(objects::Store& store, const WriterKit& kit, unsigned sealing_threads);
    ~ArchiveBuilder();  ///< without publish(): nothing of it stays

    /// `meta` is the entry's xattr: journal-style JSON lines. `content` is only read during the
    /// call.
    void add(const crypto::AccountId& lane, EntryKind kind, Bytes id, Bytes content,
             std::string meta, std::int64_t mtime);

    std::uint64_t plain_bytes() const noexcept;  ///< added so far
    bool empty() const noexcept;

    /// Seals what is pending, ends the stream. The object is not yet visible.
    FinishedArchive finish();
    /// Gives the finished object its name: archives/<first 2 hex>/<hash>. Durable when it returns.
    void publish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

std::string archive_name(const crypto::Hash& object);

/// An archive's signed facts, as the catalog remembers them from the journal.
struct ArchiveFacts {
    crypto::Hash object;
    ByteBuffer header;
    sealed::BlockTable blocks;
};

/// One entry read back: content and its meta.
struct ReadEntry {
    EntryKind kind = EntryKind::message;
    std::array<std::byte, 32> id{};  ///< as the entry's path says
    ByteBuffer content;
    std::string meta;
};

/// Reads entries of archives; keeps a few opened blocks, so that neighbouring reads are cheap. Not
/// for sharing by threads. Throws damaged, tampered, wrong_key, not_found (object missing),
/// store_unavailable.
class ArchiveReader {
public:
    using FactsOf = std::function<ArchiveFacts(const crypto::Hash& object)>;

    ArchiveReader(const objects::Store& store, const ReaderKeys& keys, FactsOf facts_of);
    ~ArchiveReader();
    ReadEntry read(const sealed::Location& at);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace mailhold::vault
