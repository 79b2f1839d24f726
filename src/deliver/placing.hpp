#pragma once
// Finding what was sent and not seen since: messages whose UID the server did not tell, and those
// that were on their way when a connection broke.

#include "upload_state.hpp"

namespace mailhold::deliver {

/// Looks once, after all workers are done. Gives the numbers of the messages that are not there and
/// that the server never accepted: they are to be sent again. Throws as imap::Client does.
std::vector<std::size_t> place(std::vector<Unplaced> unplaced, imap::Client& client,
                               UploadState& state, UploadMemory& memory);

}  // namespace mailhold::deliver
