#pragma once
// How every child process begins.

#include <spawn.h>

namespace mailhold::sandbox {

/// No signal is blocked or ignored, and the child leads a group of its own: Ctrl-C is the parent's
/// to answer.
class SpawnAttributes {
public:
    SpawnAttributes();
    ~SpawnAttributes();
    SpawnAttributes(const SpawnAttributes&) = delete;
    SpawnAttributes& operator=(const SpawnAttributes&) = delete;
    const posix_spawnattr_t* get() const { return &attributes_; }

private:
    posix_spawnattr_t attributes_{};
};

}  // namespace mailhold::sandbox
