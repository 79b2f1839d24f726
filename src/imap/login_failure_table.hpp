#pragma once
// What servers say when they refuse, and what they mean by it: data, to be extended as providers
// change their words.

#include <span>
#include <string_view>

#include "mailhold/imap/login_failure.hpp"

namespace mailhold::imap {

/// The remedy, where the class alone does not say enough.
enum class Remedy {
    by_class,
    app_password,  ///< the provider's own password for mail programs
    enable_imap,   ///< a switch in the mailbox settings
    web_login,     ///< sign in with a browser once
    new_token,     ///< OAuth2 sign-in again
    use_tls,       ///< the server takes no password without TLS
    delegation,    ///< this login may not open that mailbox
    identify,      ///< the server wants to know the client
};

struct RefusalRow {
    std::string_view code;  ///< response code without brackets; empty: any
    std::string_view text;  ///< upper case, part of the server's words; empty: any
    LoginFailureClass failure;
    Remedy remedy = Remedy::by_class;
};

/// In order of precedence: the first row that matches decides.
std::span<const RefusalRow> refusal_rows() noexcept;

/// The first row matching the server's words; nullptr for none.
const RefusalRow* find_refusal(std::string_view server_text);

/// Whether the server asks to come back later rather than refusing this one thing. SERVERBUG does
/// not count: Dovecot answers so for one unreadable message.
bool is_throttling(std::string_view server_text);

}  // namespace mailhold::imap
