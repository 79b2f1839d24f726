#pragma once
// Takes from this process what a worker does not need: for good, and before it sees any input.

#include <cstdint>
#include <string>
#include <vector>

namespace mailhold::sandbox {

/// Afterwards: no new privileges, no writing, no network, no other programs or threads; files can
/// be opened for reading only, and where the kernel has Landlock only under `readable`. Throws
/// storage where the kernel refuses; a kernel without Landlock is no refusal.
void confine(std::uint64_t memory_bytes, const std::vector<std::string>& readable);

}  // namespace mailhold::sandbox
