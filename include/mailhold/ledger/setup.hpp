#pragma once
// Setting up this host's state for a vault: as its first writer, as a further one, or anew.

#include <string>
#include <string_view>

#include "mailhold/ledger/ledger.hpp"
#include "mailhold/vault/owner.hpp"

namespace mailhold::ledger {

struct NewVault {
    vault::RootLog log;
    std::string recovery_key;
};

/// Makes a vault, and this host its first writer: kit, mirror and catalog in the state folder.
/// Throws usage when either is there already; storage.
NewVault create_vault(const Paths& paths, Bytes passphrase, std::string_view writer_name);

/// Whether a vault was made there, even if no more than that could be done.
bool has_vault(const Paths& paths);

/// Makes this host a further writer of an existing vault. Throws usage when its state holds a kit.
vault::RootLog join_as_writer(const Paths& paths, const vault::ReaderKeys& keys,
                              std::string_view writer_name);

/// Gives this host a new writer id: after a fork (a cloned host), or when its kit was seen by
/// others. The old kit stays beside it as writer.kit.<old id>; the new writer takes over the
/// accounts. Rebuild the catalog afterwards.
vault::RootLog renew_writer(const Paths& paths, const vault::ReaderKeys& keys,
                            std::string_view writer_name);

/// Where renew_writer keeps the kit of a writer id this host once had.
std::filesystem::path former_kit_path(const Paths& paths, const crypto::WriterId& writer);

/// The kits of all writer ids this host once had.
std::vector<std::filesystem::path> former_kits(const Paths& paths);

}  // namespace mailhold::ledger
