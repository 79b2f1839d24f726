#pragma once
// One connection of an upload: takes batches, adds what is not there, reads back what it added.

#include "mailhold/imap/door.hpp"

#include "patience.hpp"
#include "upload_state.hpp"

namespace mailhold::deliver {

class UploadWorker {
public:
    /// All are borrowed. The main one waits for a server that is away; the others give up and leave
    /// their work to it.
    UploadWorker(const imap::Door& door, UploadState& state, UploadMemory& memory,
                 const std::stop_token& stop, bool is_main)
        : door_(door), state_(state), memory_(memory), is_main_(is_main),
          patience_(door.access().address, stop)
    {
    }

    /// An open session to begin with, and what is left of it.
    void lend(std::unique_ptr<imap::Uploader> session) { session_ = std::move(session); }
    std::unique_ptr<imap::Uploader> session() { return std::move(session_); }

    /// Until there is no more work. Throws what concerns more than the server.
    void run();

private:
    using Group = std::vector<Parcel>;

    void work();
    bool connect();
    bool survive(const Error& e);
    void handle(Batch batch);
    void take_what_is_there(Batch& batch);
    void append_all(TargetFolder& folder, std::deque<Group> groups);
    void append_one(TargetFolder& folder, Group& group, std::deque<Group>& rest);
    bool is_worth_another_try(TargetFolder& folder, Group& group, const imap::Appended& appended,
                              bool was_made_before);
    bool leave_out_keywords(Parcel& parcel);
    void accepted(TargetFolder& folder, Group& group, const imap::Appended& appended);
    void refused(Group& group, const imap::Answer& answer, std::deque<Group>& rest);
    void give_back(TargetFolder& folder, std::deque<Group> groups);
    void settle(const Group& group);
    void verify_rest();
    void leave_unplaced(TargetFolder& folder, const Group& group, bool was_accepted);

    const imap::Door& door_;
    UploadState& state_;
    UploadMemory& memory_;
    const bool is_main_;
    std::unique_ptr<imap::Uploader> session_;
    std::vector<Unplaced> unverified_;  ///< all with a UID
    Patience patience_;
    unsigned setbacks_ = 0;  ///< without a success between them
};

}  // namespace mailhold::deliver
