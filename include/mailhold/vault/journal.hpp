#pragma once
// Journal entries: sealed, signed, chained; one is one commit (docs/format.md, Journal).

#include <map>
#include <set>
#include <string>
#include <vector>

#include "mailhold/objects/store.hpp"
#include "mailhold/vault/event.hpp"
#include "mailhold/vault/keys.hpp"
#include "mailhold/vault/root_log.hpp"

namespace mailhold::vault {

struct EntryInfo {
    Time time{};
    std::string run;         ///< random id of the run
    std::uint32_t part = 0;  ///< commits of one run count from 1
};

/// Collects the events of one entry as JSON lines as they come.
class EntryDraft {
public:
    explicit EntryDraft(const EntryInfo& info);
    void add(const Event& event);
    std::size_t plain_bytes() const noexcept { return lines_.size(); }
    const std::string& lines() const noexcept { return lines_; }
    const std::vector<sealed::ObjectRow>& objects() const noexcept { return objects_; }

private:
    std::string lines_;
    std::vector<sealed::ObjectRow> objects_;
};

struct SealedEntry {
    std::uint64_t seq = 0;
    crypto::Hash hash;
    std::string name;  ///< journal/<writer>/<seq>-<hash>
    ByteBuffer bytes;
};

/// journal/<writer>/<seq>-<hash>.
std::string journal_name(const crypto::WriterId& writer, std::uint64_t seq,
                         const crypto::Hash& hash);

/// Largest journal entry file that is read: its plain limit, and what sealing adds to it.
inline constexpr std::uint64_t journal_file_limit_bytes =
    sealed::journal_limit_bytes + 2 * mebibyte;

/// Seals and signs an entry that follows (seq - 1, previous). Throws bug when the draft is over a
/// limit of docs/format.md, Journal.
SealedEntry seal_entry(const WriterKit& kit, std::uint64_t seq, const crypto::Hash& previous,
                       const EntryDraft& draft, const std::vector<sealed::ChainHead>& heads);

struct JournalEntry {
    sealed::Header header;
    EntryInfo info;
    std::vector<Event> events;
};

/// One name under journal/, parsed.
struct EntryName {
    crypto::WriterId writer;
    std::uint64_t seq = 0;
    crypto::Hash hash;
    std::string name;
    std::uint64_t length = 0;
};

/// Opens one entry's bytes and parses it. `writer` must be certified in `log`.
/// Throws damaged, tampered, wrong_key, too_new.
JournalEntry open_entry(Bytes file, const ReaderKeys& keys, const RootLog& log);

/// Reads the entry of that name from the store, checks that its bytes hash to it, opens it. Throws
/// also not_found and store_unavailable.
JournalEntry read_entry(const objects::Store& store, const EntryName& name, const ReaderKeys& keys,
                        const RootLog& log);

/// Events of an entry's plain lines (the outbox keeps them); info is the first line.
std::pair<EntryInfo, std::vector<Event>> parse_lines(std::string_view lines);

/// All entries' names by writer, sorted by seq; names that are none of ours go to `strangers`.
struct JournalListing {
    std::map<crypto::WriterId, std::vector<EntryName>> chains;
    std::vector<std::string> strangers;
};
JournalListing list_journal(const objects::Store& store);

/// The chain without keys: bytes hash to their names, signatures, predecessor hashes, no gap, no
/// fork, nothing applied after a revocation. Reads every entry whole. Faults are returned, not
/// thrown (except store_unavailable): entries after a missing or damaged one stay sound, for their
/// own signature holds; of a fork both branches do, but of a revoked writer only what leads to the
/// last entry that its revocation allows.
enum class ChainFaultKind {
    missing,
    damaged,
    tampered,
    fork,
    uncertified,
    after_revocation,
    too_new
};
struct ChainFault {
    ChainFaultKind kind;
    std::uint64_t seq = 0;
    std::string object;
    std::string detail;
};
struct CheckedChain {
    crypto::WriterId writer;
    std::vector<EntryName> sound;                       ///< in order; what may be applied
    std::map<crypto::Hash, sealed::ObjectRow> objects;  ///< that sound entries add
    std::set<crypto::Hash> retired;  ///< by sound entries; perhaps another chain's
    std::vector<ChainFault> faults;
};
CheckedChain check_chain(const objects::Store& store, const RootLog& log,
                         const crypto::WriterId& writer, const std::vector<EntryName>& entries);

}  // namespace mailhold::vault
