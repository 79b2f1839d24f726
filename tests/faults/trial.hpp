#pragma once
// One mutated vault, looked at by everything that reads.

#include <string>
#include <vector>

#include "faults/mutation.hpp"

namespace mailhold::faults {

/// Tries mutations of one vault. Not for sharing by threads.
class Trials {
public:
    explicit Trials(const SmallVault& vault);

    /// What must not be, one sentence each; empty when all is well. `on_bare_host`: also as a host
    /// sees it that has nothing but the store and the keys.
    std::vector<std::string> run(const Mutation& mutation, bool on_bare_host);

private:
    const SmallVault& vault_;
    std::filesystem::path host_state_;  ///< for mutations that leave it as it is
};

}  // namespace mailhold::faults
