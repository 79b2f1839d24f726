#pragma once
// Finding what was sent and not seen since: messages whose UID the server did not tell, and those
// that were on their way when a connection broke.

#include "upload_state.hpp"

namespace mailhold::deliver {

/// Looks for them, after all workers are done, and takes out of `unplaced` what was settled: after
/// an error it can be called again. Gives the numbers of the messages that are not there and that
/// the server never accepted: they are to be sent again. Throws as imap::Client does.
void place(std::vector<Unplaced>& unplaced, imap::Client& client, UploadState& state,
           UploadMemory& memory, std::vector<std::size_t>& to_send_again);

}  // namespace mailhold::deliver
