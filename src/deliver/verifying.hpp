#pragma once
// Reading back what was accepted, where the server said that it put it.

#include "upload_state.hpp"

namespace mailhold::deliver {

/// Compares every one of `sent`, which all have a UID, and leaves it empty: after an error it can
/// be called again. What does not lie there is left to `state` as unplaced. Throws as imap::Client
/// does.
void verify(std::vector<Unplaced>& sent, imap::Client& client, UploadState& state,
            UploadMemory& memory);

}  // namespace mailhold::deliver
