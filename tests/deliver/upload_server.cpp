// The small server's commands.

#include "upload_server.hpp"

#include <algorithm>
#include <sstream>

#include <fmt/format.h>

#include "mailhold/base/ascii.hpp"

namespace mailhold::test {

namespace {

/// The first argument of a command, unquoted.
std::string name_in(const std::string& line)
{
    std::string name = line.substr(line.find(' ') + 1);
    if (name.starts_with('"'))
        return name.substr(1, name.find('"', 1) - 1);
    return name.substr(0, name.find(' '));
}

/// The size of the literal that `line` announces, and whether it waits for leave.
std::optional<std::pair<std::size_t, bool>> announced(const std::string& line)
{
    const std::size_t brace = line.rfind('{');
    if (!line.ends_with('}') || brace == line.npos)
        return {};
    return std::pair(std::stoull(line.substr(brace + 1)), line[line.size() - 2] != '+');
}

std::string between(const std::string& text, char first, char last)
{
    const std::size_t from = text.rfind(first, text.rfind('{'));
    const std::size_t to = from == text.npos ? from : text.find(last, from + 1);
    return to == text.npos ? "" : text.substr(from + 1, to - from - 1);
}

/// Flags and date of " (\Seen) \"17-Jul-1996 02:44:25 -0700\" {310}".
StoredMessage item_of(const std::string& text, std::string raw)
{
    const std::size_t quote = text.rfind('"');
    const std::size_t flags_end = text.rfind(')');
    StoredMessage item{.raw = std::move(raw), .flags = between(text, '(', ')'), .date = {}};
    if (quote != text.npos && quote > flags_end)
        item.date =
            text.substr(text.rfind('"', quote - 1) + 1, quote - text.rfind('"', quote - 1) - 1);
    return item;
}

bool contains(const std::string& set, std::uint32_t uid)
{
    std::istringstream parts(set);
    for (std::string part; std::getline(parts, part, ',');) {
        const std::size_t colon = part.find(':');
        const std::uint64_t first = std::stoull(part.substr(0, colon));
        const std::string end = colon == part.npos ? part : part.substr(colon + 1);
        if (first <= uid && uid <= (end == "*" ? 0xFFFF'FFFFU : std::stoull(end)))
            return true;
    }
    return false;
}

}  // namespace

std::vector<std::string> StoredFolder::raws() const
{
    std::vector<std::string> all;
    for (const auto& [uid, message] : messages)
        all.push_back(message.raw);
    std::ranges::sort(all);
    return all;
}

bool AppendCall::holds(std::string_view text) const
{
    return std::ranges::any_of(
        items, [&](const StoredMessage& item) { return item.raw.find(text) != item.raw.npos; });
}

UploadServer::UploadServer()
    : server_([this](Peer& peer) { play(peer); }, LoopbackServer::Connections::together)
{
}

std::uint64_t UploadServer::bytes_stored() const
{
    std::uint64_t bytes = 0;
    for (const auto& [name, folder] : folders)
        for (const auto& [uid, message] : folder.messages)
            bytes += message.raw.size();
    return bytes;
}

StoredFolder* UploadServer::find(const std::string& name)
{
    const auto found = std::ranges::find_if(folders, [&](const auto& folder) {
        return folder.first == name || ((is_blind_to_case || lower_case(name) == "inbox") &&
                                        lower_case(folder.first) == lower_case(name));
    });
    return found == folders.end() ? nullptr : &found->second;
}

void UploadServer::play(Peer& peer)
{
    Conversation talk{peer};
    peer.say("* OK ready\r\n");
    while (!talk.is_over) {
        std::vector<StoredMessage> items;
        const std::string command = hear_command(talk, items);
        if (command.empty())
            break;
        const std::size_t space = command.find(' ');
        const std::string tag = command.substr(0, space);
        const std::string line = command.substr(space + 1);
        const std::lock_guard lock(mutex_);
        lines.push_back(line);
        if (const auto reply = on_line ? on_line(line) : std::nullopt)
            give(talk, *reply, tag);
        else if (line.starts_with("APPEND "))
            append(talk, tag,
                   {.folder = name_in(line), .items = std::move(items), .session = talk.number});
        else
            obey(talk, tag, line);
    }
    const std::lock_guard lock(mutex_);
    inside_ -= talk.is_inside ? 1 : 0;
}

/// The command's line as far as its first literal; `items` gets what an APPEND brings. Empty when
/// the command never came whole, or was refused on the way.
std::string UploadServer::hear_command(Conversation& talk, std::vector<StoredMessage>& items)
{
    for (;;) {
        items.clear();
        std::string line = talk.peer.hear();
        const std::string command = line;
        bool is_refused = false;
        while (announced(line)) {
            std::optional<std::string> raw = hear_literal(talk, line);
            if (talk.is_over)
                return {};
            is_refused = !raw;
            if (is_refused) {
                talk.peer.say(command.substr(0, command.find(' ')) +
                              " NO [TOOBIG] Message too large\r\n");
                break;
            }
            items.push_back(item_of(line, std::move(*raw)));
            line = talk.peer.hear();
        }
        if (!is_refused)
            return command;
    }
}

/// nullopt: refused before it came.
std::optional<std::string> UploadServer::hear_literal(Conversation& talk, const std::string& line)
{
    const auto [size, waits] = *announced(line);
    const bool is_too_large = literal_limit && size > *literal_limit;
    if (is_too_large && waits)
        return {};
    if (waits)
        talk.peer.say("+ go on\r\n");
    std::size_t wanted = size;
    {
        const std::lock_guard lock(mutex_);
        if (cut_after_bytes && *cut_after_bytes < size) {
            wanted = *cut_after_bytes;
            cut_after_bytes.reset();
            talk.is_over = true;
        } else if (cut_after_bytes) {
            *cut_after_bytes -= size;
        }
    }
    std::string raw = talk.peer.hear_bytes(wanted);
    talk.is_over = talk.is_over || raw.size() < size;
    return is_too_large ? std::nullopt : std::optional(std::move(raw));
}

void UploadServer::give(Conversation& talk, const Reply& reply, const std::string& tag) const
{
    std::string text;
    for (const char c : reply.text)
        text += c == '$' ? tag : std::string(1, c);
    if (!text.empty())
        talk.peer.say(text + "\r\n");
    talk.is_over = reply.hangs_up;
}

void UploadServer::obey(Conversation& talk, const std::string& tag, const std::string& line)
{
    if (line.starts_with("AUTHENTICATE ") || line.starts_with("LOGIN ")) {
        log_in(talk, tag);
        return;
    }
    if (line.starts_with("SELECT ") || line.starts_with("EXAMINE ")) {
        open(talk, tag, line);
        return;
    }
    if (line.starts_with("CREATE ")) {
        create(talk, tag, line);
        return;
    }
    if (line.starts_with("CAPABILITY"))
        talk.peer.say("* CAPABILITY " + capabilities + " AUTH=PLAIN SASL-IR\r\n");
    else if (line.starts_with("NAMESPACE"))
        talk.peer.say(fmt::format("* NAMESPACE ((\"{}\" \"{}\")) NIL NIL\r\n", prefix, separator));
    else if (line.starts_with("LIST "))
        list(talk);
    else if (line.starts_with("STATUS "))
        status(talk, line);
    else if (line.starts_with("SUBSCRIBE "))
        if (StoredFolder* folder = find(name_in(line)))
            folder->is_subscribed = true;
    if (line.starts_with("GETQUOTAROOT "))
        talk.peer.say(fmt::format("* QUOTAROOT INBOX all\r\n* QUOTA all (STORAGE {} {})\r\n",
                                  bytes_stored() / 1024, quota_bytes.value_or(0) / 1024));
    if (line.starts_with("UID FETCH "))
        fetch(talk, line);
    talk.peer.say(tag + " OK done\r\n");
    talk.is_over = line.starts_with("LOGOUT");
}

void UploadServer::log_in(Conversation& talk, const std::string& tag)
{
    talk.number = ++logins;
    if (is_closed) {
        talk.peer.say(tag + " NO [CONTACTADMIN] your account is blocked\r\n");
        talk.is_over = true;
        return;
    }
    if (inside_ >= most_connections) {
        talk.peer.say(tag + " NO [LIMIT] Too many simultaneous connections\r\n");
        talk.is_over = true;
        return;
    }
    talk.is_inside = true;
    most_at_once = std::max(most_at_once, ++inside_);
    talk.peer.say(tag + " OK welcome\r\n");
}

void UploadServer::list(Conversation& talk)
{
    const std::string parted = separator == 0 ? "NIL" : fmt::format("\"{}\"", separator);
    for (const auto& [name, folder] : folders)
        talk.peer.say(fmt::format("* LIST ({}) {} \"{}\"\r\n", folder.attributes, parted, name));
}

void UploadServer::open(Conversation& talk, const std::string& tag, const std::string& line)
{
    const StoredFolder* folder = find(name_in(line));
    talk.opened.clear();
    if (folder == nullptr) {
        talk.peer.say(tag + " NO [NONEXISTENT] no such folder\r\n");
        return;
    }
    talk.opened = name_in(line);
    talk.peer.say(fmt::format("* {} EXISTS\r\n* OK [UIDVALIDITY {}] epoch\r\n* OK [UIDNEXT {}] "
                              "next\r\n* OK [PERMANENTFLAGS ({})] kept\r\n{} OK done\r\n",
                              folder->messages.size(), folder->uid_validity, folder->uid_next,
                              permanent_flags, tag));
}

void UploadServer::create(Conversation& talk, const std::string& tag, const std::string& line)
{
    if (find(name_in(line)) != nullptr) {
        talk.peer.say(tag + " NO [ALREADYEXISTS] it is there\r\n");
        return;
    }
    folders[name_in(line)].uid_validity = ++last_uid_validity_;
    talk.peer.say(tag + " OK done\r\n");
}

void UploadServer::append(Conversation& talk, const std::string& tag, AppendCall call)
{
    batch_sizes.push_back(call.items.size());
    const auto reply = on_append ? on_append(call) : std::nullopt;
    if (reply && !reply->stores) {
        give(talk, *reply, tag);
        return;
    }
    StoredFolder* folder = find(call.folder);
    std::uint64_t bytes = 0;
    for (const StoredMessage& item : call.items)
        bytes += item.raw.size();
    if (folder == nullptr)
        talk.peer.say(tag + " NO [TRYCREATE] no such folder\r\n");
    else if (quota_bytes && bytes_stored() + bytes > *quota_bytes)
        talk.peer.say(tag + " NO [OVERQUOTA] Quota exceeded\r\n");
    else if (const std::string code = store(*folder, call); reply)
        give(talk, *reply, tag);
    else
        talk.peer.say(fmt::format("{} OK {}done\r\n", tag, code.empty() ? "" : "[" + code + "] "));
}

void UploadServer::status(Conversation& talk, const std::string& line)
{
    const std::string name = name_in(line);
    if (const StoredFolder* folder = find(name))
        talk.peer.say(fmt::format("* STATUS \"{}\" (MESSAGES {} UIDNEXT {} UIDVALIDITY {})\r\n",
                                  name, folder->messages.size(), folder->uid_next,
                                  folder->uid_validity));
}

/// Gives the response code.
std::string UploadServer::store(StoredFolder& folder, const AppendCall& call)
{
    std::vector<std::uint32_t> uids;
    for (const StoredMessage& item : call.items) {
        StoredMessage stored = item;
        if (rewrites)
            stored.raw = rewrites(item.raw);
        const bool is_equal = std::ranges::any_of(
            folder.messages, [&](const auto& other) { return other.second.raw == stored.raw; });
        uids.push_back(folder.uid_next++);
        if (!merges_equal || !is_equal)
            folder.messages[uids.back()] = std::move(stored);
    }
    if (append_code)
        return append_code(folder, uids);
    return capabilities.find("UIDPLUS") == capabilities.npos
               ? ""
               : fmt::format("APPENDUID {} {}", folder.uid_validity, fmt::join(uids, ","));
}

void UploadServer::fetch(Conversation& talk, const std::string& line)
{
    std::istringstream words(line);
    std::string set;
    words >> set >> set >> set;
    const std::size_t partial = line.find("BODY.PEEK[]<0.");
    const std::size_t bytes =
        partial == line.npos ? std::string::npos : std::stoull(line.substr(partial + 14));
    const bool with_body = line.find("BODY.PEEK[]") != line.npos;
    std::uint32_t sequence = 0;
    const StoredFolder* folder = find(talk.opened);
    if (folder == nullptr)
        return;
    for (const auto& [uid, message] : folder->messages) {
        ++sequence;
        if (!contains(set, uid))
            continue;
        std::string text =
            fmt::format("* {} FETCH (UID {} RFC822.SIZE {}", sequence, uid, message.raw.size());
        const std::string body = message.raw.substr(0, bytes);
        if (with_body)
            text += fmt::format(" BODY[]{} {{{}}}\r\n{}", partial == line.npos ? "" : "<0>",
                                body.size(), body);
        talk.peer.say(text + ")\r\n");
    }
}

}  // namespace mailhold::test
