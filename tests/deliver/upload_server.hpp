#pragma once
// A small IMAP server to upload to: folders made, messages appended and read back, and everything
// that servers get wrong about it. All connections at the same time.

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "net/loopback_server.hpp"

namespace mailhold::test {

struct StoredMessage {
    std::string raw;
    std::string flags;  ///< as in the APPEND, without parentheses
    std::string date;   ///< without quotes; empty: none was sent
};

struct StoredFolder {
    std::uint32_t uid_validity = 7;
    std::uint32_t uid_next = 1;
    std::map<std::uint32_t, StoredMessage> messages{};
    std::string attributes{};
    bool is_subscribed = false;

    std::uint32_t add(std::string raw)
    {
        messages[uid_next] = {std::move(raw), {}, {}};
        return uid_next++;
    }
    std::vector<std::string> raws() const;  ///< sorted
};

/// What a server says instead of what is right. "$" stands for the command's tag.
struct Reply {
    std::string text{};
    bool hangs_up = false;
    bool stores = false;  ///< of an APPEND: it is carried out all the same
};

/// One APPEND that has arrived whole.
struct AppendCall {
    std::string folder;
    std::vector<StoredMessage> items;
    int session;  ///< 1 for the first that logged in

    bool holds(std::string_view text) const;  ///< in the raw bytes of one of its messages
};

/// Change it only before an upload, or from its own hooks, which are called one at a time.
class UploadServer {
public:
    UploadServer();

    std::string capabilities = "IMAP4rev1 MULTIAPPEND UIDPLUS LITERAL+ NAMESPACE";
    std::string prefix{};
    char separator = '/';
    std::string permanent_flags = "\\Seen \\Answered \\Flagged \\Deleted \\Draft \\*";
    bool is_blind_to_case = false;  ///< `trash` and `Trash` are one folder
    bool merges_equal = false;      ///< Gmail: an equal message is accepted and not stored
    std::optional<std::uint64_t> literal_limit{};  ///< a larger literal is refused before it comes
    std::optional<std::uint64_t> quota_bytes{};
    unsigned most_connections = 99;
    std::map<std::string, StoredFolder> folders{{"INBOX", {}}};

    /// What is stored of a message; empty: itself.
    std::function<std::string(const std::string& raw)> rewrites{};
    /// Before a command line is obeyed; nullopt: obey it.
    std::function<std::optional<Reply>(const std::string& line)> on_line{};
    /// Before an APPEND that arrived whole is carried out.
    std::function<std::optional<Reply>(const AppendCall&)> on_append{};
    /// The response code of an APPEND instead of "APPENDUID 7 1,2"; empty: none.
    std::function<std::string(const StoredFolder&, const std::vector<std::uint32_t>& uids)>
        append_code{};
    /// Counted down by the bytes of literals; at 0 the connection is cut.
    std::optional<std::uint64_t> cut_after_bytes{};
    bool is_closed = false;  ///< the account is blocked: nobody is let in any more

    std::vector<std::string> lines;        ///< of all sessions, without tags and literals
    std::vector<std::size_t> batch_sizes;  ///< of the APPENDs that arrived whole
    int logins = 0;
    unsigned most_at_once = 0;

    net::Endpoint endpoint() const { return server_.endpoint(); }
    std::uint64_t bytes_stored() const;
    std::size_t appends() const { return batch_sizes.size(); }

private:
    struct Conversation {
        Peer& peer;
        std::string opened{};
        bool is_over = false;
        bool is_inside = false;
        int number = 0;
    };

    void play(Peer& peer);
    std::string hear_command(Conversation& talk, std::vector<StoredMessage>& items);
    std::optional<std::string> hear_literal(Conversation& talk, const std::string& line);
    void obey(Conversation& talk, const std::string& tag, const std::string& line);
    void log_in(Conversation& talk, const std::string& tag);
    void list(Conversation& talk);
    void status(Conversation& talk, const std::string& line);
    void open(Conversation& talk, const std::string& tag, const std::string& line);
    void create(Conversation& talk, const std::string& tag, const std::string& line);
    void append(Conversation& talk, const std::string& tag, AppendCall call);
    std::string store(StoredFolder& folder, const AppendCall& call);
    void fetch(Conversation& talk, const std::string& line);
    void give(Conversation& talk, const Reply& reply, const std::string& tag) const;
    StoredFolder* find(const std::string& name);

    std::mutex mutex_;
    unsigned inside_ = 0;
    std::uint32_t last_uid_validity_ = 7;
    LoopbackServer server_;
};

}  // namespace mailhold::test
