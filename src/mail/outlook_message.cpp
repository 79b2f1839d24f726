// No clock and no chance: boundaries are made of what they part.

#include "outlook_message.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "mailhold/base/ascii.hpp"
#include "mailhold/base/encoding.hpp"
#include "mailhold/crypto/sha256.hpp"

namespace mailhold::mail {

namespace {

constexpr std::size_t longest_line = 998;  // RFC 5322 2.1.1

/// Header fields that describe it, and what stands behind the empty line.
struct Part {
    std::string fields;
    std::string body;
};

std::string with_crlf(std::string_view text)
{
    std::string out;
    out.reserve(text.size() + text.size() / 32);
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\n') {
            out += "\r\n";
        } else if (text[i] == '\r') {
            out += "\r\n";
            i += i + 1 < text.size() && text[i + 1] == '\n' ? 1 : 0;
        } else {
            out += text[i];
        }
    }
    return out;
}

bool is_plain_mail_text(std::string_view text)
{
    std::size_t line = 0;
    for (const unsigned char c : text) {
        if (c >= 127 || (c < ' ' && c != '\t' && c != '\r' && c != '\n'))
            return false;
        line = c == '\n' ? 0 : line + 1;
        if (line > longest_line)
            return false;
    }
    return true;
}

std::string base64_lines(std::string_view content)
{
    constexpr std::size_t line_bytes = 57;  // 76 characters
    std::string out;
    out.reserve(content.size() / line_bytes * 78 + 80);
    for (std::size_t at = 0; at < content.size(); at += line_bytes)
        out += to_base64(bytes_of(content.substr(at, line_bytes))) + "\r\n";
    return out;
}

Part text_part(std::string_view type, std::string_view charset, std::string_view content)
{
    const std::string label =
        charset.empty() ? std::string() : fmt::format("; charset={}", charset);
    const std::string fields = fmt::format("Content-Type: text/{}{}\r\n", type, label);
    if (std::string lines = with_crlf(content); is_plain_mail_text(lines))
        return {fields + "Content-Transfer-Encoding: 7bit\r\n", std::move(lines)};
    return {fields + "Content-Transfer-Encoding: base64\r\n", base64_lines(content)};
}

/// Nothing that is in base64 or in another part of ours begins a line as it does.
std::string boundary_for(const std::vector<Part>& parts)
{
    std::string sums;
    for (const Part& part : parts)
        sums += crypto::sha256_hex(bytes_of(part.fields)) + crypto::sha256_hex(bytes_of(part.body));
    return "=_" + crypto::sha256_hex(bytes_of(sums)).substr(0, 40);
}

/// One part stays what it is.
Part joined(std::string_view subtype, std::vector<Part> parts)
{
    if (parts.size() == 1)
        return std::move(parts.front());
    const std::string boundary = boundary_for(parts);
    Part out{fmt::format("Content-Type: multipart/{};\r\n boundary=\"{}\"\r\n", subtype, boundary),
             {}};
    for (Part& part : parts) {
        out.body += fmt::format("--{}\r\n{}\r\n", boundary, part.fields);
        out.body += part.body;
        out.body += "\r\n";
        part = {};  // attachments are large
    }
    out.body += fmt::format("--{}--\r\n", boundary);
    return out;
}

bool is_token(std::string_view text)
{
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
               std::string_view("!#$&-^_.+").find(c) != std::string_view::npos;
    });
}

/// What Outlook says of it, unless a part of that type would have to have a form of its own.
std::string media_type_of(const std::string& said)
{
    const std::string type = lower_case(said);
    const std::size_t slash = type.find('/');
    const bool is_fit = slash != std::string::npos && is_token(type.substr(0, slash)) &&
                        is_token(type.substr(slash + 1)) && !type.starts_with("multipart/") &&
                        !type.starts_with("message/");
    return is_fit ? type : "application/octet-stream";
}

std::string clean_id(std::string_view id)
{
    std::string out;
    for (const char c : id)
        if (c > ' ' && c < 127 && c != '<' && c != '>')
            out += c;
    return out;
}

Part attached(OutlookAttachment&& attachment, bool is_inline)
{
    const std::string id = clean_id(attachment.content_id);
    std::string fields =
        fmt::format("Content-Type: {}{}\r\nContent-Disposition: {}{}\r\n{}",
                    attachment.is_message ? "message/rfc822" : media_type_of(attachment.media_type),
                    parameter("name", attachment.name), is_inline ? "inline" : "attachment",
                    parameter("filename", attachment.name),
                    id.empty() ? std::string() : fmt::format("Content-ID: <{}>\r\n", id));
    if (attachment.is_message)
        // All our own, but for the internet header, which may have been in UTF-8.
        return {fields + "Content-Transfer-Encoding: 8bit\r\n", std::move(attachment.content)};
    return {fields + "Content-Transfer-Encoding: base64\r\n", base64_lines(attachment.content)};
}

std::vector<Part> bodies_of(const OutlookMessage& message)
{
    std::vector<Part> parts;
    if (!message.text.empty() || (message.html.empty() && message.rtf.empty()))
        parts.push_back(text_part("plain", "utf-8", message.text));
    if (!message.html.empty())
        parts.push_back(text_part("html", message.html_charset, message.html));
    if (!message.rtf.empty())
        parts.push_back(text_part("rtf", {}, message.rtf));
    return parts;
}

bool is_shown_in(const std::string& html, const OutlookAttachment& attachment)
{
    const std::string id = clean_id(attachment.content_id);
    return !id.empty() && html.find("cid:" + id) != std::string::npos;
}

Part body_of(OutlookMessage& message)
{
    std::vector<Part> shown{joined("alternative", bodies_of(message))};
    std::vector<Part> behind;
    for (OutlookAttachment& attachment : message.attachments) {
        const bool is_inline = is_shown_in(message.html, attachment);
        (is_inline ? shown : behind).push_back(attached(std::move(attachment), is_inline));
        attachment = {};
    }
    std::vector<Part> all{joined("related", std::move(shown))};
    std::ranges::move(behind, std::back_inserter(all));
    return joined("mixed", std::move(all));
}

/// The name in lower case of the field that begins at this line; empty: none does.
std::string field_name(std::string_view line)
{
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0)
        return {};
    const std::string_view name = line.substr(0, colon);
    const bool is_name = std::ranges::all_of(name, [](char c) { return c > ' ' && c < 127; });
    return is_name ? lower_case(name) : std::string();
}

bool describes_the_body(std::string_view name)
{
    return name == "mime-version" || name.starts_with("content-");
}

/// Fields that came with the message, and which.
struct Kept {
    std::string fields;
    std::set<std::string> names;
};

/// Takes the next line off, without its end.
std::string_view take_line(std::string_view& text)
{
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    while (line.ends_with('\r'))
        line.remove_suffix(1);
    return line;
}

/// Exchange puts a line of its own before them, which is left out as everything is that is no
/// field; an empty line ends them.
Kept kept_fields(std::string_view header)
{
    Kept kept;
    bool is_kept = false;
    while (!header.empty()) {
        const std::string_view line = take_line(header);
        if (line.empty() && !kept.names.empty())
            break;
        if (!line.starts_with(' ') && !line.starts_with('\t')) {
            const std::string name = field_name(line);
            is_kept = !name.empty() && !describes_the_body(name);
            if (is_kept)
                kept.names.insert(name);
        }
        if (is_kept && line.find_first_not_of(" \t") != std::string_view::npos)
            kept.fields += std::string(line) + "\r\n";
    }
    return kept;
}

std::string header_of(const OutlookMessage& message)
{
    Kept kept = kept_fields(message.internet_header);
    const auto add = [&](const char* name, const std::string& field) {
        if (!kept.names.contains(name))
            kept.fields += field;
    };
    add("date", message.date ? date_field(*message.date) : std::string());
    add("from", mailbox_field("From", message.from));
    add("sender",
        kept.names.contains("from") ? std::string() : mailbox_field("Sender", message.sender));
    // Whoever came with a header stood in it: a blind copy's recipient did not, and stays so.
    const bool is_our_own = !kept.names.contains("to") && !kept.names.contains("cc");
    add("to", is_our_own ? mailbox_field("To", message.to) : std::string());
    add("cc", is_our_own ? mailbox_field("Cc", message.cc) : std::string());
    add("bcc", is_our_own ? mailbox_field("Bcc", message.bcc) : std::string());
    add("subject", text_field("Subject", message.subject));
    add("message-id", token_field("Message-ID", message.message_id));
    add("in-reply-to", token_field("In-Reply-To", message.in_reply_to));
    add("references", token_field("References", message.references));
    return std::move(kept.fields);
}

}  // namespace

std::string composed(OutlookMessage&& message)
{
    std::string out = header_of(message);
    Part body = body_of(message);
    out += "MIME-Version: 1.0\r\n" + body.fields + "\r\n" + body.body;
    if (!out.ends_with("\r\n"))
        out += "\r\n";
    return out;
}

}  // namespace mailhold::mail
