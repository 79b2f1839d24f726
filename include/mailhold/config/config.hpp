#pragma once
// mailhold.toml: where the vault is, which accounts are backed up, and how. Read strictly: what
// mailhold does not understand it refuses, with file, line and what would be right. Secrets never
// stand in it.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "mailhold/base/bytes.hpp"

namespace mailhold::config {

enum class Tls { implicit, starttls, none };
enum class Auth { automatic, plain, login, xoauth2, oauthbearer };

/// One account, complete: what the file leaves out is filled in from the provider's preset and the
/// defaults.
struct Account {
    std::string address;
    std::string host;  ///< empty only for an archive-only account
    std::uint16_t port = 993;
    Tls tls = Tls::implicit;
    std::string user;  ///< the address unless given
    std::string role = "flagship";
    std::filesystem::path ca_file;  ///< PEM; empty: the system's
    Auth auth = Auth::automatic;
    std::string password_command;
    std::string token_command;
    unsigned connections = 4;          ///< most at a time, within the provider's cap unless given
    std::vector<std::string> exclude;  ///< patterns over folder names, see matches_folder
    bool archive_only = false;         ///< no server any more: never harvested
    std::string proxy;                 ///< "socks5://…", "http://…"; empty: none
    std::string preset;                ///< name of the provider's preset; empty: none
    std::size_t line = 0;              ///< of its [[account]] in the file
};

struct Timeouts {
    std::chrono::milliseconds connect{30'000};
    std::chrono::milliseconds idle{120'000};
    std::chrono::milliseconds command{3'600'000};
};

struct HarvestSettings {
    unsigned accounts_at_once = 4;
    unsigned connections = 4;  ///< per account
    std::uint64_t commit_bytes = 32 * mebibyte;
    std::chrono::milliseconds commit_interval{300'000};
    std::uint64_t purge_min_messages = 20;
    unsigned purge_percent = 10;
    std::uint64_t max_message_bytes = 256 * mebibyte;
    bool compress = true;
};

struct SearchSettings {
    bool index = true;                         ///< false: mail is archived without a search index
    std::vector<std::string> languages{"en"};  ///< whose word forms are one word, ISO 639-1
};

struct Config {
    std::filesystem::path file;
    std::string vault;  ///< absolute folder, or "s3://…"
    std::filesystem::path state;
    Timeouts timeouts;
    HarvestSettings harvest;
    SearchSettings search;
    std::vector<Account> accounts;

    /// By address, in whatever case it is written; nullptr when there is none.
    const Account* find(std::string_view address) const;
};

/// Throws not_found when there is no such file, usage for everything wrong in it ("file:line:
/// what").
Config load_config(const std::filesystem::path& file);

/// The same for text that stands, or is to stand, in `file`.
Config parse_config(std::string_view text, const std::filesystem::path& file);

/// Addresses are the same account when they differ in ASCII case only.
std::string lower_case_address(std::string_view address);

/// True when `pattern` covers the whole folder name: '*' stands for any text, '?' for one
/// character.
bool matches_folder(std::string_view pattern, std::string_view folder);

}  // namespace mailhold::config
