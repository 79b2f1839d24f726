// The public client: what a backup asks of one session.

#include "mailhold/imap/client.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "client_state.hpp"
#include "fetch_pipeline.hpp"
#include "folder_listing.hpp"
#include "sequence_set.hpp"

namespace mailhold::imap {

namespace {

constexpr std::chrono::milliseconds logout_limit{2'000};

/// A response code's number; nullopt for none, 0 and what does not fit.
template <class Number>
std::optional<Number> number_of(std::string_view argument)
{
    std::underlying_type_t<Number> value = 0;
    const auto [end, error] =
        std::from_chars(argument.data(), argument.data() + argument.size(), value);
    if (error != std::errc{} || value == 0)
        return {};
    return Number{value};
}

/// Collects the answers to one EXAMINE.
struct Examining {
    ExaminedFolder folder;
    bool no_modseq = false;

    void take(Response& response)
    {
        if (const auto* status = std::get_if<StatusResponse>(&response)) {
            take_code(*status);
        } else if (const auto* vanished = std::get_if<VanishedData>(&response)) {
            if (vanished->earlier)
                folder.vanished.insert(folder.vanished.end(), vanished->uids.begin(),
                                       vanished->uids.end());
        } else if (auto* data = std::get_if<FetchData>(&response)) {
            if (data->message.uid)
                folder.changed.push_back(std::move(data->message));
        }
    }

    void take_code(const StatusResponse& status)
    {
        if (status.code == "CLOSED")
            *this = {};  // RFC 7162 3.2.11: what came before was about the folder open until now
        else if (status.code == "UIDVALIDITY")
            folder.uid_validity = number_of<UidValidity>(status.argument).value_or(UidValidity{});
        else if (status.code == "UIDNEXT")
            folder.uid_next = number_of<Uid>(status.argument);
        else if (status.code == "HIGHESTMODSEQ")
            folder.highest_modseq = number_of<ModSeq>(status.argument);
        else if (status.code == "NOMODSEQ")
            no_modseq = true;
    }
};

}  // namespace

Client::Client(std::unique_ptr<net::Connection> connection, ClientOptions options)
    : state_(std::make_unique<State>(std::move(connection), std::move(options)))
{
}

Client::~Client() = default;

void Client::prepare()
{
    Session& session = state_->session;
    session.synchronise();
    session.run(Command("CAPABILITY"), [&](Response& response) {
        if (const auto* data = std::get_if<CapabilityData>(&response))
            session.learn_capabilities(*data);
    });
    if (session.has("ID"))  // a refusal means nothing: the command only introduces us
        session.ask(Command("ID (\"name\" \"mailhold\" \"version\" \"" MAILHOLD_VERSION "\")"),
                    [](Response&) {});
    state_->enable();
    state_->compress();
}

/// Some servers accept ENABLE and do not say ENABLED; then QRESYNC is not to be trusted.
void Client::State::enable()
{
    if (!session.has("ENABLE") || !session.has("QRESYNC"))
        return;
    const auto answer = session.ask(Command("ENABLE QRESYNC"), [&](Response& response) {
        const auto* data = std::get_if<EnabledData>(&response);
        qresync = qresync || (data && std::find(data->names.begin(), data->names.end(),
                                                "QRESYNC") != data->names.end());
    });
    qresync = qresync && answer.word == StatusWord::ok;
}

void Client::State::compress()
{
    const ClientOptions& options = session.options();
    const bool worthwhile = !session.wire().is_loopback() || options.compress_on_loopback;
    if (!options.compress || !worthwhile || !session.has("COMPRESS=DEFLATE"))
        return;
    const auto answer = session.ask(Command("COMPRESS DEFLATE"), [](Response&) {});
    if (answer.word == StatusWord::ok)
        session.wire().start_compression();
}

void Client::State::require_folder() const
{
    if (!folder_is_open)
        throw Error(ErrorKind::bug, "no folder is open");
}

bool Client::has(std::string_view capability) const
{
    return state_->session.has(capability);
}

std::vector<Namespace> Client::personal_namespaces()
{
    return ask_personal_namespaces(state_->session);
}

std::vector<ListedFolder> Client::list_folders()
{
    return list_all_folders(state_->session);
}

std::vector<std::optional<FolderStatus>> Client::status(const std::vector<std::string>& names)
{
    return ask_status(state_->session, names);
}

ExaminedFolder Client::examine(const std::string& wire_name, std::optional<QresyncCursor> cursor)
{
    Session& session = state_->session;
    const bool has_condstore = session.has("CONDSTORE") || state_->qresync;
    const bool resync = state_->qresync && cursor && cursor->modseq != ModSeq{0} &&
                        cursor->uid_validity != UidValidity{0};
    Command command("EXAMINE");
    command.string(wire_name);
    if (resync)
        command.text(fmt::format(" (QRESYNC ({} {}))",
                                 static_cast<std::uint32_t>(cursor->uid_validity),
                                 static_cast<std::uint64_t>(cursor->modseq)));
    else if (has_condstore)
        command.text(" (CONDSTORE)");

    state_->folder_is_open = false;
    state_->examined.clear();
    session.exists = 0;
    session.expunged = 0;
    Examining examining;
    session.run(command, [&](Response& response) {
        examining.take(response);
        const auto* status = std::get_if<StatusResponse>(&response);
        if (status && status->code == "CLOSED")
            session.exists = session.expunged = 0;
    });

    ExaminedFolder folder = std::move(examining.folder);
    if (folder.uid_validity == UidValidity{0})
        throw Error(ErrorKind::refused, "the server gives the folder no uidvalidity");
    folder.exists = session.exists;
    if (examining.no_modseq)
        folder.highest_modseq.reset();
    folder.vanished = normalised(std::move(folder.vanished));
    folder.resynced =
        resync && folder.highest_modseq && folder.uid_validity == cursor->uid_validity;
    state_->folder_is_open = true;
    state_->examined = wire_name;
    return folder;
}

std::vector<Uid> Client::all_uids()
{
    std::vector<Uid> uids;
    const FetchItems only_uids{.flags = false};
    fetch({{Uid{1}, last_uid}}, only_uids,
          {.message = [&](Fetched&& message) { uids.push_back(*message.uid); }});
    std::sort(uids.begin(), uids.end());
    return uids;
}

void Client::fetch(const std::vector<UidRange>& uids, const FetchItems& items,
                   const FetchHandlers& to)
{
    state_->require_folder();
    Session& session = state_->session;
    const bool has_condstore = session.has("CONDSTORE") || state_->qresync;
    FetchItems known = items;
    known.modseq = items.modseq && has_condstore;
    known.gmail = items.gmail && session.has("X-GM-EXT-1");
    if (!has_condstore || known.changed_since == ModSeq{0})
        known.changed_since.reset();
    // Some servers call a set of UIDs in an empty folder bad.
    if (session.exists == 0 && !known.changed_since)
        return;
    FetchPipeline(session, normalised(uids), known, state_->qresync, to).run();
}

std::optional<Uid> Client::interrupted_message() const
{
    constexpr std::string_view item = "UID ";
    const std::string_view text = state_->session.wire().partial_text();
    const auto open = text.find(" FETCH (");
    const auto at = open == text.npos ? open : text.find(item, open);
    return at == text.npos ? std::nullopt : number_of<Uid>(text.substr(at + item.size()));
}

std::uint32_t Client::expunged_since_examine() const
{
    return state_->session.expunged;
}

void Client::noop()
{
    state_->session.run(Command("NOOP"), [](Response&) {});
}

void Client::logout() noexcept
{
    Session& session = state_->session;
    if (session.spent())
        return;
    try {
        const Deadline deadline(logout_limit);
        session.send(Command("LOGOUT"));
        while (session.outstanding() > 0)
            session.read(deadline);
    } catch (const std::exception&) {
        // BYE is the expected end, and a lost connection is an end too.
    }
}

std::uint64_t Client::bytes_received() const
{
    return state_->session.wire().bytes_received();
}

}  // namespace mailhold::imap
