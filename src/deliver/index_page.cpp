// Rows of the index. What mail says is text in it and never markup.

#include "index_page.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "mailhold/base/clock.hpp"
#include "mailhold/base/html.hpp"
#include "mailhold/base/json.hpp"
#include "mailhold/crypto/sha256.hpp"

namespace mailhold::deliver {

namespace {

constexpr std::string_view head = R"(<!DOCTYPE html>
<html><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Exported messages</title>
<style>
body { font: 14px sans-serif; margin: 2em; }
table { border-collapse: collapse; }
th, td { border: 1px solid #bbb; padding: .3em .5em; text-align: left; vertical-align: top; }
td.sum { font: 11px monospace; word-break: break-all; max-width: 18em; }
td { overflow-wrap: anywhere; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
</style></head><body>
)";

constexpr std::string_view explanation =
    R"(<p>Each file is a message with its original bytes, as the
mail server gave it (RFC 5322): signatures in it keep their value. <code>sha256sum -c SHA256SUMS</code>
proves that no file was changed since. Dates are those at which the server received a message.</p>
<table><thead><tr><th>No.</th><th>Date (UTC)</th><th>From</th><th>To</th><th>Subject</th><th>File</th>
<th>SHA-256</th></tr></thead><tbody>
)";

std::string escaped(std::string_view text)
{
    return html_text(printable(text));
}

/// A path as a relative reference (RFC 3986).
std::string reference(std::string_view path)
{
    constexpr std::string_view plain =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
    std::string out = "./";
    for (const char c : path)
        out += plain.find(c) != std::string_view::npos
                   ? std::string(1, c)
                   : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    return out;
}

/// As coreutils write names with a backslash: the line begins with one, and each is doubled.
std::string checksum_line(const std::string& sum, const std::string& path)
{
    if (path.find('\\') == std::string::npos)
        return sum + "  " + path + '\n';
    std::string name;
    for (const char c : path)
        name += c == '\\' ? std::string("\\\\") : std::string(1, c);
    return '\\' + sum + "  " + name + '\n';
}

}  // namespace

void IndexPage::add(const std::string& path, const Outgoing& message)
{
    const std::string sum = crypto::sha256_hex(message.raw);
    checksums_ += checksum_line(sum, path);
    const std::string date =
        message.date ? format_utc(Time{message.date->epoch_seconds}) : std::string("unknown");
    rows_.push_back(
        {message.date ? message.date->epoch_seconds : 0,
         fmt::format("<td>{}</td><td><bdi>{}</bdi></td><td><bdi>{}</bdi></td><td><bdi>{}</bdi></td>"
                     "<td><a href=\"{}\">{}</a></td><td class=\"sum\">{}</td></tr>\n",
                     date, escaped(message.from), escaped(message.to), escaped(message.subject),
                     reference(path), escaped(path), sum)});
}

void IndexPage::add_file(const std::string& path, Bytes content)
{
    checksums_ += checksum_line(crypto::sha256_hex(content), path);
}

std::string IndexPage::html()
{
    std::ranges::stable_sort(rows_, {}, &Row::time);
    std::string page(head);
    page += fmt::format("<h1>{} messages</h1>\n", rows_.size());
    page += explanation;
    std::size_t number = 0;
    for (const Row& row : rows_)
        page += fmt::format("<tr><td>{}</td>{}", ++number, row.html);
    return page + "</tbody></table></body></html>\n";
}

}  // namespace mailhold::deliver
