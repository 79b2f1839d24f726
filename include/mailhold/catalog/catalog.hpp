#pragma once
// The catalog: a local SQLite cache of the journal, plus what only this host knows (cursors, the
// outbox). It can be rebuilt from the journal at any time; it holds no mail, no subjects and no
// correspondents.

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mailhold/base/clock.hpp"
#include "mailhold/base/identifiers.hpp"
#include "mailhold/crypto/types.hpp"
#include "mailhold/sealed/location.hpp"
#include "mailhold/sealed/stream.hpp"

namespace mailhold::catalog {

/// A folder incarnation is known by its writer and that writer's number.
struct FolderKey {
    crypto::WriterId writer;
    FolderId fid{};
    auto operator<=>(const FolderKey&) const = default;
};

struct AccountRow {
    crypto::AccountId id;
    std::string address;
    std::string role;
    std::string server;
    bool archive_only = false;
    crypto::WriterId writer;  ///< the one that may harvest it
};

struct FolderRow {
    FolderKey key;
    crypto::AccountId account;
    std::string name;
    std::string wire_name;
    UidValidity uid_validity{};
    std::optional<char> separator;
    std::string use;
    bool gone = false;  ///< the server no longer lists it, or it lives on under a new UIDVALIDITY

    /// Made by `mailhold import`: no server has it, so none can lose it.
    bool is_imported() const noexcept { return uid_validity == imported_uid_validity; }
};

struct PlacementRow {
    FolderKey folder;
    Uid uid{};
    crypto::ContentId id;
    std::optional<InternalDate> date;
    Flags flags;
    Time first_seen{};
    std::optional<Time> gone_since;
    std::optional<std::uint64_t> gmail_message_id;
};

struct FailedRow {
    FolderKey folder;
    Uid uid{};
    std::string why;
    Time since{};
};

/// Where the last run left a folder. Local: never in the journal, never believed after a rebuild.
struct FolderCursor {
    ModSeq highest_modseq{};
    Uid uid_next{};
    std::uint32_t exists = 0;
};

struct RunRow {
    crypto::AccountId account;
    Time time{};
    bool ok = false;
    std::uint64_t server_messages = 0;
    std::uint64_t archived_messages = 0;
    std::string error_class;
    std::string error_text;
    std::string error_hint;
};

struct ArchiveRow {
    crypto::Hash object;
    crypto::WriterId writer;
    std::uint64_t length = 0;
    ByteBuffer header;
    sealed::BlockTable blocks;
    bool forgotten = false;  ///< missing or damaged in the store: see forget_locations()
};

struct ShardRow {
    crypto::Hash object;
    crypto::WriterId writer;
    std::uint64_t length = 0;
    ByteBuffer header;
    sealed::BlockTable blocks;
    std::uint64_t schema = 0;
    std::uint64_t documents = 0;
    std::vector<crypto::Hash> covers;    ///< archives whose messages it holds
    std::optional<Time> replaced_since;  ///< by another, which is there
    bool lost = false;                   ///< missing or damaged in the store
};

struct FolderCounts {
    std::uint64_t messages = 0;  ///< on the server at that time
    std::uint64_t gone = 0;      ///< kept here, no longer on the server
};

struct Totals {
    std::uint64_t messages = 0;      ///< distinct contents
    std::uint64_t raw_bytes = 0;     ///< sum of their sizes
    std::uint64_t stored_bytes = 0;  ///< archives and journal
    std::uint64_t index_bytes = 0;   ///< shards that are searched
    std::uint64_t placements = 0;
};

/// A message that an upload put, and verified, into a folder of some account.
struct UploadedMessage {
    Uid uid{};
    crypto::ContentId id;
    bool is_changed = false;  ///< the server keeps it otherwise than it was given
};

/// The exact journal bytes to publish, and what they imply, kept from before the commit point until
/// after it.
struct Outbox {
    std::uint64_t seq = 0;
    crypto::Hash hash;
    std::string name;
    ByteBuffer bytes;   ///< the sealed entry
    std::string lines;  ///< its plain events
    std::vector<std::pair<FolderId, FolderCursor>> cursors;
};

struct Head {
    std::uint64_t seq = 0;
    crypto::Hash hash;
};

/// Where a message's or part's bytes are; several after a repair or another writer's copy.
struct Stored {
    std::uint64_t size = 0;
    bool spliced = false;
    std::optional<std::string> erased;  ///< why it was erased on purpose
    std::vector<sealed::Location> locations;
};

/// A message and one place where it is.
struct LyingMessage {
    crypto::ContentId id;
    sealed::Location at;
};

/// Thread-safe: every call takes the catalog's lock. Errors: storage, damaged (not a catalog;
/// rebuild it), too_new (made by a newer mailhold).
class Catalog {
public:
    /// Opens or creates. WAL, synchronous FULL.
    explicit Catalog(const std::filesystem::path& file);
    ~Catalog();

    /// Runs `work` in one transaction, durable when it returns; rolls back when it throws.
    void transaction(const std::function<void()>& work);
    /// Runs `work`, which only reads, on one state of the catalog: many small questions are
    /// answered several times faster than each on its own.
    void reading(const std::function<void()>& work) const;

    // --- What journal entries say; called inside transaction(). Adding what is there already
    // changes nothing.
    void put_archive(const ArchiveRow& archive);
    void put_shard(const ShardRow& shard, const std::vector<crypto::Hash>& replaces, Time time);
    void put_message(const crypto::ContentId& id, std::uint64_t size, bool spliced,
                     const sealed::Location& at);
    void put_part(const crypto::PartId& id, std::uint64_t size, const sealed::Location& at);
    /// The parts that a spliced message needs to be joined again.
    void put_splice(const crypto::ContentId& id, const std::vector<crypto::PartId>& parts);
    /// One more location of a message or part that was declared before.
    void put_moved(Bytes id, const sealed::Location& at);
    /// It was erased on purpose: known, so that it is not fetched again, yet without locations.
    void put_erased(Bytes id, const std::string& why);
    /// The latest description holds, whatever the order in which chains are read.
    void put_account(const AccountRow& account, Time time);
    /// A name or state that differs from the last one is kept with its time (as-of).
    void put_folder(const FolderRow& folder, Time time);
    void put_placement(const PlacementRow& placement);
    void put_flags(const FolderKey& folder, Uid uid, const Flags& flags, Time time);
    void put_gone(const FolderKey& folder, const std::vector<Uid>& uids, Time time);
    void put_failed(const FailedRow& failed);  ///< forgotten once the UID is placed or gone
    void put_run(const RunRow& run);
    void put_record(const std::string& space, const std::string& key, const std::string& json,
                    Time time);
    void put_head(const crypto::WriterId& chain, const Head& head, std::uint64_t entry_bytes);

    // --- Only this host's.
    void put_cursor(const FolderKey& folder, const FolderCursor& cursor);
    std::optional<FolderCursor> cursor(const FolderKey& folder) const;
    void put_outbox(const Outbox& outbox);
    std::optional<Outbox> outbox() const;
    void clear_outbox();
    /// Objects about to be published, so that an interrupted run's orphans are recognised.
    void put_expected_object(const std::string& name);
    std::vector<std::string> expected_objects() const;
    void clear_expected_objects();
    void put_setting(const std::string& key, const std::string& value);
    std::optional<std::string> setting(const std::string& key) const;
    std::map<std::string, std::string> settings() const;

    /// What is known of uploads by this host into a folder (by its wire name) of `address`.
    void put_uploaded(const std::string& address, const std::string& wire_name,
                      UidValidity uid_validity, const std::vector<UploadedMessage>& messages);
    std::vector<UploadedMessage> uploaded(const std::string& address, const std::string& wire_name,
                                          UidValidity uid_validity) const;

    /// Becomes a copy of another catalog's file, in one transaction (a rebuilt one; settings and
    /// all).
    void replace_by(const std::filesystem::path& file);

    // --- Questions.
    /// True when it need not be stored again: it has a location that is not forgotten, and so have
    /// all its parts; or it was erased on purpose.
    bool knows_message(const crypto::ContentId& id) const;
    bool knows_part(const crypto::PartId& id) const;
    /// True when `writer`'s own archives hold it.
    bool stored_by(const crypto::WriterId& writer, const crypto::ContentId& id) const;
    bool stored_by(const crypto::WriterId& writer, const crypto::PartId& id) const;
    std::optional<Stored> message(const crypto::ContentId& id) const;
    std::optional<Stored> part(const crypto::PartId& id) const;
    /// Parts of a spliced message, in no particular order.
    std::vector<crypto::PartId> parts_of(const crypto::ContentId& id) const;
    /// Content ids starting with `hex_prefix` (at least 6 digits), at most `limit`.
    std::vector<crypto::ContentId> messages_with_prefix(std::string_view hex_prefix,
                                                        std::size_t limit) const;
    std::optional<ArchiveRow> archive(const crypto::Hash& object) const;
    std::vector<ArchiveRow> archives() const;  ///< without header and blocks
    /// Messages with an entry in `object`, and those whose parts lie there; for reports on damage.
    std::vector<crypto::ContentId> messages_in(const crypto::Hash& object) const;
    /// Messages with an entry in `object` and not erased, in the order of its bytes; none when its
    /// locations were forgotten.
    std::vector<LyingMessage> messages_lying_in(const crypto::Hash& object) const;
    /// Parts with an entry in `object`.
    std::vector<crypto::PartId> parts_in(const crypto::Hash& object) const;
    /// Forgets the locations in a missing or damaged object, so that their mail is fetched again
    /// while the server has it. The next journal entries declare the new copies. The archive's row
    /// stays, marked.
    void forget_locations(const crypto::Hash& object);

    /// Those that a search reads: neither lost nor replaced; oldest first.
    std::vector<ShardRow> shards() const;
    /// All, without header, blocks and covers.
    std::vector<ShardRow> known_shards() const;
    /// A missing or damaged one is no longer searched; its mail waits to be indexed again, or is
    /// found in the shards that it had replaced.
    void forget_shard(const crypto::Hash& object);
    /// A replaced one that was removed from the store on purpose.
    void drop_shard(const crypto::Hash& object);
    /// False when no message stands twice in shards of one schema. Once true it stays so: what made
    /// it true, such as two hosts that fetched the same mail, happens again.
    bool index_may_repeat() const;
    /// Archives with messages that no searched shard of this schema covers, oldest first.
    std::vector<crypto::Hash> unindexed_archives(std::uint64_t schema) const;
    /// Messages that lie in no archive that a searched shard of these schemas, first to last,
    /// covers.
    std::uint64_t unsearchable_messages(std::uint64_t first_schema,
                                        std::uint64_t last_schema) const;

    std::vector<AccountRow> accounts() const;
    std::optional<AccountRow> account(std::string_view address) const;
    /// Gone ones too, oldest first.
    std::vector<FolderRow> folders(const crypto::AccountId& account) const;
    /// As they stood then, gone ones too.
    std::vector<FolderRow> folders_at(const crypto::AccountId& account, Time at) const;
    /// A number no folder of this writer has; each call gives another one.
    FolderId next_folder_id(const crypto::WriterId& writer) const;

    /// All placements of a folder that were known then, by UID; also the gone ones. What the
    /// account's present owner found in the same place again stands there only.
    std::vector<PlacementRow> placements(const FolderKey& folder,
                                         Time known_at = end_of_time) const;
    /// A lean form for comparing with the server: live UIDs, sorted.
    std::vector<Uid> live_uids(const FolderKey& folder) const;
    /// Live UIDs with their flags, by UID.
    std::vector<std::pair<Uid, Flags>> live_flags(const FolderKey& folder) const;
    /// Of the account's messages by Gmail's id: any content already placed under it.
    std::optional<crypto::ContentId> by_gmail_id(const crypto::AccountId& account,
                                                 std::uint64_t id) const;
    /// The placements that were on the server at `at`, with the flags of then, folder by folder, by
    /// UID.
    void for_each_placement_at(
        const crypto::AccountId& account, Time at,
        const std::function<void(const FolderRow&, const PlacementRow&)>& visit) const;
    /// Every placement of one message.
    std::vector<PlacementRow> placements_of(const crypto::ContentId& id) const;
    /// Whether a placement is wanted; asked with a null pointer first: could it be, with some
    /// flags? Must not call the catalog.
    using PlaceFilter = std::function<bool(const AccountRow&, const FolderRow&, const Flags*)>;
    /// The first 8 bytes, as little-endian numbers, of the ids of all messages of which one
    /// placement, live or gone, is wanted. Takes some 50 ns for each placement and message.
    std::vector<std::uint64_t> messages_placed(const PlaceFilter& accepts) const;
    /// The same of messages that were placed and that no server has any more.
    std::vector<std::uint64_t> messages_gone() const;
    std::vector<FailedRow> failed(const crypto::AccountId& account) const;
    /// UIDs of `failed` in one folder, sorted.
    std::vector<Uid> failed_uids(const FolderKey& folder) const;
    /// Live UIDs whose message can no longer be read (forget_locations), sorted: to be fetched
    /// again.
    std::vector<Uid> unstored_uids(const FolderKey& folder) const;
    FolderCounts counts(const FolderKey& folder) const;
    FolderCounts counts_at(const FolderKey& folder, Time at) const;
    std::optional<RunRow> last_run(const crypto::AccountId& account) const;
    std::optional<RunRow> last_good_run(const crypto::AccountId& account) const;
    struct RecordRow {
        std::string key;
        std::string json;
        Time time{};
    };
    std::vector<RecordRow> records(const std::string& space) const;
    std::optional<Head> head(const crypto::WriterId& chain) const;
    std::map<crypto::WriterId, Head> heads() const;
    Totals totals() const;

    /// Local: a check read the whole object and found it sound (or not, which takes the mark away).
    void put_verified(const crypto::Hash& object, bool sound, Time time);
    /// Live placements of the account whose message (with all its parts' archive) lies in verified
    /// archives.
    std::uint64_t verified_messages(const crypto::AccountId& account) const;

    /// Checks SQLite's own integrity; false means: rebuild.
    bool is_sound() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace mailhold::catalog
