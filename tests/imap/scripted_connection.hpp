#pragma once
// A server in memory: answers commands from a script, in pieces of any size.

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "mailhold/imap/client.hpp"

namespace mailhold::test {

/// What the server says to which command. Answers to one command are used in turn and the last one
/// again and again; "$" in an answer stands for the command's tag, "\n" for CRLF.
class Script {
public:
    /// A server with `capabilities` and one folder of `exists` messages.
    explicit Script(std::string_view capabilities = "IMAP4rev1", unsigned exists = 3)
    {
        on("NOOP", "$ OK\n");
        on("CAPABILITY", "* CAPABILITY " + std::string(capabilities) + "\n$ OK\n");
        on("ID", "* ID NIL\n$ OK\n");
        on("ENABLE", "* ENABLED QRESYNC\n$ OK\n");
        on("EXAMINE", "* " + std::to_string(exists) +
                          " EXISTS\n* OK [UIDVALIDITY 7]\n* OK [UIDNEXT 100]\n$ OK\n");
        on("LOGOUT", "* BYE see you\n$ OK\n");
    }

    Script& on(std::string_view command, std::string_view answer)
    {
        answers_[std::string(command)] = {std::string(answer)};
        return *this;
    }
    Script& then(std::string_view command, std::string_view answer)
    {
        answers_[std::string(command)].push_back(std::string(answer));
        return *this;
    }

    /// Every line that the client sent, without tags and line ends.
    std::vector<std::string> sent;
    std::size_t piece_bytes = 1 << 16;  ///< how many bytes one receive gives at most
    bool is_loopback = true;

    /// A client that is prepared, and has opened INBOX if asked.
    std::unique_ptr<imap::Client> client(bool with_folder = true, imap::ClientOptions options = {});

private:
    friend class ScriptedConnection;

    void take_line(std::string_view line)
    {
        const auto space = line.find(' ');
        const std::string tag(line.substr(0, space));
        const std::string command(space == line.npos ? line : line.substr(space + 1));
        sent.push_back(command);
        std::string_view best;
        for (const auto& [prefix, answer] : answers_)
            if (command.starts_with(prefix) && prefix.size() >= best.size())
                best = prefix;
        if (!best.empty() || answers_.contains(""))
            answer(answers_[std::string(best)], tag);
    }

    void answer(std::deque<std::string>& answers, const std::string& tag)
    {
        for (const char c : answers.front())
            to_client_ += c == '$' ? tag : c == '\n' ? "\r\n" : std::string(1, c);
        if (answers.size() > 1)
            answers.pop_front();
    }

    std::map<std::string, std::deque<std::string>> answers_;
    std::string from_client_;
    std::string to_client_;
};

/// Borrows its script. With nothing left to say the server is silent: receive() throws.
class ScriptedConnection final : public net::Connection {
public:
    explicit ScriptedConnection(Script& script) : script_(script) {}

    void send(Bytes bytes, const Deadline& /*deadline*/) override
    {
        std::string& line = script_.from_client_;
        for (const char c : text_of(bytes)) {
            if (c != '\n') {
                line += c;
                continue;
            }
            line.pop_back();
            script_.take_line(std::exchange(line, {}));
        }
    }

    std::size_t receive(std::span<std::byte> out, const Deadline& /*deadline*/) override
    {
        if (script_.to_client_.empty())
            throw Error(ErrorKind::unreachable, "the script is over");
        const auto count = std::min({out.size(), script_.piece_bytes, script_.to_client_.size()});
        std::memcpy(out.data(), script_.to_client_.data(), count);
        script_.to_client_.erase(0, count);
        return count;
    }

    bool is_loopback() const override { return script_.is_loopback; }

private:
    Script& script_;
};

inline std::unique_ptr<imap::Client> Script::client(bool with_folder, imap::ClientOptions options)
{
    auto client = std::make_unique<imap::Client>(std::make_unique<ScriptedConnection>(*this),
                                                 std::move(options));
    client->prepare();
    if (with_folder)
        client->examine("INBOX");
    return client;
}

}  // namespace mailhold::test
