// mailhold account: the mailboxes that are backed up.

#include <iostream>
#include <memory>

#include <fmt/format.h>
#include <unistd.h>

#include "mailhold/base/error.hpp"
#include "mailhold/base/file.hpp"
#include "mailhold/config/account_csv.hpp"
#include "mailhold/config/edit.hpp"
#include "mailhold/config/preset.hpp"
#include "mailhold/imap/login_failure.hpp"

#include "accounts.hpp"
#include "commands.hpp"
#include "terminal.hpp"

namespace mailhold::cli {
namespace {

struct AccountOptions {
    std::string address;
    std::vector<std::string> addresses;
    std::string host;
    std::int64_t port = 0;
    std::string tls;
    std::string user;
    std::string role;
    std::string ca_file;
    std::string auth;
    std::string preset;
    std::string proxy;
    std::int64_t connections = 0;
    std::vector<std::string> exclude;
    std::string password_command;
    std::string token_command;
    bool password_stdin = false;
    bool archive_only = false;
    bool live = false;
    std::filesystem::path csv;
};

/// The options given, as keys of an [[account]] table.
config::Fields fields_of(const AccountOptions& options)
{
    config::Fields fields;
    const auto text = [&](const char* key, const std::string& value) {
        if (!value.empty())
            fields.push_back({key, value});
    };
    text("preset", options.preset);
    text("host", options.host);
    if (options.port > 0)
        fields.push_back({"port", options.port});
    text("tls", options.tls);
    text("user", options.user);
    text("role", options.role);
    if (!options.ca_file.empty())
        text("ca_file", std::filesystem::absolute(options.ca_file).lexically_normal().string());
    text("auth", options.auth);
    text("proxy", options.proxy);
    if (options.connections > 0)
        fields.push_back({"connections", options.connections});
    if (!options.exclude.empty())
        fields.push_back({"exclude", options.exclude});
    text("password_command", options.password_command);
    text("token_command", options.token_command);
    if (options.archive_only || options.live)
        fields.push_back({"archive_only", options.archive_only});
    return fields;
}

crypto::SecretBytes read_secret_line(std::istream& in)
{
    std::string line;
    std::getline(in, line);
    if (!line.empty() && line.back() == '\r')
        line.pop_back();
    crypto::SecretBytes secret(bytes_of(line));
    crypto::wipe(std::as_writable_bytes(std::span(line)));
    return secret;
}

/// From stdin or the terminal, when the account needs one that no command gives.
std::optional<crypto::SecretBytes> ask_password(const AccountOptions& options,
                                                const config::Account& account)
{
    if (options.password_stdin)
        return read_secret_line(std::cin);
    if (!account.password_command.empty() || !account.token_command.empty() || account.archive_only)
        return {};
    if (!isatty(STDIN_FILENO))
        throw Error(ErrorKind::usage, "no password for " + account.address,
                    "give it with --password-stdin, --password-command CMD or --token-command CMD");
    const config::Preset* preset = config::find_preset(config::domain_of(account.address));
    if (preset != nullptr && !preset->user_step.empty())
        std::cerr << preset->user_step << '\n';
    return read_hidden_line(fmt::format("Password of {}: ", account.address));
}

std::size_t log_in(Session& session, const config::Account& account,
                   const credentials::SecretStore& secrets, const crypto::SecretBytes* password)
{
    imap::Access access = access_for(account, secrets, session.config());
    if (password != nullptr)
        access.secret = [password] { return password->clone(); };
    try {
        return harvest::try_login(access, session.stop());
    } catch (Error& e) {
        e.add_context(account.address);
        throw;
    }
}

void run_add(AccountOptions options, Session& session)
{
    config::Fields fields = fields_of(options);
    fields.insert(fields.begin(), {"address", options.address});
    const auto ledger = session.open_ledger(ledger::Ledger::Mode::read);
    credentials::SecretStore secrets = open_secret_store(session, ledger->kit());
    if (session.config().find(options.address) != nullptr)
        throw Error(ErrorKind::usage, options.address + " is in the config already",
                    "change it with `mailhold account set`, or remove it first");
    const config::Config after =
        config::preview_accounts(session.config_file(), std::span(&fields, 1));
    const config::Account& account = *after.find(options.address);
    const auto password = ask_password(options, account);
    const std::size_t folders =
        account.archive_only ? 0
                             : log_in(session, account, secrets, password ? &*password : nullptr);
    if (password)
        secrets.set(account.address, password->view());
    config::add_accounts(session.config_file(), std::span(&fields, 1));
    if (session.options.json)
        session.print_json(Json::object({{"address", account.address},
                                         {"host", account.host},
                                         {"folders", static_cast<std::uint64_t>(folders)}}));
    else if (account.archive_only)
        session.out << fmt::format("{} added as archive only: nothing is fetched.\n",
                                   account.address);
    else
        session.out << fmt::format("{} added: logged in at {}:{}, {} seen. Next: mailhold backup\n",
                                   account.address, account.host, account.port,
                                   counted(folders, "folder"));
}

std::string_view name_of(config::Tls tls)
{
    return tls == config::Tls::implicit   ? "TLS"
           : tls == config::Tls::starttls ? "STARTTLS"
                                          : "no TLS";
}

void run_list(Session& session)
{
    const config::Config& config = session.config();
    if (session.options.json) {
        Json list = Json::array();
        for (const config::Account& account : config.accounts)
            list.push_back(Json::object({{"address", account.address},
                                         {"role", account.role},
                                         {"host", account.host},
                                         {"port", static_cast<unsigned>(account.port)},
                                         {"user", account.user},
                                         {"archive_only", account.archive_only}}));
        session.print_json(Json::object({{"accounts", std::move(list)}}));
        return;
    }
    using enum Table::Align;
    Table table({{"account", left},
                 {"role", left},
                 {"server", left},
                 {"connections", right},
                 {"not fetched", left}});
    for (const config::Account& account : config.accounts)
        table.add({{printable(account.address)},
                   {printable(account.role)},
                   {account.archive_only ? "archive only"
                                         : fmt::format("{}:{} {}", account.host, account.port,
                                                       name_of(account.tls))},
                   {std::to_string(account.connections)},
                   {printable(fmt::format("{}", fmt::join(account.exclude, ", ")))}});
    session.out << table.str();
}

Json test_json(const config::Account& account, std::size_t folders, const Error* error)
{
    return Json::object({{"address", account.address},
                         {"ok", error == nullptr},
                         {"folders", static_cast<std::uint64_t>(folders)},
                         {"error", error == nullptr ? Json()
                                                    : Json::object({{"text", error->what()},
                                                                    {"hint", error->hint()}})}});
}

void print_refused(const Error& error, std::ostream& out)
{
    out << styled(printable(error.what()), Style::bad) << "\n  hint: " << hint_of(error) << '\n';
}

void run_test(const AccountOptions& options, Session& session)
{
    const auto accounts = choose_accounts(session.config(), options.addresses, "");
    const auto ledger = session.open_ledger(ledger::Ledger::Mode::read);
    const credentials::SecretStore secrets = open_secret_store(session, ledger->kit());
    Json list = Json::array();
    for (const config::Account* account : accounts) {
        try {
            const std::size_t folders = log_in(session, *account, secrets, nullptr);
            list.push_back(test_json(*account, folders, nullptr));
            if (!session.options.json)
                session.out << fmt::format("{}: {}, {}\n", account->address,
                                           styled("logged in", Style::good),
                                           counted(folders, "folder"));
        } catch (const Error& e) {
            if (e.kind() == ErrorKind::interrupted)
                throw;
            list.push_back(test_json(*account, 0, &e));
            session.exit_code = exit_in_part;
            if (!session.options.json)
                print_refused(e, session.out);
        }
    }
    if (session.options.json)
        session.print_json(Json::object({{"accounts", std::move(list)}}));
}

void run_set(const AccountOptions& options, Session& session)
{
    const config::Fields fields = fields_of(options);
    if (fields.empty() && !options.password_stdin)
        throw Error(ErrorKind::usage, "nothing to set",
                    "`mailhold account set --help` lists what can be set");
    if (!fields.empty())
        config::set_account(session.config_file(), options.address, fields);
    if (options.password_stdin) {
        choose_accounts(session.config(), {options.address}, "");  // throws for an unknown one
        const auto ledger = session.open_ledger(ledger::Ledger::Mode::read);
        open_secret_store(session, ledger->kit())
            .set(options.address, read_secret_line(std::cin).view());
    }
    session.out << fmt::format("{} changed. `mailhold account test {}` tries it.\n",
                               options.address, options.address);
}

void run_remove(const AccountOptions& options, Session& session)
{
    config::remove_account(session.config_file(), options.address);
    const auto ledger = session.open_ledger(ledger::Ledger::Mode::read);
    open_secret_store(session, ledger->kit()).remove(options.address);
    session.out << fmt::format(
        "{} is no longer fetched. Everything archived of it stays in the vault.\n",
        options.address);
}

void run_import(const AccountOptions& options, Session& session)
{
    std::vector<config::AccountRow> rows =
        config::parse_account_csv(read_text_file(options.csv), options.csv.string());
    const auto ledger = session.open_ledger(ledger::Ledger::Mode::read);
    credentials::SecretStore secrets = open_secret_store(session, ledger->kit());
    std::vector<config::Fields> accounts;
    for (const config::AccountRow& row : rows)
        accounts.push_back(row.fields);
    config::add_accounts(session.config_file(), accounts);
    for (config::AccountRow& row : rows) {
        if (!row.password.empty())
            secrets.set(row.address, bytes_of(row.password));
        crypto::wipe(std::as_writable_bytes(std::span(row.password)));
    }
    session.out << fmt::format(
        "{} added. `mailhold account test` logs in to each; then delete {}, it holds "
        "passwords.\n",
        counted(rows.size(), "account"), options.csv.string());
}

void add_field_options(const Command& command, AccountOptions& options)
{
    command.add_option("--preset", options.preset,
                       "Provider by name, such as exmail, when the domain does not tell");
    command.add_option("--host", options.host, "IMAP server (default: the provider's, by domain)");
    command.add_option("--port", options.port, "Its port").between(1, 65535);
    command.add_option("--tls", options.tls, "How it is encrypted")
        .one_of({"implicit", "starttls", "none"});
    command.add_option("--user", options.user, "Login name (default: the address)");
    command.add_option("--role", options.role, "flagship, tactical, vanguard, or a word of yours");
    command
        .add_option("--ca-file", options.ca_file,
                    "PEM file of the authority to trust instead of the system's")
        .existing_file();
    command.add_option("--auth", options.auth, "Login method")
        .one_of({"auto", "plain", "login", "xoauth2", "oauthbearer"});
    command.add_option("--proxy", options.proxy, "socks5://HOST:PORT or http://HOST:PORT");
    command.add_option("--connections", options.connections, "Most connections at a time");
    command
        .add_option("--exclude", options.exclude,
                    "Folders not to fetch, such as 'Junk*'; may be repeated")
        .repeatable();
    const Option from_stdin = command.add_flag("--password-stdin", options.password_stdin,
                                               "Read the password from standard input");
    command
        .add_option("--password-command", options.password_command,
                    "Command that prints the password")
        .excludes(from_stdin);
    command
        .add_option("--token-command", options.token_command,
                    "Command that prints an OAuth2 access token")
        .excludes(from_stdin);
    command.add_flag("--archive-only", options.archive_only,
                     "The account has no server any more: keep, do not fetch");
}

}  // namespace

void add_account_command(const Command& app, Session& session)
{
    auto options = std::make_shared<AccountOptions>();
    const Command account =
        app.add_command("account", "The mailboxes backed up: add, list, test, set, remove, import");
    account.needs_a_command();
    account.footer(help_footer(
        "mailhold account add alice@company.example --role flagship",
        "0 done, 2 usage, 3 a tested account failed, 10 no such account, 20 login refused, 21 "
        "server not reached"));

    const Command add = account.add_command("add", "Log in, then save the account");
    add.add_option("address", options->address, "Email address").required();
    add_field_options(add, *options);
    add.footer(help_footer(
        "echo \"$PASSWORD\" | mailhold account add alice@company.example --password-stdin",
        "0 done, 2 usage, 20 login refused, 21 server not reached; nothing is saved then"));
    add.runs([options, &session] { run_add(*options, session); });

    account.add_command("list", "All accounts of the config").runs([&session] {
        run_list(session);
    });

    const Command test = account.add_command("test", "Log in to each, change nothing");
    test.add_option("address", options->addresses, "Only these");
    test.runs([options, &session] { run_test(*options, session); });

    const Command set = account.add_command("set", "Change an account");
    set.add_option("address", options->address, "Email address").required();
    add_field_options(set, *options);
    set.add_flag("--live", options->live, "Fetch it again (opposite of --archive-only)");
    set.runs([options, &session] { run_set(*options, session); });

    const Command remove = account.add_command("remove", "Fetch it no longer; its archive stays");
    remove.add_option("address", options->address, "Email address").required();
    remove.runs([options, &session] { run_remove(*options, session); });

    const Command import = account.add_command("import", "Add accounts from a CSV file");
    import
        .add_option("file", options->csv,
                    "CSV with a header line: address,host,port,tls,user,role,password")
        .required()
        .existing_file();
    import.runs([options, &session] { run_import(*options, session);
});
}  // namespace mailhold::cli

}  // namespace mailhold::cli
