// Signals and process group of a child.

#include "mailhold/sandbox/spawn_attributes.hpp"

#include <csignal>

namespace mailhold::sandbox {

SpawnAttributes::SpawnAttributes()
{
    ::posix_spawnattr_init(&attributes_);
    sigset_t signals;
    ::sigemptyset(&signals);
    ::posix_spawnattr_setsigmask(&attributes_, &signals);
    ::sigfillset(&signals);
    ::posix_spawnattr_setsigdefault(&attributes_, &signals);
    ::posix_spawnattr_setpgroup(&attributes_, 0);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
                                                 POSIX_SPAWN_SETSIGDEF);
}

SpawnAttributes::~SpawnAttributes()
{
    ::posix_spawnattr_destroy(&attributes_);
}

}  // namespace mailhold::sandbox
