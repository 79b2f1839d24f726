// Sorting the server's lines of the login into what explains a failure and what does not.

#include "login_transcript.hpp"

#include <algorithm>
#include <cctype>
#include <cstring>

#include "mailhold/base/encoding.hpp"
#include "mailhold/base/error.hpp"
#include "mailhold/base/json.hpp"

namespace mailhold::net {

namespace {

constexpr std::size_t max_kept_lines = 16;
constexpr std::size_t max_line_length = 500;
/// Shorter secrets would blot out ordinary words; no provider accepts them.
constexpr std::size_t shortest_credential = 4;

bool starts_with_word(std::string_view line, std::string_view word)
{
    if (line.size() < word.size() || (line.size() > word.size() && line[word.size()] != ' '))
        return false;
    return std::equal(word.begin(), word.end(), line.begin(), [](char a, char b) {
        return a == static_cast<char>(std::toupper(static_cast<unsigned char>(b)));
    });
}

bool is_refusal(std::string_view rest)
{
    return starts_with_word(rest, "NO") || starts_with_word(rest, "BAD") ||
           starts_with_word(rest, "BYE");
}

/// libcurl's tags: a letter and three digits.
bool is_tagged(std::string_view line)
{
    const auto digit = [&](std::size_t i) { return line[i] >= '0' && line[i] <= '9'; };
    return line.size() > 5 && line[0] >= 'A' && line[0] <= 'Z' && digit(1) && digit(2) &&
           digit(3) && line[4] == ' ';
}

bool is_printable(Bytes bytes)
{
    return std::all_of(bytes.begin(), bytes.end(),
                       [](std::byte b) { return b >= std::byte{0x20} && b != std::byte{0x7f}; });
}

std::string base64_of(std::string_view text)
{
    return to_base64(bytes_of(text));
}

/// Every form in which a SASL exchange carries the secret, the longest first: they contain each
/// other.
std::vector<std::string> spellings(const Login& login)
{
    const std::string secret(login.secret);
    const std::string bearer = "auth=Bearer " + secret;
    std::vector<std::string> forms{secret, base64_of(secret),
                                   base64_of('\0' + login.user + '\0' + secret),
                                   base64_of(login.user + '\0' + login.user + '\0' + secret),
                                   base64_of("user=" + login.user + '\x01' + bearer + "\x01\x01")};
    std::sort(forms.begin(), forms.end(),
              [](const std::string& a, const std::string& b) { return a.size() > b.size(); });
    return forms;
}

/// One spelling for what servers write with spaces or without; what is no JSON stays as it is.
std::string compact_json(std::string_view text)
{
    try {
        return Json::parse(text).dump();
    } catch (const Error&) {
        return std::string(text);
    }
}

}  // namespace

void wipe(std::string& text) noexcept
{
    explicit_bzero(text.data(), text.size());
    text.clear();
}

void LoginTranscript::server_said(std::string_view data)
{
    while (!data.empty()) {
        const auto end = std::min(data.find('\n'), data.size());
        auto line = data.substr(0, end);
        data.remove_prefix(std::min(end + 1, data.size()));
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        take_line(line);
    }
}

void LoginTranscript::client_said(std::string_view data)
{
    if (!is_tagged(data))
        return;
    const auto command = data.substr(5);
    if (command.starts_with("AUTHENTICATE ") || command.starts_with("LOGIN "))
        login_sent_ = true;
}

void LoginTranscript::take_line(std::string_view line)
{
    if (!greeted_ && strange_greeting_.empty() && !line.starts_with("* "))
        strange_greeting_ = cleaned(line);
    if (line.starts_with("HTTP/") && !greeted_) {
        proxy_answer_ = line.substr(0, max_line_length);
    } else if (line.starts_with("* ")) {
        greeted_ = true;
        login_disabled_ = login_disabled_ || line.find("LOGINDISABLED") != line.npos;
        if (is_refusal(line.substr(2)) || line.find("[ALERT]") != line.npos)
            keep(line.substr(2));
    } else if (is_tagged(line) && is_refusal(line.substr(5))) {
        login_refused_ = login_sent_;
        keep(line.substr(5));
    } else if (line.starts_with("+ ") && login_sent_) {
        take_challenge(line.substr(2));
    }
}

/// A challenge after our token is the reason of its refusal (RFC 7628, JSON).
void LoginTranscript::take_challenge(std::string_view base64)
{
    const auto challenge = from_base64(base64);
    if (!challenge || !is_printable(*challenge) || !text_of(*challenge).starts_with('{'))
        return;
    login_refused_ = true;
    keep(compact_json(text_of(*challenge)));
}

void LoginTranscript::keep(std::string_view line)
{
    if (lines_.size() < max_kept_lines)
        lines_.push_back(cleaned(line));
}

std::string LoginTranscript::cleaned(std::string_view line) const
{
    std::string clean = without_credentials(line);
    clean.resize(std::min(clean.size(), max_line_length));
    for (char& c : clean)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
            c = ' ';
    return clean;
}

std::string LoginTranscript::without_credentials(std::string_view line) const
{
    std::string clean(line);
    if (login_.secret.size() < shortest_credential)
        return clean;
    for (std::string& credential : spellings(login_)) {
        for (auto at = clean.find(credential); at != clean.npos; at = clean.find(credential, at))
            clean.replace(at, credential.size(), "…");
        wipe(credential);
    }
    return clean;
}

std::string LoginTranscript::text() const
{
    std::string joined;
    for (const std::string& line : lines_)
        joined += joined.empty() ? line : '\n' + line;
    if (joined.empty() && login_disabled_ && !login_sent_)
        joined = "NO LOGINDISABLED";
    return joined;
}

}  // namespace mailhold::net
