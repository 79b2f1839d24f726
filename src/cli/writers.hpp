#pragma once
// Opening a vault from a host that is not its writer yet, and naming writers.

#include <memory>
#include <string>

#include "mailhold/objects/store.hpp"
#include "mailhold/vault/keys.hpp"
#include "mailhold/vault/root_log.hpp"

#include "session.hpp"

namespace mailhold::cli {

/// The store and its root log, without any state of this host.
class VaultOpening {
public:
    explicit VaultOpening(Session& session);
    vault::ReaderKeys unlock(Session& session) const;

private:
    std::unique_ptr<objects::Store> store_;
    vault::RootLog log_;
};

std::string host_name();
std::string name_or_host(const std::string& name);

/// By the start of its id. Throws not_found, usage.
crypto::WriterId find_writer(const vault::RootLog& log, const std::string& prefix);

}  // namespace mailhold::cli
