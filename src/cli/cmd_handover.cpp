// mailhold handover: a leaver's mail to successors, as a case that is opened, followed up and
// closed.

#include <memory>

#include <fmt/format.h>

#include "mailhold/base/ascii.hpp"
#include "mailhold/base/error.hpp"
#include "mailhold/base/file.hpp"
#include "mailhold/vault/journal.hpp"

#include "commands.hpp"
#include "finding.hpp"
#include "handover_case.hpp"
#include "handover_lines.hpp"
#include "indexing.hpp"
#include "lookup.hpp"
#include "terminal.hpp"

namespace mailhold::cli {
namespace {

struct StartOptions {
    std::string leaver;
    std::vector<std::string> to;
    std::vector<std::string> folders;
    std::string since;
    std::string as_of;
    std::string exclude;
    std::string prefix;
    bool has_prefix = false;
    std::filesystem::path report;
    bool dry_run = false;
};

struct CaseOptions {
    std::string id;
    std::filesystem::path report;
    std::filesystem::path file;
};

/// The vault open for reading, and its keys.
struct OpenVault {
    explicit OpenVault(Session& session)
        : ledger(session.open_ledger(ledger::Ledger::Mode::read)), keys(session.unlock(*ledger))
    {
        ledger->follow_other_writers(keys);
    }
    std::unique_ptr<ledger::Ledger> ledger;
    vault::ReaderKeys keys;
};

/// For commands that go on with a case: one that a killed run had committed and not yet taken into
/// the catalog is among them. Who holds the lock has seen to that.
OpenVault open_settled(Session& session)
{
    try {
        static_cast<void>(session.open_ledger(ledger::Ledger::Mode::write));
    } catch (const Error& e) {
        if (e.kind() != ErrorKind::locked)
            throw;
    }
    return OpenVault(session);
}

handover::Order order_of(const StartOptions& options, const ledger::Ledger& ledger)
{
    handover::Order order{.leaver = lower_case(find_account(ledger, options.leaver).address),
                          .folders = options.folders,
                          .exclude = options.exclude};
    if (options.has_prefix)
        order.prefix = options.prefix;
    for (const std::string& to : options.to)
        order.successors.push_back(handover::parse_successor(to));
    handover::check_successors(order.successors);
    for (const handover::Successor& successor : order.successors)
        if (successor.address == order.leaver)
            throw Error(ErrorKind::usage,
                        fmt::format("{} cannot take over from themselves", order.leaver),
                        "`mailhold restore` puts mail back into the account that it is of");
    if (!options.since.empty())
        order.since = parse_user_time(options.since);
    if (!options.as_of.empty())
        order.as_of = parse_user_time(options.as_of);
    return order;
}

std::filesystem::path report_folder(const std::filesystem::path& asked, const std::string& id)
{
    return std::filesystem::absolute(asked.empty() ? std::filesystem::path("handover-" + id)
                                                   : asked);
}

void finish(HandoverWork& work, const std::filesystem::path& report, Session& session)
{
    const HandoverResult result = work.carry_out(report_folder(report, work.handover_case().id));
    if (session.options.json)
        session.print_json(result_json(work, result));
    else if (!session.options.quiet || result.run.missing > 0)
        print_result(work, result, session.out);
    if (result.run.missing > 0)
        session.exit_code = exit_in_part;
}

void show_plans(HandoverWork& work, Session& session)
{
    const handover::Case& handover_case = work.handover_case();
    Json successors = Json::array();
    if (!session.options.json)
        print_case(handover_case, session.out);
    auto plan = work.selection().plans.begin();
    for (UploadTarget& target : work.targets()) {
        const deliver::Survey& survey = target.survey(session.stop());
        if (session.options.json) {
            Json json = plan_json(*plan, survey);
            json.set("address", target.address());
            successors.push_back(std::move(json));
        } else {
            session.out << '\n';
            print_plan(*plan, target, survey, session.out);
        }
        ++plan;
    }
    if (session.options.json)
        session.print_json(Json::object({{"leaver", handover_case.order.leaver},
                                         {"prefix", handover_case.prefix},
                                         {"begins", format_utc(handover_case.begins)},
                                         {"excluded", work.selection().excluded},
                                         {"successors", std::move(successors)}}));
    else if (work.selection().excluded > 0)
        session.out << fmt::format("{} left out as asked for.\n",
                                   counted(work.selection().excluded, "message"));
}

void run_start(const StartOptions& options, Session& session)
{
    if (!options.exclude.empty())
        read_question({options.exclude});  // shows what is wrong with it
    const OpenVault vault = open_settled(session);
    OpenedCase opened =
        open_case(session, *vault.ledger, vault.keys, order_of(options, *vault.ledger));
    if (options.dry_run && opened.is_new)
        opened.handover_case.id = "(not opened)";
    HandoverWork work(session, *vault.ledger, vault.keys, opened.handover_case);
    if (options.dry_run) {
        show_plans(work, session);
        return;
    }
    if (opened.is_new)
        keep_case(session, opened.handover_case);
    if (!session.options.json && !session.options.quiet)
        print_case(opened.handover_case, session.out);
    finish(work, options.report, session);
    tend_index(session, vault.ledger->catalog(), vault.keys);
}

void run_resume(const CaseOptions& options, Session& session)
{
    const OpenVault vault = open_settled(session);
    handover::Case found = find_case(*vault.ledger, vault.keys, options.id);
    if (found.closed)
        throw Error(ErrorKind::refused,
                    fmt::format("case {} was closed on {}", found.id, human_time(*found.closed)),
                    "`mailhold handover start` with the same arguments opens another one");
    HandoverWork work(session, *vault.ledger, vault.keys, std::move(found));
    finish(work, options.report, session);
    tend_index(session, vault.ledger->catalog(), vault.keys);
}

void run_list(Session& session)
{
    const OpenVault vault(session);
    const auto all = handover::cases(vault.ledger->catalog(), vault.keys);
    if (session.options.json) {
        Json list = Json::array();
        for (const handover::Case& one : all)
            list.push_back(case_json(one, vault.ledger->catalog()));
        session.print_json(Json::object({{"cases", std::move(list)}}));
        return;
    }
    if (all.empty()) {
        session.out << "No handovers yet. Next: mailhold handover start LEAVER --to SUCCESSOR\n";
        return;
    }
    using enum Table::Align;
    Table table({{"case", left}, {"opened", left}, {"from", left}, {"to", left}, {"state", left}});
    for (const handover::Case& one : all) {
        std::vector<std::string> to;
        for (const handover::Successor& successor : one.order.successors)
            to.push_back(printable(successor.address));
        table.add({{one.id, Style::strong},
                   {human_time(one.opened)},
                   {printable(one.order.leaver)},
                   {fmt::format("{}", fmt::join(to, ", "))},
                   {state_of(one, vault.ledger->catalog())}});
    }
    session.out << table.str();
}

void run_show(const CaseOptions& options, Session& session)
{
    const OpenVault vault(session);
    const handover::Case found = find_case(*vault.ledger, vault.keys, options.id);
    if (session.options.json) {
        session.print_json(case_json(found, vault.ledger->catalog()));
        return;
    }
    print_case(found, session.out);
    session.out << fmt::format("Opened {}, {}.\n", human_time(found.opened),
                               state_of(found, vault.ledger->catalog()));
    if (!found.runs.empty())
        print_runs(found, session.out);
}

void run_close(const CaseOptions& options, Session& session)
{
    const OpenVault vault = open_settled(session);
    handover::Case found = find_case(*vault.ledger, vault.keys, options.id);
    if (!found.closed) {
        const std::string before = state_of(found, vault.ledger->catalog());
        found.closed = now();
        keep_case(session, found);
        if (!session.options.json)
            session.out << fmt::format("Case {} was {}; it is closed now.\n", found.id, before);
    }
    if (session.options.json)
        session.print_json(case_json(found, vault.ledger->catalog()));
}

void run_verify(const CaseOptions& options, Session& session)
{
    constexpr std::uint64_t longest_receipt_bytes = 64 * mebibyte;
    const ByteBuffer text = read_file(options.file, longest_receipt_bytes);
    const auto ledger = session.open_ledger(ledger::Ledger::Mode::read);
    const handover::CheckedReceipt checked =
        handover::check_receipt(text_of(text), ledger->root_log());
    const catalog::Head& head = checked.receipt.head;
    const bool is_in_journal =
        ledger->store()
            .find(vault::journal_name(checked.receipt.writer, head.seq, head.hash))
            .has_value();
    if (session.options.json)
        session.print_json(receipt_json(checked, is_in_journal));
    else
        print_receipt(checked, is_in_journal, session.out);
    if (!is_in_journal)
        session.exit_code = exit_in_part;
}

void add_start(const Command& handover, Session& session)
{
    auto options = std::make_shared<StartOptions>();
    const Command start = handover.add_command(
        "start", "Open a case and carry it out; started again, the same case goes on");
    start.add_option("leaver", options->leaver, "The account whose mail is handed over").required();
    start
        .add_option("--to", options->to,
                    "ADDRESS, or ADDRESS=DOMAIN,DOMAIN: who takes over, and whose customers' mail; "
                    "exactly one without domains takes the rest")
        .required();
    start.add_option("--folder", options->folders, "Only these folders; '*' stands for any text");
    start.add_option("--since", options->since, "Only what arrived since: 2024-01-01");
    start.add_option("--exclude", options->exclude,
                     "Leave out what this query finds, such as private mail");
    start.add_option("--as-of", options->as_of,
                     "Begin with the state of then, instead of the one before a purge");
    const Option prefix = start.add_option(
        "--prefix", options->prefix,
        "Everything below this folder (default: Handover/NAME; '': the same folders)");
    start.add_option("--report", options->report,
                     "Folder for dossier, contacts and receipt (default: handover-CASE here)");
    start.add_flag("--dry-run", options->dry_run, "Show what would go where; change nothing");
    start.runs([options, prefix, &session] {
        options->has_prefix = prefix.is_given();  // also when it is ''
        run_start(*options, session);
    });
}

}  // namespace

void add_handover_command(const Command& app, Session& session)
{
    const Command handover = app.add_command(
        "handover", "A leaver's mail to successors: start, list, show, resume, close, verify");
    handover.needs_a_command();
    handover.footer(help_footer(
        "mailhold handover start alice@company.example --to carol@company.example "
        "--to bob@company.example=acme.com,foo.de --report alice-handover",
        "0 done, 2 usage, 3 something is missing (the report says what), 4 a receipt that was "
        "changed, 10 no such account, folder or case, 11 another upload into it runs, 12 wrong "
        "passphrase, 20 login refused, or a case that is closed, 21 server not reached"));
    add_start(handover, session);

    auto options = std::make_shared<CaseOptions>();
    handover.add_command("list", "All cases").runs([&session] { run_list(session); });
    const auto add = [&](const char* name, const char* what, auto run) {
        const Command command = handover.add_command(name, what);
        command.add_option("case", options->id, "The case's number").required();
        command.runs([options, &session, run] { run(*options, session); });
        return command;
    };
    add("show", "One case and its runs", run_show);
    add("resume", "Go on: what is missing, and what came since", run_resume)
        .add_option("--report", options->report,
                    "Folder for dossier, contacts and receipt (default: handover-CASE here)");
    add("close", "End a case: nothing follows any more", run_close);
    const Command verify = handover.add_command("verify", "Check a receipt; needs no passphrase");
    verify.add_option("file", options->file, "receipt-N.json of a report folder").required();
    verify.runs([options, &session] { run_verify(*options, session); });
}

}  // namespace mailhold::cli
