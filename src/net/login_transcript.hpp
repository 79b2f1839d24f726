#pragma once
// What the server said while libcurl connected and logged in. libcurl's return code merges all
// kinds of refusals; the server's own words, from the debug stream, tell them apart.

#include <string>
#include <string_view>
#include <vector>

#include "mailhold/net/connection.hpp"

namespace mailhold::net {

/// Keeps what tells why a login failed: refusals, BYE, alerts and decoded SASL challenges. What we
/// sent is never kept, and should a server echo a credential, it is blotted out.
class LoginTranscript {
public:
    /// Borrows `login`: copies of the secret are made only while a line is cleaned of it.
    explicit LoginTranscript(const Login& login) : login_(login) {}

    /// One or more lines that came from the server, with their line ends.
    void server_said(std::string_view data);
    /// What libcurl sent; only the verb is looked at.
    void client_said(std::string_view data);

    bool greeted() const noexcept { return greeted_; }
    /// An IMAP login command went out, so credentials were judged.
    bool login_sent() const noexcept { return login_sent_; }
    /// The server said no to it, if only by a challenge that gives the reason.
    bool login_refused() const noexcept { return login_refused_; }
    /// The first line that came instead of an IMAP greeting, or a proxy's answer; empty without
    /// one.
    const std::string& strange_greeting() const noexcept { return strange_greeting_; }
    /// Status line of a proxy that answered CONNECT; empty without one.
    const std::string& proxy_answer() const noexcept { return proxy_answer_; }

    /// The kept lines without tags, joined by newlines.
    std::string text() const;

private:
    void take_line(std::string_view line);
    void take_challenge(std::string_view base64);
    void keep(std::string_view line);
    std::string cleaned(std::string_view line) const;
    std::string without_credentials(std::string_view line) const;

    const Login& login_;
    std::vector<std::string> lines_;
    std::string proxy_answer_;
    std::string strange_greeting_;
    bool greeted_ = false;
    bool login_sent_ = false;
    bool login_refused_ = false;
    bool login_disabled_ = false;
};

/// Overwrites `text` in a way that the compiler keeps.
void wipe(std::string& text) noexcept;

}  // namespace mailhold::net
