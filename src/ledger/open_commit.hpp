#pragma once
// The commit being collected: one archive being built, and the events that will name what is in it.

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <unordered_map>

#include "core.hpp"
#include "open_shard.hpp"
#include "prepared.hpp"
#include "publish.hpp"

namespace mailhold::ledger {

/// For one thread.
class OpenCommit {
public:
    OpenCommit(Core& core, std::string run, const IntakeOptions& options);

    void add(PreparedMessage message);
    /// Throws bug for a message that neither the vault nor this commit has.
    void add(const crypto::AccountId& account, vault::Placed placed);
    void add(const crypto::AccountId& account, vault::Event event);
    void add_cursor(FolderId fid, const catalog::FolderCursor& cursor);

    /// Large enough, or its first event is old enough.
    bool is_due() const;
    /// When its first event will be old enough; nullopt while it is empty.
    std::optional<SteadyTime> due_at() const { return due_at_; }

    /// Publishes what was collected and starts anew. Without any event only the cursors are kept.
    Commit commit();

    const std::map<crypto::AccountId, AccountTally>& tallies() const noexcept { return tallies_; }
    const std::string& index_failure() const noexcept { return shard_.failure(); }

private:
    struct NewMessage {
        std::uint64_t size = 0;
        std::vector<crypto::PartId> parts;
    };
    struct IdHash {
        template <class Id>
        std::size_t operator()(const Id& id) const noexcept
        {
            return read_le<std::size_t>(id.bytes(), 0);
        }
    };

    void add_event(vault::Event event);
    void store_content(PreparedMessage& message);
    bool has_part(const crypto::PartId& id) const;
    void store_part(const crypto::AccountId& lane, const PreparedPart& part);
    void declare_again(const crypto::ContentId& id);
    void declare_again(const crypto::PartId& id);
    vault::ArchiveBuilder& builder();
    std::vector<vault::Event> publish_archive();
    void add_contents(std::vector<vault::Event>& events, const vault::FinishedArchive& archive);
    void start_anew();

    Core& core_;
    std::string run_;
    IntakeOptions options_;
    bool others_write_ = false;  ///< the catalog holds other writers' contents too
    std::uint32_t part_ = 0;     ///< commits of this run so far

    std::unique_ptr<vault::ArchiveBuilder> builder_;
    OpenShard shard_;
    std::unordered_map<crypto::ContentId, NewMessage, IdHash> new_messages_;
    std::unordered_map<crypto::PartId, std::uint64_t, IdHash> new_parts_;
    std::vector<vault::Event> events_;
    std::uint64_t event_bytes_ = 0;  ///< estimated journal lines
    std::map<FolderId, catalog::FolderCursor> cursors_;
    std::uint64_t new_raw_bytes_ = 0;
    std::optional<SteadyTime> due_at_;

    std::map<crypto::AccountId, AccountTally> tallies_;
};

}  // namespace mailhold::ledger
