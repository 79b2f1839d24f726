// Uploads told to people and programs.

#include <map>

#include <fmt/format.h>

#include "terminal.hpp"
#include "uploading.hpp"

namespace mailhold::cli {
namespace {

constexpr std::size_t shown_digits = 12;
constexpr std::size_t shown_failures = 10;

std::string name_of(deliver::UploadEnd end)
{
    switch (end) {
    case deliver::UploadEnd::complete:
        return "complete";
    case deliver::UploadEnd::over_quota:
        return "over quota";
    case deliver::UploadEnd::budget_spent:
        return "budget spent";
    case deliver::UploadEnd::lost:
        return "lost";
    case deliver::UploadEnd::stopped:
        return "stopped";
    }
    return "complete";
}

struct FolderSize {
    std::uint64_t messages = 0;
    std::uint64_t bytes = 0;
};

std::vector<FolderSize> sizes_of(const restore::Plan& plan)
{
    std::vector<FolderSize> sizes(plan.folders.size());
    for (const deliver::UploadMessage& message : plan.messages) {
        ++sizes[message.folder].messages;
        sizes[message.folder].bytes += message.size_bytes;
    }
    return sizes;
}

Table::Cell target_cell(const deliver::FolderTarget& target)
{
    std::string text = printable(target.name);
    if (!target.exists)
        return {text + " (new)"};
    if (target.messages_there > 0)
        text += fmt::format(" ({} there)", with_thousands(target.messages_there));
    return {text};
}

void print_folders(const restore::Plan& plan, const deliver::Survey& survey, std::ostream& out)
{
    using enum Table::Align;
    Table table({{"folder", left}, {"messages", right}, {"size", right}, {"goes to", left}});
    const std::vector<FolderSize> sizes = sizes_of(plan);
    for (std::size_t i = 0; i < plan.folders.size(); ++i)
        table.add({{printable(plan.source_folders[i])},
                   {with_thousands(sizes[i].messages)},
                   {human_bytes(sizes[i].bytes)},
                   target_cell(survey.folders.at(i))});
    out << table.str();
    for (const deliver::FolderTarget& target : survey.folders)
        if (!target.note.empty())
            out << fmt::format("{}: {}\n", printable(target.name), printable(target.note));
}

/// What cannot be uploaded, as far as the server told.
void print_limits(const restore::Plan& plan, const UploadTarget& target,
                  const deliver::Survey& survey, std::ostream& out)
{
    std::uint64_t too_large = 0;
    for (const deliver::UploadMessage& message : plan.messages)
        too_large += survey.append_limit && message.size_bytes > *survey.append_limit ? 1 : 0;
    if (too_large > 0)
        out << styled(fmt::format("{} larger than the {} that the server takes: they will be left "
                                  "out and named.",
                                  counted(too_large, "message"), human_bytes(*survey.append_limit)),
                      Style::warning)
            << '\n';
    if (survey.quota) {
        const std::uint64_t left = survey.quota->limit_bytes -
                                   std::min(survey.quota->used_bytes, survey.quota->limit_bytes);
        out << styled(fmt::format("The account has room for {}{}.", human_bytes(left),
                                  left < plan.bytes ? ": not enough if nothing is there yet" : ""),
                      left < plan.bytes ? Style::warning : Style::plain)
            << '\n';
    }
    if (target.bytes_a_day() > 0) {
        const std::uint64_t days = (plan.bytes + target.bytes_a_day() - 1) / target.bytes_a_day();
        out << fmt::format("The provider takes {} a day: {} at most; the same command again goes "
                           "on.\n",
                           human_bytes(target.bytes_a_day()), counted(days, "day"));
    }
}

std::string rate_of(const deliver::UploadReport& report)
{
    if (report.uploaded == 0)
        return fmt::format("Nothing was uploaded; it took {}", human_seconds(report.seconds));
    const double seconds = std::max(report.seconds, 0.001);
    return fmt::format(
        "{} in {}: {:.0f} messages and {} a second", human_bytes(report.bytes),
        human_seconds(report.seconds), static_cast<double>(report.uploaded) / seconds,
        human_bytes(static_cast<std::uint64_t>(static_cast<double>(report.bytes) / seconds)));
}

void print_failures(const restore::Plan& plan, const deliver::UploadReport& report,
                    std::ostream& out)
{
    for (std::size_t i = 0; i < std::min(shown_failures, report.failed.size()); ++i) {
        const deliver::UploadMessage& message = plan.messages.at(report.failed[i].message);
        out << styled(fmt::format("{} of {}: {}", message.id.hex().substr(0, shown_digits),
                                  printable(plan.source_folders.at(message.folder)),
                                  printable(report.failed[i].why)),
                      Style::bad)
            << '\n';
    }
    if (report.failed.size() > shown_failures)
        out << fmt::format("and {} more; --json names all\n",
                           report.failed.size() - shown_failures);
}

/// One sentence that a person believes.
void print_verdict(const restore::Plan& plan, const std::string& to,
                   const deliver::UploadReport& report, std::ostream& out)
{
    const std::uint64_t there = report.already_there + report.verified;
    if (report.is_whole()) {
        out << styled(fmt::format("All {} of {} are in {}.", counted(report.planned, "message"),
                                  printable(plan.from), printable(to)),
                      Style::good)
            << '\n';
        return;
    }
    if (report.changed > 0 && report.end == deliver::UploadEnd::complete && report.failed.empty()) {
        out << styled(fmt::format("All {} of {} are in {}, {} of them not as they were.",
                                  counted(report.planned, "message"), printable(plan.from),
                                  printable(to), with_thousands(report.changed)),
                      Style::warning)
            << '\n';
        return;
    }
    std::string text = fmt::format("{} of {} are in {}", with_thousands(there),
                                   counted(report.planned, "message"), printable(to));
    if (!report.why.empty())
        text += "; " + printable(report.why);
    out << styled(text + ".", Style::bad) << '\n';
    if (report.end != deliver::UploadEnd::complete)
        out << fmt::format("{} are missing; the same command goes on from here.\n",
                           human_bytes(report.missing_bytes));
}

}  // namespace

Json plan_json(const restore::Plan& plan, const deliver::Survey& survey)
{
    Json folders = Json::array();
    for (std::size_t i = 0; i < plan.folders.size(); ++i)
        folders.push_back(Json::object({{"folder", plan.source_folders[i]},
                                        {"target", survey.folders.at(i).name},
                                        {"exists", survey.folders[i].exists},
                                        {"note", survey.folders[i].note}}));
    return Json::object({{"planned", static_cast<std::uint64_t>(plan.messages.size())},
                         {"bytes", plan.bytes},
                         {"folders", std::move(folders)}});
}

Json upload_json(const restore::Plan& plan, const deliver::UploadReport& report)
{
    Json failed = Json::array();
    for (const deliver::FailedUpload& failure : report.failed)
        failed.push_back(Json::object(
            {{"id", plan.messages.at(failure.message).id.hex()}, {"why", failure.why}}));
    Json warnings = Json::array();
    for (const std::string& warning : report.warnings)
        warnings.push_back(warning);
    return Json::object({{"planned", report.planned},
                         {"uploaded", report.uploaded},
                         {"already_there", report.already_there},
                         {"merged", report.merged},
                         {"changed", report.changed},
                         {"failed", std::move(failed)},
                         {"verified", report.verified},
                         {"bytes", report.bytes},
                         {"missing_bytes", report.missing_bytes},
                         {"seconds", report.seconds},
                         {"end", name_of(report.end)},
                         {"why", report.why},
                         {"warnings", std::move(warnings)}});
}

void print_plan(const restore::Plan& plan, const UploadTarget& target,
                const deliver::Survey& survey, std::ostream& out)
{
    print_folders(plan, survey, out);
    out << fmt::format("\n{}, {}, from {} into {}; what is there already is not uploaded again.\n",
                       counted(plan.messages.size(), "message"), human_bytes(plan.bytes),
                       printable(plan.from), printable(target.address()));
    if (plan.also_elsewhere > 0)
        out << fmt::format("{} in the folder of all mail lie in other folders too, and go there.\n",
                           counted(plan.also_elsewhere, "message"));
    print_limits(plan, target, survey, out);
}

void print_upload(const restore::Plan& plan, const std::string& to,
                  const deliver::UploadReport& report, std::ostream& out)
{
    print_failures(plan, report, out);
    for (const std::string& warning : report.warnings)
        out << printable(warning) << '\n';
    using enum Table::Align;
    Table table({{"planned", right},
                 {"uploaded", right},
                 {"already there", right},
                 {"verified", right},
                 {"failed", right},
                 {"biggest", right}});
    table.add(
        {{with_thousands(report.planned)},
         {with_thousands(report.uploaded)},
         {with_thousands(report.already_there)},
         {with_thousands(report.verified)},
         {with_thousands(report.failed.size()), report.failed.empty() ? Style::plain : Style::bad},
         {human_bytes(report.biggest_bytes)}});
    out << table.str() << rate_of(report);
    if (report.reconnections > 0)
        out << ", " << counted(report.reconnections, "reconnection");
    if (report.merged > 0)
        out << "; " << counted(report.merged, "message")
            << " that the server keeps as one with an equal one";
    out << "\n\n";
    print_verdict(plan, to, report, out);
}

}  // namespace mailhold::cli
