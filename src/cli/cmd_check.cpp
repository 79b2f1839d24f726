// mailhold check: is the vault whole and untouched?

#include <algorithm>
#include <iostream>
#include <memory>

#include <fmt/format.h>

#include "mailhold/base/error.hpp"
#include "mailhold/upkeep/check.hpp"
#include "mailhold/upkeep/drill.hpp"

#include "commands.hpp"
#include "kept_keys.hpp"
#include "terminal.hpp"

namespace mailhold::cli {
namespace {

constexpr std::size_t ids_shown = 12;

struct CheckCommandOptions {
    unsigned read_data_percent = 0;
    bool read_data_given = false;
    std::uint64_t drill = 0;  ///< messages to restore from the store alone
};

struct CheckAnswer {
    upkeep::CheckReport check;  ///< with what the drill found
    std::optional<upkeep::DrillReport> drill;
};

Json finding_json(const upkeep::Finding& finding)
{
    Json accounts = Json::array();
    for (const std::string& address : finding.accounts)
        accounts.push_back(address);
    Json messages = Json::array();
    for (const crypto::ContentId& id : finding.messages)
        messages.push_back(id.hex());
    return Json::object({{"kind", finding.kind},
                         {"object", finding.object},
                         {"detail", finding.detail},
                         {"accounts", std::move(accounts)},
                         {"messages", std::move(messages)},
                         {"messages_elsewhere", finding.messages_elsewhere},
                         {"next", finding.next}});
}

Json drill_json(const upkeep::DrillReport& drill)
{
    return Json::object({{"messages", drill.messages},
                         {"raw_bytes", drill.raw_bytes},
                         {"drawn", drill.drawn},
                         {"failed", static_cast<std::uint64_t>(drill.failed.size())},
                         {"journal_seconds", drill.journal_time.count()},
                         {"raw_bytes_per_second", drill.raw_bytes_per_second},
                         {"whole_restore_seconds", drill.whole_restore().count()}});
}

Json answer_json(const CheckAnswer& answer)
{
    const upkeep::CheckReport& report = answer.check;
    Json findings = Json::array();
    for (const upkeep::Finding& finding : report.findings)
        findings.push_back(finding_json(finding));
    Json json = Json::object({{"objects", report.objects},
                              {"messages", report.messages},
                              {"read_messages", report.read_messages},
                              {"with_key", report.with_key},
                              {"findings", std::move(findings)},
                              {"verdict", report.verdict()}});
    if (answer.drill)
        json.set("drill", drill_json(*answer.drill));
    return json;
}

Style style_of(upkeep::Severity severity)
{
    return severity == upkeep::Severity::harmless ? Style::plain : Style::bad;
}

std::string joined(const std::vector<std::string>& words)
{
    return fmt::format("{}", fmt::join(words, ", "));
}

void print_finding(const upkeep::Finding& finding, std::ostream& out)
{
    out << styled(finding.kind, style_of(finding.severity)) << ' ' << printable(finding.object)
        << '\n'
        << "  " << printable(finding.detail) << '\n';
    if (!finding.accounts.empty())
        out << "  accounts: " << printable(joined(finding.accounts)) << '\n';
    if (!finding.messages.empty()) {
        std::vector<std::string> ids;
        for (const crypto::ContentId& id : finding.messages) {
            if (ids.size() == ids_shown)
                break;
            ids.push_back(id.hex().substr(0, 12));
        }
        out << fmt::format("  {} affected: {}{}\n", counted(finding.messages.size(), "message"),
                           joined(ids), finding.messages.size() > ids_shown ? " …" : "");
    }
    if (finding.messages_elsewhere > 0)
        out << fmt::format("  {} more can still be read\n",
                           counted(finding.messages_elsewhere, "message"));
    if (!finding.next.empty())
        out << "  next: " << finding.next << '\n';
}

void print_drill(const upkeep::DrillReport& drill, std::ostream& out)
{
    if (drill.drawn == 0) {
        out << "Drill: there is no message to restore yet.\n";
        return;
    }
    out << fmt::format("Drill: {} of {} drawn and restored from the store and the passphrase "
                       "alone, {}.\n",
                       with_thousands(drill.drawn), counted(drill.messages, "message"),
                       drill.failed.empty()
                           ? "all as they were archived"
                           : fmt::format("{} of them FAILED", with_thousands(drill.failed.size())));
    out << fmt::format("A whole restore ({}) would take about {} on this machine, upload not "
                       "counted.\n",
                       human_bytes(drill.raw_bytes), human_seconds(drill.whole_restore().count()));
}

void print_answer(const CheckAnswer& answer, Session& session)
{
    const upkeep::CheckReport& report = answer.check;
    for (const upkeep::Finding& finding : report.findings)
        if (!session.options.quiet || finding.severity != upkeep::Severity::harmless)
            print_finding(finding, session.out);
    if (session.options.quiet && report.exit_code() == exit_ok)
        return;
    session.out << fmt::format(
        "{} and {} checked{}{}.\n", counted(report.objects, "object"),
        counted(report.messages, "message"),
        report.with_key ? "" : " (without a key: names, chains, signatures, all bytes)",
        report.read_messages > 0
            ? fmt::format(", {} opened and compared", with_thousands(report.read_messages))
            : "");
    if (answer.drill)
        print_drill(*answer.drill, session.out);
    const bool clean = report.exit_code() == exit_ok;
    session.out << styled("Verdict: " + report.verdict() + ".", clean ? Style::good : Style::bad)
                << '\n';
}

bool concerns_the_vault(ErrorKind kind)
{
    return kind == ErrorKind::damaged || kind == ErrorKind::tampered ||
           kind == ErrorKind::too_new || kind == ErrorKind::store_unavailable;
}

std::optional<vault::ReaderKeys> keys_for(const CheckCommandOptions& options,
                                          ledger::Ledger& ledger, Session& session)
{
    const bool named_passphrase =
        !session.options.passphrase_file.empty() || !session.options.passphrase_command.empty();
    if (options.read_data_given || named_passphrase)
        return session.unlock(ledger);
    if (auto kept = kept_keys(ledger.root_log()))
        return std::move(kept->keys);
    return std::nullopt;
}

/// Nothing in `answer` but what it says against the vault, where that cannot even be opened.
std::unique_ptr<ledger::Ledger> open_and_drill(const CheckCommandOptions& options, Session& session,
                                               CheckAnswer& answer,
                                               std::optional<vault::ReaderKeys>& keys)
{
    try {
        auto ledger = session.open_ledger(ledger::Ledger::Mode::read);
        if (options.drill > 0) {
            upkeep::BareHost host(session.paths());
            keys = session.unlock_as_owner(host.ledger());
            answer.drill = upkeep::drill(host, *keys, options.drill);
        }
        return ledger;
    } catch (const Error& e) {
        if (!concerns_the_vault(e.kind()))
            throw;
        answer.check = upkeep::unopenable(e);
        return nullptr;
    }
}

CheckAnswer check_vault(const CheckCommandOptions& options, Session& session)
{
    CheckAnswer answer;
    std::optional<vault::ReaderKeys> keys;
    const auto ledger = open_and_drill(options, session, answer, keys);
    if (!ledger)
        return answer;
    if (!keys)
        keys = keys_for(options, *ledger, session);
    answer.check = upkeep::check(*ledger, {.keys = keys ? &*keys : nullptr,
                                           .read_data_percent = options.read_data_percent,
                                           .progress = {}});
    if (answer.drill)
        std::ranges::copy(answer.drill->failed, std::back_inserter(answer.check.findings));
    return answer;
}

void run_check(const CheckCommandOptions& options, Session& session)
{
    const CheckAnswer answer = check_vault(options, session);
    if (session.options.json)
        session.print_json(answer_json(answer));
    else
        print_answer(answer, session);
    session.exit_code = answer.check.exit_code();
}

}  // namespace

void add_check_command(const Command& app, Session& session)
{
    auto options = std::make_shared<CheckCommandOptions>();
    const Command command =
        app.add_command("check", "Is the vault whole and untouched? Names what is not");
    const Option read_data = command
                                 .add_option("--read-data", options->read_data_percent,
                                             "Also open this percentage of all archives and "
                                             "compare every message (100 if no number)")
                                 .between(1, 100)
                                 .value_is_optional("100");
    command
        .add_option("--drill", options->drill,
                    "Also restore this many messages, drawn at random, from the store and the "
                    "passphrase alone, and say how long a whole restore would take")
        .positive();
    command.footer(help_footer("mailhold check --read-data=10 --passphrase-file secret.txt",
                               "0 clean, 3 damage, 4 tampering, 5 the store cannot be read, 14 "
                               "written by a newer mailhold"));
    command.runs([options, read_data, &session] {
        options->read_data_given = read_data.is_given();
        if (options->read_data_given && options->read_data_percent == 0)
            options->read_data_percent = 100;
        run_check(*options, session);
    });
}

}  // namespace mailhold::cli
