#pragma once
// One entry of the root log: its two lines, made and verified (docs/format.md, Root log).

#include <string_view>

#include "mailhold/vault/root_log.hpp"

namespace mailhold::vault {

/// Splits an entry into its JSON and its signature. Throws malformed.
struct RootLines {
    std::string_view signed_line;  ///< without its line end
    Json event;
    crypto::Signature signature;
};
RootLines split_root_entry(Bytes entry);

/// Verifies the entry that follows `log` and applies it; the first one of an empty log brings its
/// own key. Throws malformed, tampered, too_new. `log` is spent when it throws.
void apply_root_entry(RootLog& log, Bytes entry);

}  // namespace mailhold::vault
