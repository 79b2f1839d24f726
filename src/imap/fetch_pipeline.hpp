#pragma once
// UID FETCH in several commands at a time, so that the server never waits for us.

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "fetch_merge.hpp"
#include "session.hpp"

namespace mailhold::imap {

/// One fetch. A command that is refused is cut in halves until the message that cannot be had is
/// alone; refusals that ask to wait, or that hit message after message, end the fetch.
class FetchPipeline {
public:
    /// `uids` are sorted and disjoint; `items` are those that the server knows.
    FetchPipeline(Session& session, const std::vector<UidRange>& uids, const FetchItems& items,
                  bool tell_vanished, const Client::FetchHandlers& handlers);

    void run();

private:
    using Chunk = std::vector<UidRange>;
    struct InFlight {
        std::string tag;
        Chunk chunk;
    };

    void send_next();
    void take(Response& response);
    void answered(const StatusResponse& status);
    void isolate(const Chunk& chunk, const std::string& why);
    void give_up(const Error& reason);
    std::vector<Uid> missing_of(const Chunk& chunk) const;

    Session& session_;
    Client::FetchHandlers handlers_;
    std::string items_text_;
    std::string modifiers_;
    FetchMerge merge_;
    std::deque<Chunk> waiting_;
    std::deque<InFlight> in_flight_;
    Deadline deadline_;  ///< of the oldest command in flight
    std::optional<Error> gave_up_;
    unsigned refusals_in_a_row_ = 0;
    std::uint64_t handed_on_before_ = 0;
};

}  // namespace mailhold::imap
