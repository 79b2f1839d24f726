#pragma once
// Commands, their tags and their answers on one wire.

#include <functional>
#include <string>
#include <vector>

#include "command.hpp"
#include "mailhold/imap/client.hpp"
#include "response.hpp"
#include "wire.hpp"

namespace mailhold::imap {

/// Takes untagged responses; may move out of them.
using UntaggedHandler = std::function<void(Response&)>;

/// One literal of a command with what stands before it.
struct LiteralPart {
    std::string before;
    Bytes literal;
    bool waits = true;  ///< for the server's "+"; else the literal follows at once (RFC 7888)
};

/// Not usable any more once an exception left an answer outstanding, after BAD and after BYE: every
/// later command throws unreachable.
class Session {
public:
    Session(std::unique_ptr<net::Connection> connection, ClientOptions options);

    /// NOOP, everything up to its answer dropped: libcurl swallows bytes that come in one segment
    /// with the answer to the login, so the stream may begin anywhere.
    void synchronise();

    /// Sends `command` and reads up to its answer. Gives OK or NO; throws for BAD.
    StatusResponse ask(const Command& command, const UntaggedHandler& untagged);
    /// Like ask(); NO throws refused.
    StatusResponse run(const Command& command, const UntaggedHandler& untagged);

    /// Like ask(), for a command that ends with literals. A waiting one that the server refuses is
    /// not sent.
    StatusResponse ask_with_literals(const Command& command, const std::vector<LiteralPart>& parts,
                                     const UntaggedHandler& untagged);

    /// For pipelines: sends a command of one line and gives its tag.
    std::string send(const Command& command);
    /// The next response; BYE throws, counts are kept up to date. A tagged answer ends one of the
    /// commands sent; BAD throws.
    Response read(const Deadline& deadline);

    Deadline command_deadline() const { return Deadline(options_.timeouts.command); }
    /// Number of commands sent whose answers have not come.
    std::size_t outstanding() const noexcept { return outstanding_; }
    bool spent() const noexcept { return spent_ || outstanding_ > 0; }

    /// The session ended with BAD.
    bool answered_bad() const noexcept { return answered_bad_; }

    /// Error for a NO, with the untagged NO and BAD that came since the command before.
    Error refusal(std::string_view verb, const StatusResponse& answer);

    void learn_capabilities(const CapabilityData& data);
    bool has(std::string_view capability) const;
    /// What stands behind the '=' of "NAME=value".
    std::optional<std::string> capability_value(std::string_view name) const;
    const ClientOptions& options() const noexcept { return options_; }

    Wire& wire() noexcept { return wire_; }
    const Wire& wire() const noexcept { return wire_; }

    std::uint32_t exists = 0;    ///< of the open folder, as last told
    std::uint32_t expunged = 0;  ///< since the folder was opened

private:
    void require_usable() const;
    std::string next_tag();
    void take_note(const Response& response);
    void take_note_of_status(const StatusResponse& status);
    StatusResponse await_answer(const std::string& tag, const UntaggedHandler& untagged,
                                const Deadline& deadline);
    /// Behind `line`, which is sent before it where that has to be. False: see
    /// await_continuation().
    bool send_literal(const LiteralPart& part, std::string& line, const UntaggedHandler& untagged,
                      const Deadline& deadline, StatusResponse& answer);
    bool await_continuation(const UntaggedHandler& untagged, const Deadline& deadline,
                            StatusResponse& early_answer);

    ClientOptions options_;
    Wire wire_;
    std::vector<std::string> capabilities_;
    std::vector<std::string> notices_;  ///< untagged NO and BAD since the last command
    unsigned last_tag_ = 0;
    std::size_t outstanding_ = 0;
    bool spent_ = false;
    bool answered_bad_ = false;
};

}  // namespace mailhold::imap
