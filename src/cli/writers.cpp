// Opening a vault from a host that is not its writer yet, and naming writers.

#include "writers.hpp"

#include <array>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "mailhold/base/error.hpp"

namespace mailhold::cli {

VaultOpening::VaultOpening(Session& session)
    : store_(objects::open_local_folder(session.paths().vault, false)),
      log_(vault::read_root_log(*store_, {}))
{
}

vault::ReaderKeys VaultOpening::unlock(Session& session) const
{
    return session.unlock_as_owner(*store_, log_);
}

std::string host_name()
{
    std::array<char, 256> name{};
    gethostname(name.data(), name.size() - 1);
    return name.data();
}

std::string name_or_host(const std::string& name)
{
    return name.empty() ? host_name() : name;
}

crypto::WriterId find_writer(const vault::RootLog& log, const std::string& prefix)
{
    std::vector<crypto::WriterId> found;
    for (const auto& [id, writer] : log.writers)
        if (id.hex().starts_with(prefix) || writer.name == prefix)
            found.push_back(id);
    if (found.size() != 1)
        throw Error(found.empty() ? ErrorKind::not_found : ErrorKind::usage,
                    fmt::format("{} writer is called {}", found.empty() ? "no" : "more than one",
                                printable(prefix)),
                    "`mailhold writer list` shows them");
    return found.front();
}

}  // namespace mailhold::cli
