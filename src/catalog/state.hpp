#pragma once
// What is behind the catalog: the connection, its lock, and the numbers that stand for ids in the
// big tables.

#include <mutex>
#include <unordered_map>

#include "mailhold/catalog/catalog.hpp"

#include "sqlite.hpp"

namespace mailhold::catalog {

/// A row's number in the table that holds its id.
enum class WriterNumber : std::int64_t {};
enum class AccountNumber : std::int64_t {};
enum class FolderNumber : std::int64_t {};
enum class ObjectNumber : std::int64_t {};
enum class ContentNumber : std::int64_t {};
enum class FlagsNumber : std::int64_t {};

enum class ContentKind { message = 0, part = 1 };

/// Callers hold `lock`. Numbers are found or, by the functions that say "number", made: an id may
/// be named before it is described, since the order between chains does not matter.
struct Catalog::State {
    class Transaction;

    explicit State(const std::filesystem::path& file);

    /// Inside another one, part of that.
    void in_transaction(const char* begin, const std::function<void()>& work);

    WriterNumber writer_number(const crypto::WriterId& id);
    crypto::WriterId writer_id(WriterNumber number);
    AccountNumber account_number(const crypto::AccountId& id);
    std::optional<AccountNumber> find_account(const crypto::AccountId& id);
    FolderNumber folder_number(const FolderKey& key);
    std::optional<FolderNumber> find_folder(const FolderKey& key);
    ObjectNumber object_number(const crypto::Hash& hash);
    ContentNumber content_number(ContentKind kind, Bytes id);
    std::optional<ContentNumber> find_content(ContentKind kind, Bytes id);
    ContentNumber remember(ContentKind kind, Bytes id, ContentNumber number);
    FlagsNumber flags_number(const Flags& flags);
    Flags flags(FlagsNumber number);

    void put_content(ContentKind kind, Bytes id, std::uint64_t size, bool spliced,
                     const sealed::Location& at);
    void put_location(ContentNumber content, const sealed::Location& at);
    /// Its archives, when it lies at several places.
    void note_repeats(ContentNumber message);
    std::optional<Stored> stored(ContentKind kind, Bytes id);
    bool has_location(ContentNumber content);
    /// It and its parts have locations, or it was erased on purpose.
    bool is_settled(ContentNumber message);
    bool stored_by(const crypto::WriterId& writer, ContentKind kind, Bytes id);

    /// Columns from `first` on: message id, date, zone, flags, first seen, gone since, Gmail's id,
    /// UID.
    PlacementRow placement_in(const Rows& rows, int first, const FolderKey& folder);
    /// A batch of what was on the server then, from the UID behind `after` on.
    std::vector<PlacementRow> placements_at(const FolderKey& folder, Time at, Uid after);
    bool was_gone(FolderNumber folder, Time at);
    /// The account belongs to another writer now (folder_ends and seen_again in the schema).
    bool has_successor(FolderNumber folder);

    /// After a rollback: numbers made inside it are void.
    void forget_numbers();

    mutable std::recursive_mutex lock;
    Database db;
    int transaction_depth = 0;
    std::map<crypto::WriterId, std::uint64_t> last_folder_ids;  ///< given out, perhaps not yet used

private:
    std::map<crypto::WriterId, WriterNumber> writers_;
    std::map<FolderKey, FolderNumber> folders_;
    std::unordered_map<std::string, FlagsNumber> flag_numbers_;
    std::unordered_map<std::int64_t, Flags> flags_;
    std::optional<std::pair<crypto::Hash, ObjectNumber>> last_object_;
    std::unordered_map<std::string, ContentNumber> recent_contents_;
};

using Guard = std::lock_guard<std::recursive_mutex>;

}  // namespace mailhold::catalog
