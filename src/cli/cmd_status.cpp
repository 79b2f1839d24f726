// mailhold status: is everybody's mail in the vault? One line an account.

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "commands.hpp"
#include "handover_status.hpp"
#include "indexing.hpp"
#include "kept_keys.hpp"
#include "terminal.hpp"

namespace mailhold::cli {
namespace {

constexpr std::int64_t stale_after_seconds = 36 * 3600;  // a nightly run was missed
constexpr std::int64_t purge_shown_seconds = 30LL * 24 * 3600;

struct PurgeRecord {
    Time time{};
    std::string folder;
    std::uint64_t count = 0;
    std::uint64_t of = 0;
};

struct AccountStatus {
    std::string address;
    std::string role;
    bool archive_only = false;
    std::optional<catalog::RunRow> last = {};
    std::optional<catalog::RunRow> last_good = {};
    std::uint64_t archived_messages = 0;  ///< of those on the server
    std::uint64_t imported_messages = 0;
    std::uint64_t verified_messages = 0;
    std::uint64_t vanished = 0;
    std::size_t failed = 0;
    std::vector<PurgeRecord> purges = {};
};

struct Health {
    std::string words;
    Style style = Style::good;
};

/// Purges of the last month, by account id.
std::map<std::string, std::vector<PurgeRecord>> recent_purges(const catalog::Catalog& catalog)
{
    std::map<std::string, std::vector<PurgeRecord>> purges;
    for (const auto& record : catalog.records("purge")) {
        if (static_cast<std::int64_t>(now()) - static_cast<std::int64_t>(record.time) >
            purge_shown_seconds)
            continue;
        const Json value = Json::parse(record.json);
        purges[value.at("account").as_string()].push_back(
            {.time = record.time,
             .folder = wire_name_from_json(value.at("folder")),
             .count = value.at("count").as_unsigned(),
             .of = value.at("of").as_unsigned()});
    }
    return purges;
}

AccountStatus status_of(const catalog::Catalog& catalog, const catalog::AccountRow& account)
{
    AccountStatus status{.address = account.address,
                         .role = account.role,
                         .archive_only = account.archive_only,
                         .last = catalog.last_run(account.id),
                         .last_good = catalog.last_good_run(account.id),
                         .verified_messages = catalog.verified_messages(account.id),
                         .failed = catalog.failed(account.id).size()};
    for (const catalog::FolderRow& folder : catalog.folders(account.id)) {
        const catalog::FolderCounts counts = catalog.counts(folder.key);
        if (!folder.gone)
            (folder.is_imported() ? status.imported_messages : status.archived_messages) +=
                counts.messages;
        status.vanished += counts.gone;
    }
    return status;
}

std::vector<AccountStatus> collect(const catalog::Catalog& catalog, const config::Config& config)
{
    const auto purges = recent_purges(catalog);
    std::vector<AccountStatus> all;
    for (const catalog::AccountRow& account : catalog.accounts()) {
        AccountStatus status = status_of(catalog, account);
        if (const auto found = purges.find(account.id.hex()); found != purges.end())
            status.purges = found->second;
        const config::Account* configured = config.find(account.address);
        if (configured == nullptr || configured->archive_only)
            status.archive_only = true;  // closed, or removed from the config; its archive is kept
        all.push_back(std::move(status));
    }
    for (const config::Account& account : config.accounts)
        if (!catalog.account(account.address))
            all.push_back({.address = account.address,
                           .role = account.role,
                           .archive_only = account.archive_only});
    return all;
}

Health health_of(const AccountStatus& status)
{
    if (status.archive_only)
        return {"archive only: kept, no longer fetched", Style::plain};
    if (!status.last)
        return {"never backed up: run `mailhold backup`", Style::warning};
    if (!status.last->ok)
        return {fmt::format("{}: {}", status.last->error_class, printable(status.last->error_text)),
                Style::bad};
    if (!status.purges.empty()) {
        const PurgeRecord& purge = status.purges.back();
        return {fmt::format("PURGE on {}: {} of {} vanished from '{}', all kept here",
                            human_time(purge.time), with_thousands(purge.count),
                            with_thousands(purge.of), printable(purge.folder)),
                Style::bad};
    }
    if (static_cast<std::int64_t>(now()) - static_cast<std::int64_t>(status.last->time) >
        stale_after_seconds)
        return {"STALE: no run since " + human_time(status.last->time), Style::bad};
    if (status.failed > 0)
        return {counted(status.failed, "message") + " cannot be fetched from the server",
                Style::warning};
    if (status.archived_messages < status.last->server_messages)
        return {fmt::format(
                    "{} on the server are not in the vault",
                    counted(status.last->server_messages - status.archived_messages, "message")),
                Style::bad};
    return {"good", Style::good};
}

std::uint64_t server_messages(const AccountStatus& status)
{
    return status.last ? status.last->server_messages : 0;
}

Json purges_json(const AccountStatus& status)
{
    Json purges = Json::array();
    for (const PurgeRecord& purge : status.purges)
        purges.push_back(Json::object({{"time", format_utc(purge.time)},
                                       {"folder", purge.folder},
                                       {"count", purge.count},
                                       {"of", purge.of}}));
    return purges;
}

Json status_json(const std::vector<AccountStatus>& accounts, const catalog::Totals& totals,
                 const ledger::Searchable& searchable, const std::optional<KeptKeys>& kept,
                 Json handovers)
{
    Json list = Json::array();
    for (const AccountStatus& account : accounts)
        list.push_back(
            Json::object({{"address", account.address},
                          {"role", account.role},
                          {"health", health_of(account).words},
                          {"last_success",
                           account.last_good ? Json(format_utc(account.last_good->time)) : Json()},
                          {"server_messages", server_messages(account)},
                          {"archived_messages", account.archived_messages},
                          {"imported_messages", account.imported_messages},
                          {"verified_messages", account.verified_messages},
                          {"vanished", account.vanished},
                          {"failed", static_cast<std::uint64_t>(account.failed)},
                          {"purges", purges_json(account)}}));
    return Json::object({{"accounts", std::move(list)},
                         {"handovers", std::move(handovers)},
                         {"unlocked_until", kept ? Json(format_utc(kept->until)) : Json()},
                         {"vault", Json::object({{"messages", totals.messages},
                                                 {"bytes_raw", totals.raw_bytes},
                                                 {"bytes_stored", totals.stored_bytes},
                                                 {"bytes_index", searchable.index_bytes},
                                                 {"indexed_messages",
                                                  searchable.messages - searchable.waiting}})}});
}

/// The column of imported mail is there where somebody has some.
void print_accounts(const std::vector<AccountStatus>& accounts, std::ostream& out)
{
    using enum Table::Align;
    const bool has_imported =
        std::ranges::any_of(accounts, [](const auto& a) { return a.imported_messages > 0; });
    std::vector<std::pair<std::string, Table::Align>> columns = {
        {"account", left},   {"role", left},      {"last good run", left}, {"server", right},
        {"archived", right}, {"verified", right}, {"vanished", right},     {"health", left}};
    constexpr std::ptrdiff_t behind_archived = 5;
    if (has_imported)
        columns.insert(columns.begin() + behind_archived, {"imported", right});
    Table table(std::move(columns));
    for (const AccountStatus& account : accounts) {
        const Health health = health_of(account);
        std::vector<Table::Cell> row = {
            {printable(account.address)},
            {printable(account.role)},
            {account.last_good ? human_time(account.last_good->time) : "never"},
            {with_thousands(server_messages(account))},
            {with_thousands(account.archived_messages)},
            {with_thousands(account.verified_messages)},
            {with_thousands(account.vanished)},
            {health.words, health.style}};
        if (has_imported)
            row.insert(row.begin() + behind_archived, {with_thousands(account.imported_messages)});
        table.add(std::move(row));
    }
    out << table.str();
}

void print_status(const std::vector<AccountStatus>& accounts, const catalog::Totals& totals,
                  const ledger::Searchable& searchable, std::ostream& out)
{
    print_accounts(accounts, out);
    out << fmt::format("\nVault: {} ({}) in {} on disk.\n", counted(totals.messages, "message"),
                       human_bytes(totals.raw_bytes), human_bytes(totals.stored_bytes));
    out << fmt::format("Searchable: {} of {}, index {}.\n",
                       with_thousands(searchable.messages - searchable.waiting),
                       with_thousands(searchable.messages), human_bytes(searchable.index_bytes));
    if (const std::string note = unsearchable_note(searchable); !note.empty())
        out << "hint: " << note << '\n';
    for (const AccountStatus& account : accounts)
        if (account.last && !account.last->ok && !account.last->error_hint.empty())
            out << fmt::format("{}: hint: {}\n", printable(account.address),
                               printable(account.last->error_hint));
}

void run_status(Session& session)
{
    const auto ledger = session.open_ledger(ledger::Ledger::Mode::read);
    const std::vector<AccountStatus> accounts = collect(ledger->catalog(), session.config());
    const catalog::Totals totals = ledger->catalog().totals();
    const ledger::Searchable searchable = ledger::searchable(ledger->catalog());
    const std::optional<KeptKeys> kept = kept_keys(ledger->root_log());
    if (session.options.json)
        session.print_json(
            status_json(accounts, totals, searchable, kept, handovers_json(ledger->catalog())));
    else if (accounts.empty())
        session.out << "No accounts yet. Next: mailhold account add you@company.example\n";
    else {
        print_status(accounts, totals, searchable, session.out);
        print_handovers(ledger->catalog(), session.out);
    }
    if (kept && !session.options.json)
        session.out << fmt::format("Unlocked for reading until {}; `mailhold lock` ends that.\n",
                                   human_time(kept->until));
}

}  // namespace

void add_status_command(const Command& app, Session& session)
{
    const Command command =
        app.add_command("status", "Is everybody's mail in the vault? One line an account");
    command.footer(
        help_footer("mailhold status", "0 done (whatever it says), 2 usage, 10 no vault here") +
        "\nverified: messages whose archives the last `mailhold check` found whole");
    command.runs([&session] { run_status(session); });
}

}  // namespace mailhold::cli
