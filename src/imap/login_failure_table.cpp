// The table of refusals. Response codes come before texts, except where a text says more than the
// code that stands beside it.

#include "login_failure_table.hpp"

#include <algorithm>
#include <array>

#include "tokens.hpp"

namespace mailhold::imap {

namespace {

using enum LoginFailureClass;

constexpr std::array rows{
    // Texts that refine their code.
    RefusalRow{"", "SUGGESTED BACKOFF TIME", throttled},
    RefusalRow{"", "TOO MANY SIMULTANEOUS CONNECTIONS", throttled},
    RefusalRow{"", "MAXIMUM NUMBER OF CONNECTIONS", throttled},
    RefusalRow{"", "EXCEEDED COMMAND OR BANDWIDTH LIMITS", throttled},
    RefusalRow{"", "SESSION EXPIRED, PLEASE LOGIN AGAIN", throttled},
    RefusalRow{"", "APPLICATION-SPECIFIC PASSWORD REQUIRED", policy, Remedy::app_password},
    RefusalRow{"", "PLEASE LOG IN VIA YOUR WEB BROWSER", policy, Remedy::web_login},
    RefusalRow{"", "[WEBALERT", policy, Remedy::web_login},
    RefusalRow{"", "NOT ENABLED FOR IMAP USE", policy, Remedy::enable_imap},
    RefusalRow{"", "IMAP ACCESS IS DISABLED", policy, Remedy::enable_imap},
    RefusalRow{"", "YET TO ENABLE IMAP", policy, Remedy::enable_imap},
    RefusalRow{"", "IMAP IS DISABLED", policy, Remedy::enable_imap},
    RefusalRow{"", "UNSAFE LOGIN", policy, Remedy::identify},
    RefusalRow{"", "AUTHENTICATED BUT NOT CONNECTED", policy, Remedy::enable_imap},
    RefusalRow{"", "LOGINDISABLED", policy, Remedy::use_tls},
    RefusalRow{"", "AADSTS50057", disabled},
    RefusalRow{"", "SERVICE ABUSE MODE", disabled},
    RefusalRow{"", "AADSTS50053", disabled},
    RefusalRow{"", "AADSTS70000", credentials, Remedy::new_token},
    RefusalRow{"", "ACCOUNT IS ABNORMAL", ambiguous},
    // Response codes (RFC 5530).
    RefusalRow{"AUTHENTICATIONFAILED", "", credentials},
    RefusalRow{"EXPIRED", "", credentials},
    RefusalRow{"CONTACTADMIN", "", disabled},
    RefusalRow{"PRIVACYREQUIRED", "", policy, Remedy::use_tls},
    RefusalRow{"AUTHORIZATIONFAILED", "", policy, Remedy::delegation},
    RefusalRow{"LIMIT", "", throttled},
    RefusalRow{"UNAVAILABLE", "", temporary},
    RefusalRow{"INUSE", "", temporary},
    RefusalRow{"SERVERBUG", "", temporary},
    // Texts without a code.
    RefusalRow{"", "SYSTEM BUSY", temporary},
    RefusalRow{"", "SERVER UNAVAILABLE", temporary},
    RefusalRow{"", "USING AUTHORIZED CODE TO LOGIN", credentials, Remedy::app_password},
    RefusalRow{"", "INVALID_GRANT", credentials, Remedy::new_token},
    RefusalRow{"", "\"STATUS\":\"400\"", credentials, Remedy::new_token},
    RefusalRow{"", "\"STATUS\":\"401\"", credentials, Remedy::new_token},
    RefusalRow{"", "\"STATUS\":\"INVALID_TOKEN\"", credentials, Remedy::new_token},
    RefusalRow{"", "LOGIN ERROR OR PASSWORD ERROR", credentials},
    RefusalRow{"", "LOGIN FAIL", credentials},
    RefusalRow{"", "AUTHENTICATE FAIL", credentials},
    RefusalRow{"", "AUTHENTICATION FAIL", credentials},
    RefusalRow{"", "INVALID CREDENTIALS", credentials},
    RefusalRow{"", "PASSWORD ERROR", credentials},
    // Ours, of a folder that was given up because of it.
    RefusalRow{"", "MALFORMED RESPONSE", protocol},
};

/// "[CODE]" or "[CODE argument]" anywhere in `upper`.
bool has_code(std::string_view upper, std::string_view code)
{
    for (auto at = upper.find('['); at != upper.npos; at = upper.find('[', at + 1)) {
        const auto behind = upper.substr(at + 1);
        if (behind.starts_with(code) && behind.size() > code.size() &&
            (behind[code.size()] == ']' || behind[code.size()] == ' '))
            return true;
    }
    return false;
}

}  // namespace

std::span<const RefusalRow> refusal_rows() noexcept
{
    return rows;
}

const RefusalRow* find_refusal(std::string_view server_text)
{
    const std::string upper = upper_case(server_text);
    const auto* found = std::find_if(rows.begin(), rows.end(), [&](const RefusalRow& row) {
        return (row.code.empty() || has_code(upper, row.code)) &&
               (row.text.empty() || upper.find(row.text) != upper.npos);
    });
    return found == rows.end() ? nullptr : found;
}

bool is_throttling(std::string_view server_text)
{
    const RefusalRow* row = find_refusal(server_text);
    return row && row->code != "SERVERBUG" &&
           (row->failure == throttled || row->failure == temporary ||
            row->remedy == Remedy::identify);
}

}  // namespace mailhold::imap
