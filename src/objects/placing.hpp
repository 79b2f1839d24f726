#pragma once
// Gives a finished temporary file its name without ever overwriting another (docs/format.md,
// Publishing).

#include <filesystem>
#include <optional>

#include "mailhold/objects/store.hpp"

namespace mailhold::objects {

// Three ways to name a file that has no name yet, best first. True: done; false: the name is taken;
// nullopt: this filesystem cannot do it. Each throws storage for anything else.
std::optional<bool> rename_no_replace(const std::filesystem::path& from,
                                      const std::filesystem::path& to);
std::optional<bool> link_and_unlink(const std::filesystem::path& from,
                                    const std::filesystem::path& to);
/// Looks, then renames. Two writers of one name have the same bytes, so the gap between is
/// harmless.
std::optional<bool> rename_if_absent(const std::filesystem::path& from,
                                     const std::filesystem::path& to);

/// Names `temporary` `target`. A target with the same bytes stays (made durable, the temporary file
/// removed), one with other bytes is damage and replaced. The folder is not synced here.
PutOutcome place(const std::filesystem::path& temporary, const std::filesystem::path& target);

}  // namespace mailhold::objects
