// Which folders there are and their counters, in as few round trips as the server allows.

#include "folder_listing.hpp"

#include <algorithm>
#include <deque>
#include <map>

#include <fmt/format.h>

#include "tokens.hpp"

namespace mailhold::imap {

namespace {

/// STATUS commands in flight: enough to hide the round trips of a distant server.
constexpr std::size_t max_status_in_flight = 16;

std::string status_items(const Session& session)
{
    return fmt::format("(MESSAGES UIDNEXT UIDVALIDITY{})",
                       session.has("CONDSTORE") ? " HIGHESTMODSEQ" : "");
}

/// INBOX is the one name whose case does not count (RFC 3501 5.1).
std::string folder_key(const std::string& wire_name)
{
    return upper_case(wire_name) == "INBOX" ? "INBOX" : wire_name;
}

/// What LIST is asked to add; empty for a plain LIST.
std::string list_return(const Session& session)
{
    if (!session.has("LIST-EXTENDED"))
        return {};
    std::string options = session.has("SPECIAL-USE") ? "SPECIAL-USE" : "";
    if (session.has("LIST-STATUS"))
        options += fmt::format("{}STATUS {}", options.empty() ? "" : " ", status_items(session));
    return options.empty() ? options : fmt::format(" RETURN ({})", options);
}

/// The folders of several listings, each once, and the counters told with them.
class Listing {
public:
    void take(Response& response)
    {
        if (auto* list = std::get_if<ListData>(&response)) {
            if (list->folder.wire_name.empty())
                return;  // the answer to LIST "" "", which nobody asked for
            const std::string key = folder_key(list->folder.wire_name);
            if (const auto [place, is_new] = index_.try_emplace(key, folders_.size()); is_new)
                folders_.push_back(std::move(list->folder));
            else
                folders_[place->second].attributes.merge(list->folder.attributes);
        } else if (const auto* status = std::get_if<StatusData>(&response)) {
            counters_[folder_key(status->wire_name)] = status->status;
        }
    }

    bool has_below(const std::string& prefix) const
    {
        return std::any_of(folders_.begin(), folders_.end(), [&](const ListedFolder& folder) {
            return folder.wire_name.starts_with(prefix);
        });
    }

    std::vector<ListedFolder> folders() &&
    {
        for (const auto& [key, status] : counters_)
            if (const auto place = index_.find(key); place != index_.end())
                folders_[place->second].status = status;
        return std::move(folders_);
    }

private:
    std::vector<ListedFolder> folders_;
    std::map<std::string, std::size_t> index_;
    std::map<std::string, FolderStatus> counters_;
};

/// A server that refuses the extended form is asked in the plain one.
void list_below(Session& session, const std::string& prefix, Listing& listing)
{
    const auto take = [&](Response& response) { listing.take(response); };
    const std::string extended = list_return(session);
    Command plain("LIST \"\"");
    plain.string(prefix + '*');
    if (!extended.empty() &&
        session.ask(Command(plain).text(extended), take).word == StatusWord::ok)
        return;
    session.run(plain, take);
}

/// Answers to STATUS commands, matched by name.
class StatusCollector {
public:
    explicit StatusCollector(const std::vector<std::string>& names) : answers_(names.size())
    {
        for (std::size_t i = 0; i < names.size(); ++i)
            places_.emplace(folder_key(names[i]), i);
    }

    void take(Response& response)
    {
        const auto* data = std::get_if<StatusData>(&response);
        if (!data)
            return;
        const auto [first, last] = places_.equal_range(folder_key(data->wire_name));
        for (auto place = first; place != last; ++place)
            answers_[place->second] = data->status;
    }

    std::vector<std::optional<FolderStatus>> answers() && { return std::move(answers_); }

private:
    std::vector<std::optional<FolderStatus>> answers_;
    std::multimap<std::string, std::size_t> places_;
};

void drain(Session& session, std::size_t down_to, StatusCollector& collector)
{
    const Deadline deadline = session.command_deadline();
    while (session.outstanding() > down_to) {
        Response response = session.read(deadline);
        collector.take(response);
    }
}

}  // namespace

std::vector<Namespace> ask_personal_namespaces(Session& session)
{
    std::vector<Namespace> found;
    if (!session.has("NAMESPACE"))
        return found;
    session.ask(Command("NAMESPACE"), [&](Response& response) {
        if (auto* data = std::get_if<NamespaceData>(&response))
            found = std::move(data->personal);
    });
    return found;
}

std::vector<ListedFolder> list_all_folders(Session& session)
{
    Listing listing;
    list_below(session, "", listing);
    for (const Namespace& space : ask_personal_namespaces(session))
        if (!space.prefix.empty() && !listing.has_below(space.prefix))
            list_below(session, space.prefix, listing);
    return std::move(listing).folders();
}

std::vector<std::optional<FolderStatus>> ask_status(Session& session,
                                                    const std::vector<std::string>& names)
{
    StatusCollector collector(names);
    const std::string items = " " + status_items(session);
    for (const std::string& name : names) {
        Command command("STATUS");
        command.string(name).text(items);
        if (command.is_one_line()) {
            drain(session, max_status_in_flight - 1, collector);
            session.send(command);
        } else {  // a literal waits for the server, so nothing may be on its way
            drain(session, 0, collector);
            session.ask(command, [&](Response& response) { collector.take(response); });
        }
    }
    drain(session, 0, collector);
    return std::move(collector).answers();
}

}  // namespace mailhold::imap
