// The commands that add mail.

#include "mailhold/imap/uploader.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

#include <fmt/format.h>

#include "client_state.hpp"
#include "mailhold/base/calendar_names.hpp"
#include "sequence_set.hpp"
#include "tokens.hpp"

namespace mailhold::imap {

namespace {

constexpr std::size_t max_keyword_bytes = 200;
/// What LITERAL- allows (RFC 7888).
constexpr std::size_t max_literal_minus_bytes = 4'096;
constexpr int max_zone_minutes = 14 * 60;

bool is_atom_character(char c)
{
    constexpr std::string_view specials = "(){%*\"\\]";
    return c > ' ' && c < 0x7f && specials.find(c) == specials.npos;
}

Answer answer_of(const StatusResponse& status)
{
    return {.accepted = status.word == StatusWord::ok, .code = status.code, .text = status.text};
}

template <class Number>
std::optional<Number> number_in(std::string_view text)
{
    Number value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional(value)
                                                                    : std::nullopt;
}

std::vector<std::string> flags_in(std::string_view list)
{
    std::vector<std::string> flags;
    while (!list.empty()) {
        const std::size_t end = std::min(list.find_first_of(" ()"), list.size());
        if (end > 0)
            flags.emplace_back(list.substr(0, end));
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return flags;
}

/// A set of UIDs as a server wrote it; empty where it wrote nonsense.
std::vector<UidRange> ranges_in(std::string_view text)
{
    try {
        return parse_sequence_set(text);
    } catch (const Error&) {
        return {};
    }
}

/// The UIDs of "7 12:14,20", where it names `count` of them.
void take_append_uid(std::string_view argument, std::size_t count, Appended& appended)
{
    const std::size_t space = argument.find(' ');
    const auto validity = number_in<std::uint32_t>(argument.substr(0, space));
    if (!validity || space == argument.npos)
        return;
    std::vector<Uid> uids;
    for (const UidRange& range : ranges_in(argument.substr(space + 1))) {
        if (span_of(range) > count - uids.size())
            return;
        for (auto uid = static_cast<std::uint32_t>(range.first);
             uid <= static_cast<std::uint32_t>(range.last); ++uid)
            uids.push_back(Uid{uid});
    }
    if (uids.size() != count)
        return;
    appended.uid_validity = UidValidity{*validity};
    appended.uids = std::move(uids);
}

/// " (\Seen $Forwarded) \"17-Jul-1996 02:44:25 -0700\"".
std::string header_of(const AppendItem& item)
{
    std::vector<std::string_view> flags;
    std::ranges::copy_if(item.flags, std::back_inserter(flags), is_appendable);
    std::string text = fmt::format(" ({})", fmt::join(flags, " "));
    const auto date = item.date ? format_internal_date(*item.date) : std::nullopt;
    if (date)
        text += fmt::format(" \"{}\"", *date);
    return text;
}

/// What stands before a message's literal and might be refused: the folder, each flag, a date, and
/// that it is not the first message of its command. Named so that no flag is one of the others.
std::set<std::string> refusable_of(const std::string& wire_name, const AppendItem& item,
                                   bool is_further)
{
    std::set<std::string> names{"(folder) " + wire_name};
    for (const std::string& flag : item.flags)
        names.insert(lower_case(flag));
    if (item.date)
        names.insert("(date)");
    if (is_further)
        names.insert("(further)");
    return names;
}

/// `taken` gets what stands before them.
std::vector<LiteralPart> parts_of(const std::string& wire_name, std::span<const AppendItem> items,
                                  bool may_run_on, std::set<std::string>& taken)
{
    std::vector<LiteralPart> parts;
    for (const AppendItem& item : items) {
        std::set<std::string> refusable = refusable_of(wire_name, item, !parts.empty());
        parts.push_back({.before = header_of(item),
                         .literal = item.raw,
                         .waits = !may_run_on || !std::ranges::includes(taken, refusable)});
        taken.merge(refusable);
    }
    return parts;
}

}  // namespace

bool is_appendable(std::string_view flag)
{
    constexpr std::array<std::string_view, 5> system{"\\seen", "\\answered", "\\flagged",
                                                     "\\deleted", "\\draft"};
    if (flag.starts_with('\\'))
        return std::ranges::find(system, lower_case(flag)) != system.end();
    return !flag.empty() && flag.size() <= max_keyword_bytes &&
           std::ranges::all_of(flag, is_atom_character);
}

std::optional<std::string> format_internal_date(InternalDate date)
{
    constexpr std::int64_t first = -62'135'596'800;  // year 1
    constexpr std::int64_t last = 253'402'300'799;   // the end of year 9999
    const bool zone_fits = std::abs(date.zone_minutes) <= max_zone_minutes;
    const int zone = zone_fits ? date.zone_minutes : 0;
    if (date.epoch_seconds < first + std::int64_t{max_zone_minutes} * 60 ||
        date.epoch_seconds > last - std::int64_t{max_zone_minutes} * 60)
        return {};
    const std::chrono::sys_seconds local(
        std::chrono::seconds(date.epoch_seconds + std::int64_t{zone} * 60));
    const auto day = std::chrono::floor<std::chrono::days>(local);
    const std::chrono::year_month_day calendar(day);
    const std::chrono::hh_mm_ss time(local - day);
    return fmt::format(
        "{:02}-{}-{:04} {:02}:{:02}:{:02} {}{:02}{:02}", static_cast<unsigned>(calendar.day()),
        month_names.at(static_cast<unsigned>(calendar.month()) - 1),
        static_cast<int>(calendar.year()), time.hours().count(), time.minutes().count(),
        time.seconds().count(), zone < 0 ? '-' : '+', std::abs(zone) / 60, std::abs(zone) % 60);
}

Uploader::Uploader(std::unique_ptr<Client> client) : client_(std::move(client)) {}

Uploader::~Uploader() = default;

bool Uploader::takes_several() const
{
    return client_->has("MULTIAPPEND");
}

std::optional<std::uint64_t> Uploader::append_limit_bytes() const
{
    const auto value = client_->state_->session.capability_value("APPENDLIMIT");
    return value ? number_in<std::uint64_t>(*value) : std::nullopt;
}

Answer Uploader::create(const std::string& wire_name)
{
    return answer_of(
        client_->state_->session.ask(Command("CREATE").string(wire_name), [](Response&) {}));
}

Answer Uploader::subscribe(const std::string& wire_name)
{
    return answer_of(
        client_->state_->session.ask(Command("SUBSCRIBE").string(wire_name), [](Response&) {}));
}

SelectedFolder Uploader::select(const std::string& wire_name)
{
    Client::State& state = *client_->state_;
    state.folder_is_open = false;
    state.examined.clear();
    state.session.exists = state.session.expunged = 0;
    SelectedFolder folder;
    state.session.run(Command("SELECT").string(wire_name), [&](Response& response) {
        const auto* status = std::get_if<StatusResponse>(&response);
        if (!status)
            return;
        if (status->code == "CLOSED") {  // RFC 7162 3.2.11: what came before was another folder's
            folder = {};
            state.session.exists = state.session.expunged = 0;
        } else if (status->code == "UIDVALIDITY") {
            folder.uid_validity =
                UidValidity{number_in<std::uint32_t>(status->argument).value_or(0)};
        } else if (status->code == "UIDNEXT") {
            if (const auto next = number_in<std::uint32_t>(status->argument))
                folder.uid_next = Uid{*next};
        } else if (status->code == "PERMANENTFLAGS") {
            folder.permanent_flags = flags_in(status->argument);
        }
    });
    folder.exists = state.session.exists;
    state.folder_is_open = true;
    return folder;
}

std::optional<StorageQuota> Uploader::quota(const std::string& wire_name)
{
    Session& session = client_->state_->session;
    if (!session.has("QUOTA"))
        return {};
    const auto room = [](const StorageQuota& quota) {
        return quota.limit_bytes - std::min(quota.used_bytes, quota.limit_bytes);
    };
    std::optional<StorageQuota> tightest;
    session.ask(Command("GETQUOTAROOT").string(wire_name), [&](Response& response) {
        const auto* data = std::get_if<QuotaData>(&response);
        if (data && data->storage && (!tightest || room(*data->storage) < room(*tightest)))
            tightest = data->storage;
    });
    return tightest;
}

Appended Uploader::append(const std::string& wire_name, std::span<const AppendItem> items)
{
    Session& session = client_->state_->session;
    std::size_t total = 0;
    for (const AppendItem& item : items) {
        if (item.raw.empty())
            throw Error(ErrorKind::bug, "an empty message cannot be appended");
        total += item.raw.size();
    }
    // Courier takes nothing into a folder that the session has open for reading only.
    if (client_->state_->examined == wire_name)
        select(wire_name);
    const bool may_run_on =
        session.has("LITERAL+") || (session.has("LITERAL-") && total <= max_literal_minus_bytes);
    std::set<std::string> taken = taken_;
    const auto parts = parts_of(wire_name, items, may_run_on, taken);
    try {
        const StatusResponse status =
            session.ask_with_literals(Command("APPEND").string(wire_name), parts, [](Response&) {});
        Appended appended;
        appended.answer = answer_of(status);
        if (appended.answer.accepted)
            taken_ = std::move(taken);
        if (appended.answer.accepted && status.code == "APPENDUID")
            take_append_uid(status.argument, items.size(), appended);
        return appended;
    } catch (const Error& e) {
        if (!session.answered_bad())
            throw;
        Appended appended;
        appended.is_bad = true;
        appended.answer.text = e.what();
        return appended;
    }
}

}  // namespace mailhold::imap
