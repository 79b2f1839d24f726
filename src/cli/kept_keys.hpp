#pragma once
// A vault's keys for reading, kept by the kernel for a while: `mailhold unlock`.

#include <chrono>
#include <optional>

#include "mailhold/base/clock.hpp"
#include "mailhold/vault/owner.hpp"

namespace mailhold::cli {

inline constexpr std::chrono::minutes default_unlock_time{30};
inline constexpr std::chrono::hours longest_unlock_time{24};

struct KeptKeys {
    vault::ReaderKeys keys;
    Time until{};
};

/// Only keys that open the vault's present epoch; others are dropped. nullopt when there are none.
std::optional<KeptKeys> kept_keys(const vault::RootLog& log);

/// Throws refused where the kernel keeps no keys.
void keep_keys(const vault::RootLog& log, const vault::ReaderKeys& keys,
               std::chrono::seconds duration);

/// False when there were none.
bool drop_keys(const vault::RootLog& log);

/// "45m", "2h", "90s": at least one second, at most longest_unlock_time. Throws usage.
std::chrono::seconds unlock_time(const std::string& text);

}  // namespace mailhold::cli
