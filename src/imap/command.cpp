// Quoting of command arguments.

#include "command.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "mailhold/base/error.hpp"

namespace mailhold::imap {

namespace {

bool fits_in_quotes(std::string_view value)
{
    return std::none_of(value.begin(), value.end(), [](char c) {
        return c == '\r' || c == '\n' || static_cast<unsigned char>(c) >= 0x80;
    });
}

}  // namespace

Command& Command::text(std::string_view verbatim)
{
    parts_.back() += verbatim;
    return *this;
}

Command& Command::string(std::string_view value)
{
    if (value.find('\0') != value.npos)
        throw Error(ErrorKind::refused, "a folder name with a NUL byte cannot be asked for");
    if (!fits_in_quotes(value)) {
        parts_.back() += fmt::format(" {{{}}}", value.size());
        parts_.emplace_back(value);
        return *this;
    }
    std::string& line = parts_.back();
    line += " \"";
    for (const char c : value) {
        if (c == '"' || c == '\\')
            line += '\\';
        line += c;
    }
    line += '"';
    return *this;
}

std::string Command::verb() const
{
    const std::string& line = parts_.front();
    const auto from = line.starts_with("UID ") ? std::size_t{4} : 0;
    return line.substr(0, line.find(' ', from));
}

}  // namespace mailhold::imap
