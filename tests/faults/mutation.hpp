#pragma once
// One change of one stored object, or one story (small_vault.hpp).

#include <set>
#include <string>
#include <vector>

#include "faults/small_vault.hpp"

namespace mailhold::faults {

enum class Change {
    flip,          ///< one bit of the byte at `at`
    flip_renamed,  ///< and named after its hash again, as one does who means it
    truncate,      ///< to `at` bytes
    truncate_renamed,
    lengthen,
    remove,
    rename,
    duplicate,    ///< under a second name
    swap,         ///< with the `at`-th other one of its kind
    replace,      ///< by the `at`-th one of another vault
    add_foreign,  ///< the `at`-th one of another vault, beside it
    story,        ///< the `at`-th
};

struct Mutation {
    Change change{};
    std::string object;
    std::size_t at = 0;
};

/// What the mutation is, for people.
std::string kind_of(const SmallVault& vault, const Mutation& mutation);

/// Every one there is, those of which there are few first.
std::vector<Mutation> all_mutations(const SmallVault& vault);

Objects mutated(const SmallVault& vault, const Mutation& mutation);

/// What check with a key may answer on the host that knows the vault, by the table in
/// docs/format.md, What check answers.
std::set<int> expected_exits(const SmallVault& vault, const Mutation& mutation);

/// True when the store is as it once was, or as if the writer had done less: a host that has seen
/// nothing cannot tell.
bool is_only_shorter(const SmallVault& vault, const Mutation& mutation);

}  // namespace mailhold::faults
