// Cases and their runs, told.

#include "handover_lines.hpp"

#include <fmt/format.h>

#include "terminal.hpp"

namespace mailhold::cli {
namespace {

std::string shown_domains(const handover::Successor& successor)
{
    return successor.domains.empty() ? "all the rest"
                                     : fmt::format("{}", fmt::join(successor.domains, ", "));
}

std::string shown_prefix(const std::string& prefix)
{
    return prefix.empty() ? "the same folders" : "the folder " + printable(prefix);
}

void print_beginning(const handover::Case& handover_case, std::ostream& out)
{
    if (handover_case.purge)
        out << styled(fmt::format("A purge was found on {}: the handover begins with the state "
                                  "before it ({}), and has all that came since.",
                                  human_time(*handover_case.purge),
                                  human_time(handover_case.begins)),
                      Style::strong)
            << '\n';
    else if (handover_case.order.as_of)
        out << fmt::format("It begins with the state of {}, and has all that came since.\n",
                           human_time(handover_case.begins));
}

Json time_json(const std::optional<Time>& time)
{
    return time ? Json(format_utc(*time)) : Json();
}

Json strings_json(const std::vector<std::string>& texts)
{
    Json array = Json::array();
    for (const std::string& text : texts)
        array.push_back(text);
    return array;
}

void set_run(Json& json, const handover::CaseRun& run)
{
    json.set("planned", run.planned);
    json.set("uploaded", run.uploaded);
    json.set("already_there", run.already_there);
    json.set("verified", run.verified);
    json.set("missing", run.missing);
    json.set("bytes", run.bytes);
}

std::uint64_t waiting_for(const handover::Case& handover_case, const catalog::Catalog& catalog)
{
    return handover_case.runs.empty() ? 0
                                      : handover::messages_since(catalog, handover_case.leaver,
                                                                 handover_case.runs.back().time);
}

}  // namespace

std::string state_of(const handover::Case& handover_case, const catalog::Catalog& catalog)
{
    if (handover_case.closed)
        return "closed on " + human_time(*handover_case.closed);
    if (handover_case.runs.empty())
        return "open, not carried out yet";
    std::string text = "open";
    if (const std::uint64_t missing = handover_case.runs.back().missing; missing > 0)
        text += fmt::format(", {} missing", counted(missing, "message"));
    if (const std::uint64_t waiting = waiting_for(handover_case, catalog); waiting > 0)
        text += fmt::format(", {} came since", counted(waiting, "message"));
    return text;
}

void print_case(const handover::Case& handover_case, std::ostream& out)
{
    const handover::Order& order = handover_case.order;
    out << fmt::format(
        "Case {}: {}{} into {}\n", handover_case.id, printable(order.leaver),
        handover_case.leaver_name.empty() ? "" : " (" + printable(handover_case.leaver_name) + ")",
        shown_prefix(handover_case.prefix));
    for (const handover::Successor& successor : order.successors)
        out << fmt::format("  to {}: {}\n", printable(successor.address), shown_domains(successor));
    if (!order.folders.empty())
        out << fmt::format("  only the folders {}\n",
                           printable(fmt::format("{}", fmt::join(order.folders, ", "))));
    if (order.since)
        out << fmt::format("  only what arrived since {}\n", human_time(*order.since));
    if (!order.exclude.empty())
        out << fmt::format("  without what this finds: {}\n", printable(order.exclude));
    print_beginning(handover_case, out);
}

void print_runs(const handover::Case& handover_case, std::ostream& out)
{
    using enum Table::Align;
    Table table({{"run", right},
                 {"when", left},
                 {"planned", right},
                 {"uploaded", right},
                 {"already there", right},
                 {"verified", right},
                 {"failed", right},
                 {"missing", right}});
    for (std::size_t i = 0; i < handover_case.runs.size(); ++i) {
        const handover::CaseRun& run = handover_case.runs[i];
        table.add({{std::to_string(i + 1)},
                   {human_time(run.time)},
                   {with_thousands(run.planned)},
                   {with_thousands(run.uploaded)},
                   {with_thousands(run.already_there)},
                   {with_thousands(run.verified)},
                   {with_thousands(run.failed)},
                   {with_thousands(run.missing), run.missing ? Style::bad : Style::plain}});
    }
    out << table.str();
}

void print_result(const HandoverWork& work, const HandoverResult& result, std::ostream& out)
{
    const auto& successors = work.handover_case().order.successors;
    for (std::size_t i = 0; i < successors.size(); ++i)
        print_upload(*result.successors[i].plan, successors[i].address, result.successors[i].report,
                     out);
    if (work.selection().excluded > 0)
        out << fmt::format("{} left out as asked for.\n",
                           counted(work.selection().excluded, "message"));
    out << fmt::format("Dossier, contacts and receipt: {}\n", result.report.string());
    if (result.run.missing > 0)
        out << fmt::format("hint: `mailhold handover resume {}` goes on from here\n",
                           work.handover_case().id);
}

Json case_json(const handover::Case& handover_case, const catalog::Catalog& catalog)
{
    const handover::Order& order = handover_case.order;
    Json successors = Json::array();
    for (const handover::Successor& successor : order.successors)
        successors.push_back(Json::object(
            {{"address", successor.address}, {"domains", strings_json(successor.domains)}}));
    Json runs = Json::array();
    for (const handover::CaseRun& run : handover_case.runs) {
        Json json = Json::object({{"time", format_utc(run.time)}, {"failed", run.failed}});
        set_run(json, run);
        runs.push_back(std::move(json));
    }
    return Json::object({{"case", handover_case.id},
                         {"leaver", order.leaver},
                         {"name", handover_case.leaver_name},
                         {"successors", std::move(successors)},
                         {"folders", strings_json(order.folders)},
                         {"since", time_json(order.since)},
                         {"exclude", order.exclude},
                         {"prefix", handover_case.prefix},
                         {"opened", format_utc(handover_case.opened)},
                         {"begins", format_utc(handover_case.begins)},
                         {"purge", time_json(handover_case.purge)},
                         {"closed", time_json(handover_case.closed)},
                         {"waiting", waiting_for(handover_case, catalog)},
                         {"runs", std::move(runs)}});
}

Json result_json(const HandoverWork& work, const HandoverResult& result)
{
    const handover::Case& handover_case = work.handover_case();
    Json successors = Json::array();
    Json failed = Json::array();
    double seconds = 0;
    for (std::size_t i = 0; i < result.successors.size(); ++i) {
        const SuccessorResult& one = result.successors[i];
        Json part = upload_json(*one.plan, one.report);
        for (const Json& failure : part.at("failed").as_array())
            failed.push_back(failure);
        part.set("address", handover_case.order.successors[i].address);
        successors.push_back(std::move(part));
        seconds += one.report.seconds;
    }
    Json json = Json::object({{"case", handover_case.id},
                              {"leaver", handover_case.order.leaver},
                              {"prefix", handover_case.prefix},
                              {"begins", format_utc(handover_case.begins)},
                              {"purge", time_json(handover_case.purge)},
                              {"excluded", work.selection().excluded},
                              {"failed", std::move(failed)},
                              {"seconds", seconds}});
    set_run(json, result.run);
    json.set("report", result.report.string());
    json.set("receipt", result.receipt.string());
    json.set("successors", std::move(successors));
    return json;
}

}  // namespace mailhold::cli
