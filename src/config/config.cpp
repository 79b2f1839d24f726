// mailhold.toml from text to Config.

#include "mailhold/config/config.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "host.hpp"
#include "mailhold/base/ascii.hpp"
#include "mailhold/base/error.hpp"
#include "mailhold/base/file.hpp"
#include "read_account.hpp"
#include "table_reader.hpp"
#include "toml_text.hpp"

namespace mailhold::config {

namespace {

template <class Target, class Value>
void assign(Target& target, const std::optional<Value>& value)
{
    if (value)
        target = static_cast<Target>(*value);
}

Timeouts read_timeouts(const toml::table& table, const std::filesystem::path& file)
{
    TableReader reader(table, file);
    Timeouts timeouts;
    assign(timeouts.connect, reader.duration("connect"));
    assign(timeouts.idle, reader.duration("idle"));
    assign(timeouts.command, reader.duration("command"));
    reader.refuse_other_keys();
    return timeouts;
}

HarvestSettings read_harvest(const toml::table& table, const std::filesystem::path& file)
{
    TableReader reader(table, file);
    HarvestSettings harvest;
    assign(harvest.accounts_at_once, reader.integer("accounts_at_once", 1, 64));
    assign(harvest.connections, reader.integer("connections", 1, 32));
    assign(harvest.commit_bytes, reader.size("commit_bytes", 64 * kibibyte, gibibyte));
    assign(harvest.commit_interval, reader.duration("commit_interval"));
    assign(harvest.purge_min_messages, reader.integer("purge_min_messages", 0, 1'000'000'000));
    assign(harvest.purge_percent, reader.integer("purge_percent", 0, 100));
    assign(harvest.max_message_bytes, reader.size("max_message_bytes", kibibyte, 2 * gibibyte));
    assign(harvest.compress, reader.boolean("compress"));
    reader.refuse_other_keys();
    return harvest;
}

SearchSettings read_search(const toml::table& table, const std::filesystem::path& file)
{
    TableReader reader(table, file);
    SearchSettings search;
    assign(search.index, reader.boolean("index"));
    if (auto languages = reader.texts("languages"))
        search.languages = std::move(*languages);
    reader.refuse_other_keys();
    return search;
}

std::string read_place(TableReader& reader, std::string_view key, std::string_view example)
{
    auto place = reader.text(key).value_or("");
    if (place.empty())
        reader.fail(key, fmt::format("{} is missing", key),
                    fmt::format("write {} = \"{}\"", key, example));
    return place;
}

std::string read_vault(TableReader& reader, const std::filesystem::path& file)
{
    auto vault = read_place(reader, "vault", "/srv/mailhold/vault");
    if (vault.starts_with("s3://")) {
        if (vault.size() == 5 || vault[5] == '/')
            reader.fail("vault", "the vault's S3 address names no bucket",
                        "write vault = \"s3://bucket/prefix\"");
        return vault;
    }
    if (const auto scheme = vault.find("://"); scheme != vault.npos)
        reader.fail("vault",
                    fmt::format("vault = \"{}\" is no kind of store that mailhold knows", vault),
                    "write a folder, or s3://bucket/prefix");
    return beside_config(file, vault).string();
}

std::vector<Account> read_accounts(TableReader& reader, const Config& config,
                                   const AccountDefaults& defaults)
{
    std::vector<Account> accounts;
    std::map<std::string, std::size_t> line_of;
    for (const toml::table* table : reader.tables("account")) {
        Account account = read_account(*table, config.file, defaults);
        const auto [first, is_new] =
            line_of.emplace(lower_case_address(account.address), account.line);
        if (!is_new)
            fail_at(config.file, account.line,
                    fmt::format("{} is configured twice, first at line {}", account.address,
                                first->second),
                    "take one of the two [[account]] tables out");
        accounts.push_back(std::move(account));
    }
    return accounts;
}

}  // namespace

const Account* Config::find(std::string_view address) const
{
    const std::string wanted = lower_case_address(address);
    for (const Account& account : accounts)
        if (lower_case_address(account.address) == wanted)
            return &account;
    return nullptr;
}

std::string lower_case_address(std::string_view address)
{
    return lower_case(address);
}

Config parse_config(std::string_view text, const std::filesystem::path& file)
{
    const toml::table root = parse_toml(text, file);
    TableReader reader(root, file);
    Config config;
    config.file = file;
    config.vault = read_vault(reader, file);
    config.state = beside_config(file, read_place(reader, "state", "/var/lib/mailhold"));
    const auto proxy = reader.text("proxy").value_or("");
    if (!proxy.empty() && !is_proxy(proxy))
        reader.fail("proxy", "this proxy is not usable",
                    "write proxy = \"socks5://host:port\" or \"http://host:port\", without user "
                    "and password");
    if (const auto* timeouts = reader.table("timeouts"))
        config.timeouts = read_timeouts(*timeouts, file);
    if (const auto* harvest = reader.table("harvest"))
        config.harvest = read_harvest(*harvest, file);
    if (const auto* search = reader.table("search"))
        config.search = read_search(*search, file);
    config.accounts = read_accounts(reader, config, {proxy, config.harvest.connections});
    reader.refuse_other_keys();
    return config;
}

Config load_config(const std::filesystem::path& file)
{
    std::string text;
    try {
        text = read_text_file(file);
    } catch (const Error& e) {
        if (e.kind() != ErrorKind::not_found)
            throw;
        throw Error(ErrorKind::not_found, fmt::format("there is no config file {}", file.string()),
                    "run `mailhold init` to make one, or name it with --config");
    }
    return parse_config(text, file);
}

}  // namespace mailhold::config
