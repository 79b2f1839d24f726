#pragma once
// What is known about mail providers: where their servers are, what they bear, what their users
// must do first.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "mailhold/config/config.hpp"

namespace mailhold::config {

/// Ways in which a provider's IMAP departs from the standard.
enum class Quirk {
    gmail_labels,              ///< folders are labels; "All Mail" holds every message
    merges_duplicates,         ///< an uploaded duplicate vanishes although the server says OK
    needs_id,                  ///< ID must be sent before a folder is opened
    search_unreliable,         ///< SEARCH answers are incomplete
    drops_on_unknown_command,  ///< hangs up instead of answering BAD
    oauth_only,                ///< no passwords
};

struct Preset {
    std::string_view name;
    std::vector<std::string_view> domains;  ///< of addresses; empty: only by name or host
    std::string_view host;
    std::uint16_t port = 993;
    Tls tls = Tls::implicit;
    unsigned connection_cap = 4;  ///< a published limit, or a cautious guess
    std::vector<Auth> auth;       ///< methods that work, best first
    std::vector<Quirk> quirks;
    std::uint64_t upload_bytes_a_day = 0;                ///< a published limit; 0: none known
    std::vector<std::string_view> ignored_capabilities;  ///< advertised, but known to be broken
    std::string_view
        user_step;  ///< what to do before the first login, one sentence without full stop

    bool has(Quirk quirk) const;
};

std::span<const Preset> presets();

/// By name ("exmail"), mail domain ("qq.com") or IMAP host, in any case; nullptr when unknown.
const Preset* find_preset(std::string_view name_domain_or_host);

/// The part after the last '@'.
std::string_view domain_of(std::string_view address);

}  // namespace mailhold::config
