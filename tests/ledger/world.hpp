#pragma once
// A vault in private folders, a pretended mail server, and backups of the one into the other.

#include <map>
#include <memory>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mailhold/ledger/intake.hpp"
#include "mailhold/ledger/ledger.hpp"
#include "mailhold/ledger/setup.hpp"
#include "mortal_store.hpp"
#include "support/kind_thrown_by.hpp"
#include "support/temp_dir.hpp"

namespace mailhold::ledger {

inline const crypto::AccountId anna{{std::byte{0xa1}}};

struct ServerMessage {
    std::string raw;
    Flags flags;
};

/// One folder of one account, as a server holds it.
struct Server {
    FolderId fid{1};
    std::string folder = "INBOX";
    std::map<std::uint32_t, ServerMessage> messages;
};

/// A letter of a few hundred bytes; `n` makes it unlike others.
std::string letter(int n);
/// A message with a base64 attachment made from `seed`.
std::string letter_with_attachment(int n, int seed, std::size_t attachment_bytes = 60'000);

vault::Placed placed_at(std::uint64_t fid, std::uint32_t uid, Flags flags = {});
/// One of Anna's messages, as a connection hands it over.
Arrival arrival(std::uint64_t fid, std::uint32_t uid, const std::string& raw, Flags flags = {});

IntakeOptions small_commits(std::uint64_t raw_bytes);

class World {
public:
    World();

    const Paths& paths() const { return paths_; }
    const vault::ReaderKeys& keys() const { return keys_; }
    std::unique_ptr<Ledger> open(Ledger::Mode mode = Ledger::Mode::write) const;
    std::unique_ptr<Ledger> open_mortal(const std::shared_ptr<Fate>& fate) const;
    /// A second host of the same vault, with its own state folder.
    Paths other_host(const std::string& name) const { return {paths_.vault, dir_.path() / name}; }

    /// Options with a search index, whose unfinished files lie in a folder of this world.
    IntakeOptions indexed(IntakeOptions options = {}) const;

    /// Copies the store or the state as it is now, and puts it back.
    void save(const std::string& name, const std::filesystem::path& folder) const;
    void restore(const std::string& name, const std::filesystem::path& folder) const;

private:
    test::TempDir dir_;
    Paths paths_;
    vault::ReaderKeys keys_;
};

/// What a harvest does: compares, fetches what is missing or unreadable, says what went and
/// changed.
Commit back_up(Ledger& ledger, const Server& server, const IntakeOptions& options = {});

/// Everything the catalog answers, as text: equal texts mean equal catalogs.
std::string snapshot(const catalog::Catalog& catalog);

/// Content, flags and UIDs in the vault are exactly those on the server.
void expect_backed_up(Ledger& ledger, const vault::ReaderKeys& keys, const Server& server);

/// Every message of the catalog is in exactly one searched shard.
void expect_searchable(Ledger& ledger, const vault::ReaderKeys& keys);
/// None is in two, and those in none are counted as waiting.
void expect_found_once_or_waiting(Ledger& ledger, const vault::ReaderKeys& keys);

/// Changes a stored object in its place.
void overwrite(const std::filesystem::path& file, std::string_view bytes, std::uint64_t at = 0);

/// Nothing stands in the store that the journal does not name, and the chains are sound.
void expect_tidy_store(Ledger& ledger);

}  // namespace mailhold::ledger
