#pragma once
// A small IMAP server on a loopback port: folders with messages, and messages that misbehave.

#include <algorithm>
#include <map>
#include <mutex>
#include <sstream>
#include <utility>

#include <fmt/format.h>

#include "net/loopback_server.hpp"

namespace mailhold::test {

/// What happens when a message's body is asked for.
enum class Quirk { none, garbage, hang_up, refuse, no_body, not_given, wrong_size };

struct ServedMessage {
    std::string body;
    std::string flags = "";
    Quirk quirk = Quirk::none;
    int times = 1'000'000;  ///< the quirk shows so many times
};

struct ServedFolder {
    std::uint32_t uid_validity = 1;
    std::uint32_t uid_next = 1;
    std::map<std::uint32_t, ServedMessage> messages{};
    bool refuses = false;          ///< EXAMINE is answered with NO
    std::uint32_t settles_on = 0;  ///< when set: the UIDVALIDITY from the next EXAMINE on

    std::uint32_t add(std::string body, std::string flags = "")
    {
        messages[uid_next] = {std::move(body), std::move(flags)};
        return uid_next++;
    }
};

/// Answers one connection after the other. Change folders only through with(), or between runs.
class SmallServer {
public:
    SmallServer() : server_([this](Peer& peer) { play(peer); }) {}

    std::map<std::string, ServedFolder> folders{{"INBOX", {}}};
    std::vector<std::string> commands;  ///< as they came, without tags
    int logins = 0;
    int refused_logins = 0;       ///< so many are answered with NO first
    std::string on_body_command;  ///< when set: the answer to the next FETCH of bodies

    net::Endpoint endpoint() const { return server_.endpoint(); }

    /// UIDs whose bodies were sent, in order.
    std::vector<std::pair<std::string, std::uint32_t>> bodies_sent;

private:
    void play(Peer& peer)
    {
        peer.say("* OK ready\r\n");
        opened_.clear();
        for (std::string line = peer.hear(); !line.empty(); line = peer.hear()) {
            const std::size_t space = line.find(' ');
            const std::string tag = line.substr(0, space);
            std::string command = line.substr(space + 1);
            if (command.ends_with('}')) {  // a name that no quoted string can hold
                peer.say("+ go on\r\n");
                command = command.substr(0, command.rfind('{')) + peer.hear();
            }
            const std::lock_guard lock(mutex_);
            commands.push_back(command);
            if (!obey(peer, tag, command))
                return;
        }
    }

    /// False to hang up.
    bool obey(Peer& peer, const std::string& tag, const std::string& command)
    {
        const auto ok = [&] { peer.say(tag + " OK done\r\n"); };
        if (command.starts_with("CAPABILITY")) {
            peer.say("* CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR\r\n");
            ok();
        } else if (command.starts_with("AUTHENTICATE") || command.starts_with("LOGIN ")) {
            log_in(peer, tag);
        } else if (command.starts_with("LIST ")) {
            for (const auto& [name, folder] : folders)
                peer.say("* LIST () \"/\" \"" + name + "\"\r\n");
            ok();
        } else if (command.starts_with("STATUS ")) {
            tell_status(peer, tag, name_in(command));
        } else if (command.starts_with("EXAMINE ")) {
            examine(peer, tag, name_in(command));
        } else if (command.starts_with("UID FETCH ")) {
            return fetch(peer, tag, command);
        } else {
            ok();
            return !command.starts_with("LOGOUT");
        }
        return true;
    }

    void log_in(Peer& peer, const std::string& tag)
    {
        ++logins;
        const bool refused = refused_logins-- > 0;
        peer.say(tag + (refused ? " NO [AUTHENTICATIONFAILED] Invalid credentials\r\n"
                                : " OK welcome\r\n"));
    }

    static std::string name_in(const std::string& command)
    {
        std::string name = command.substr(command.find(' ') + 1);
        if (name.starts_with('"'))
            return name.substr(1, name.find('"', 1) - 1);
        return name.substr(0, name.find(' '));
    }

    void tell_status(Peer& peer, const std::string& tag, const std::string& name)
    {
        const auto found = folders.find(name);
        if (found == folders.end()) {
            peer.say(tag + " NO no such folder\r\n");
            return;
        }
        const ServedFolder& folder = found->second;
        peer.say(fmt::format("* STATUS \"{}\" (MESSAGES {} UIDNEXT {} UIDVALIDITY {})\r\n", name,
                             folder.messages.size(), folder.uid_next, folder.uid_validity));
        peer.say(tag + " OK done\r\n");
    }

    void examine(Peer& peer, const std::string& tag, const std::string& name)
    {
        const auto found = folders.find(name);
        opened_.clear();
        if (found == folders.end() || found->second.refuses) {
            peer.say(tag + " NO [SERVERBUG] it does not open\r\n");
            return;
        }
        opened_ = name;
        ServedFolder& folder = found->second;
        if (folder.settles_on != 0)
            folder.uid_validity = std::exchange(folder.settles_on, 0);
        peer.say(fmt::format("* {} EXISTS\r\n* OK [UIDVALIDITY {}]\r\n* OK [UIDNEXT {}]\r\n"
                             "{} OK [READ-ONLY] done\r\n",
                             folder.messages.size(), folder.uid_validity, folder.uid_next, tag));
    }

    bool fetch(Peer& peer, const std::string& tag, const std::string& command)
    {
        std::istringstream words(command);
        std::string set;
        words >> set >> set >> set;
        const bool with_body = command.find("BODY.PEEK[]") != command.npos;
        if (with_body && !on_body_command.empty()) {
            peer.say(tag + std::exchange(on_body_command, {}) + "\r\n");
            return true;
        }
        std::uint32_t sequence = 0;
        bool refused = false;
        for (auto& [uid, message] : folders.at(opened_).messages) {
            ++sequence;
            if (!contains(set, uid))
                continue;
            const Quirk quirk = with_body && message.times > 0 ? message.quirk : Quirk::none;
            message.times -= quirk == Quirk::none ? 0 : 1;
            if (quirk == Quirk::hang_up)
                return false;
            refused = refused || quirk == Quirk::refuse;
            if (quirk != Quirk::refuse && quirk != Quirk::not_given)
                send(peer, sequence, uid, message, with_body, quirk);
        }
        peer.say(tag + (refused ? " NO cannot read a message\r\n" : " OK done\r\n"));
        return true;
    }

    void send(Peer& peer, std::uint32_t sequence, std::uint32_t uid, const ServedMessage& message,
              bool with_body, Quirk quirk)
    {
        const std::size_t size = message.body.size() + (quirk == Quirk::wrong_size ? 7 : 0);
        std::string text =
            fmt::format("* {} FETCH (UID {} FLAGS ({}) INTERNALDATE \"05-Mar-2024 10:20:{:02} "
                        "+0800\" RFC822.SIZE {}",
                        sequence, uid, message.flags, uid % 60, size);
        if (quirk == Quirk::garbage)
            text += " BODY[] {99999999999999999999}\r\n";
        else if (with_body && quirk != Quirk::no_body)
            text += fmt::format(" BODY[] {{{}}}\r\n{})\r\n", message.body.size(), message.body);
        else
            text += ")\r\n";
        if (with_body && quirk != Quirk::garbage)
            bodies_sent.emplace_back(opened_, uid);
        peer.say(text);
    }

    static bool contains(const std::string& set, std::uint32_t uid)
    {
        std::istringstream parts(set);
        for (std::string part; std::getline(parts, part, ',');) {
            const std::size_t colon = part.find(':');
            const std::uint64_t first = std::stoull(part.substr(0, colon));
            const std::string end = colon == part.npos ? part : part.substr(colon + 1);
            const std::uint64_t last = end == "*" ? 0xFFFF'FFFFU : std::stoull(end);
            if (first <= uid && uid <= last)
                return true;
        }
        return false;
    }

    std::mutex mutex_;
    std::string opened_;
    LoopbackServer server_;
};

}  // namespace mailhold::test
