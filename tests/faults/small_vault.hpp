#pragma once
// A small vault with all that a vault has, kept in memory: two epochs, slots that came and
// went, two hosts, two accounts, messages stored whole, in parts and twice; and what an attacker
// or a newer mailhold would add to it.

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "ledger/world.hpp"
#include "mailhold/vault/owner.hpp"

namespace mailhold::faults {

using Objects = std::map<std::string, ByteBuffer>;

/// Where a message lies, and which.
using Placement = std::tuple<crypto::WriterId, FolderId, Uid, crypto::ContentId>;

/// The store with something in it that should not be there, and what check may then answer.
struct Story {
    std::string kind;
    Objects objects;
    std::set<int> exits;      ///< of check with a key, on the host that knows the vault
    bool is_shorter = false;  ///< a state that the vault once had: only who remembers more can tell
};

class SmallVault {
public:
    SmallVault();

    const Objects& objects() const { return objects_; }
    const Objects& another_vault() const { return another_vault_; }
    const std::vector<Story>& stories() const { return stories_; }
    const vault::ReaderKeys& keys() const { return keys_; }
    /// Of all messages.
    const std::map<crypto::ContentId, std::string>& messages() const { return messages_; }
    /// Also those that only stories have.
    const std::set<Placement>& placements() const { return placements_; }
    /// How many the vault itself has.
    std::size_t placements_made() const { return placements_made_; }

    /// A copy of the state folder of the first host, which has read all of the vault.
    std::filesystem::path host_state() const;
    /// An empty state folder.
    std::filesystem::path bare_state() const;

private:
    void rotate();
    void fill();
    void add_second_host();
    void remember();
    void tell_stories();
    void tell_of_older_states();
    void tell_of_forks_and_strangers();
    void tell_of_newer_versions();
    void tell_of_other_root_keys();
    Objects stored() const;
    /// The store after a host, or its clone, has backed up letter `n`; it is put back.
    Objects gone_on(int n);
    std::filesystem::path fresh_folder() const;
    /// The vault as it is, with one more object.
    Objects with(const std::string& name, Bytes bytes) const;
    void tell(std::string kind, Objects objects, std::set<int> exits, bool is_shorter = false);

    ledger::World world_;
    test::TempDir scratch_;
    vault::ReaderKeys keys_;
    ledger::Server server_;
    std::vector<Objects> earlier_;  ///< after each commit but the last
    Objects objects_;
    Objects another_vault_;
    std::vector<Story> stories_;
    std::map<crypto::ContentId, std::string> messages_;
    std::set<Placement> placements_;
    std::size_t placements_made_ = 0;
    mutable int folders_ = 0;
};

}  // namespace mailhold::faults
