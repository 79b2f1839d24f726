#pragma once
// One connection of an upload: takes batches, adds what is not there, reads back what it added.

#include "mailhold/imap/door.hpp"

#include "upload_state.hpp"

namespace mailhold::deliver {

class UploadWorker {
public:
    /// All are borrowed. The main one waits for a server that is away; the others give up and leave
    /// their work to it.
    UploadWorker(const imap::Door& door, UploadState& state, UploadMemory& memory,
                 const std::stop_token& stop, bool is_main)
        : door_(door), state_(state), memory_(memory), stop_(stop), is_main_(is_main)
    {
    }

    /// An open session to begin with, and what is left of it.
    void lend(std::unique_ptr<imap::Uploader> session) { session_ = std::move(session); }
    std::unique_ptr<imap::Uploader> session() { return std::move(session_); }

    /// Until there is no more work. Throws what concerns more than the server.
    void run();

private:
    struct Sent {
        TargetFolder* folder = nullptr;
        std::size_t message = 0;
        crypto::ContentId id;
        Print print;
        Uid uid{};
    };
    using Group = std::vector<Parcel>;

    void work();
    bool connect();
    bool survive(const Error& e);
    void handle(Batch batch);
    void take_what_is_there(Batch& batch);
    void append_all(TargetFolder& folder, std::deque<Group> groups);
    void append_one(TargetFolder& folder, Group& group, std::deque<Group>& rest);
    void accepted(TargetFolder& folder, Group& group, const imap::Appended& appended);
    void refused(TargetFolder& folder, Group& group, const imap::Appended& appended,
                 std::deque<Group>& rest);
    bool wait_as_asked(const std::string& text);
    void settle(const Group& group);
    void verify();
    void verify_in(TargetFolder& folder, const std::vector<Sent>& sent);
    void leave_unplaced(TargetFolder& folder, const Group& group, bool was_accepted);

    const imap::Door& door_;
    UploadState& state_;
    UploadMemory& memory_;
    const std::stop_token& stop_;
    const bool is_main_;
    std::unique_ptr<imap::Uploader> session_;
    std::vector<Sent> unverified_;
    std::chrono::milliseconds waited_{0};
    unsigned setbacks_ = 0;  ///< without a success between them
    unsigned pauses_ = 0;    ///< the same, of waits that the server did not measure
};

}  // namespace mailhold::deliver
