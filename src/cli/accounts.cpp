// From the config's accounts to what harvest needs.

#include "accounts.hpp"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "mailhold/base/error.hpp"
#include "mailhold/config/preset.hpp"
#include "mailhold/credentials/credentials.hpp"
#include "mailhold/ledger/setup.hpp"

namespace mailhold::cli {
namespace {

net::Tls tls_of(config::Tls tls)
{
    switch (tls) {
    case config::Tls::starttls:
        return net::Tls::starttls;
    case config::Tls::none:
        return net::Tls::none;
    case config::Tls::implicit:
        break;
    }
    return net::Tls::implicit;
}

/// A token is never sent as a password, even to who offers nothing else.
net::SaslMethod method_of(const config::Account& account)
{
    switch (account.auth) {
    case config::Auth::plain:
        return net::SaslMethod::plain;
    case config::Auth::login:
        return net::SaslMethod::login;
    case config::Auth::xoauth2:
        return net::SaslMethod::xoauth2;
    case config::Auth::oauthbearer:
        return net::SaslMethod::oauthbearer;
    case config::Auth::automatic:
        break;
    }
    return account.token_command.empty() ? net::SaslMethod::automatic : net::SaslMethod::xoauth2;
}

/// What the provider asks of its users, when we know the provider.
const config::Preset* preset_of(const config::Account& account)
{
    if (!account.preset.empty())
        return config::find_preset(account.preset);
    if (const config::Preset* by_host = config::find_preset(account.host))
        return by_host;
    return config::find_preset(config::domain_of(account.address));
}

}  // namespace

credentials::SecretStore open_secret_store(Session& session, const vault::WriterKit& kit)
{
    return {session.paths().state / "secrets", credentials::store_key(kit.signing)};
}

void take_over_secrets(Session& session, const vault::WriterKit& kit)
{
    for (const std::filesystem::path& former : ledger::former_kits(session.paths())) {
        try {
            open_secret_store(session, vault::load_writer_kit(former))
                .reseal(credentials::store_key(kit.signing).view());
        } catch (const Error& e) {
            if (e.kind() != ErrorKind::wrong_key)  // sealed by another one of them
                throw;
        }
    }
}

imap::Access access_for(const config::Account& account, const credentials::SecretStore& secrets,
                        const config::Config& config)
{
    imap::Access access{
        .address = account.address,
        .endpoint = {.host = account.host,
                     .port = account.port,
                     .tls = tls_of(account.tls),
                     .ca_file = account.ca_file.string(),
                     .proxy = account.proxy},
        .user = account.user,
        .method = method_of(account),
        .secret = [account, &secrets] { return credentials::login_secret(account, secrets); },
        .connections = account.connections,
        .provider_step = {},
        .client = {.limits = {.max_literal_bytes = config.harvest.max_message_bytes},
                   .timeouts = {.connect = config.timeouts.connect,
                                .idle = config.timeouts.idle,
                                .command = config.timeouts.command},
                   .compress = config.harvest.compress}};
    if (const config::Preset* preset = preset_of(account)) {
        access.provider_step = preset->user_step;
        access.client.ignored_capabilities.assign(preset->ignored_capabilities.begin(),
                                                  preset->ignored_capabilities.end());
    }
    return access;
}

harvest::AccountPlan plan_for(const config::Account& account,
                              const credentials::SecretStore& secrets, const config::Config& config)
{
    return {.access = access_for(account, secrets, config),
            .role = account.role,
            .exclude = account.exclude};
}

std::uint64_t upload_bytes_a_day(const config::Account& account)
{
    const config::Preset* preset = preset_of(account);
    return preset == nullptr ? 0 : preset->upload_bytes_a_day;
}

harvest::Options harvest_options(const config::Config& config)
{
    const config::HarvestSettings& settings = config.harvest;
    return {.accounts_at_once = settings.accounts_at_once,
            .intake = {.commit_raw_bytes = settings.commit_bytes,
                       .commit_interval = std::chrono::duration_cast<std::chrono::seconds>(
                           settings.commit_interval),
                       .index = {}},
            .purge_min_messages = settings.purge_min_messages,
            .purge_percent = settings.purge_percent};
}

std::vector<const config::Account*> choose_accounts(const config::Config& config,
                                                    const std::vector<std::string>& addresses,
                                                    const std::string& role)
{
    for (const std::string& address : addresses)
        if (config.find(address) == nullptr)
            throw Error(
                ErrorKind::not_found,
                fmt::format("no account {} in {}", printable(address), config.file.string()),
                "`mailhold account list` shows them; `mailhold account add` adds one");
    std::vector<const config::Account*> chosen;
    for (const config::Account& account : config.accounts) {
        const bool named =
            addresses.empty() ||
            std::any_of(addresses.begin(), addresses.end(), [&](const std::string& address) {
                return config.find(address) == &account;
            });
        if (named && (role.empty() || account.role == role) && !account.archive_only)
            chosen.push_back(&account);
    }
    return chosen;
}

}  // namespace mailhold::cli
