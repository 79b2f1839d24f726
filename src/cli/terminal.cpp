// Output for people, and hidden input.

#include "terminal.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <ctime>

#include <fcntl.h>
#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include "mailhold/base/error.hpp"
#include "mailhold/base/file.hpp"
#include "mailhold/base/json.hpp"

namespace mailhold::cli {
namespace {

bool colors_allowed = false;

/// Switches echo off while it lives.
class QuietTerminal {
public:
    explicit QuietTerminal(int fd) : fd_(fd)
    {
        if (tcgetattr(fd_, &before_) != 0)
            throw Error(ErrorKind::wrong_key, "cannot ask for a passphrase on this terminal",
                        "give --passphrase-file FILE or --passphrase-command CMD");
        termios silent = before_;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        tcsetattr(fd_, TCSAFLUSH, &silent);
    }
    ~QuietTerminal() { tcsetattr(fd_, TCSAFLUSH, &before_); }
    QuietTerminal(const QuietTerminal&) = delete;
    QuietTerminal& operator=(const QuietTerminal&) = delete;

private:
    int fd_;
    termios before_{};
};

}  // namespace

crypto::SecretBytes read_hidden_line(const std::string& prompt)
{
    constexpr std::size_t limit = 4'096;
    const FileDescriptor terminal(::open("/dev/tty", O_RDWR | O_CLOEXEC));
    if (!terminal)
        throw Error(ErrorKind::wrong_key, "there is no terminal to ask for the passphrase on",
                    "give --passphrase-file FILE or --passphrase-command CMD");
    const QuietTerminal quiet(terminal.get());
    write_all(terminal, bytes_of(prompt), "/dev/tty");
    crypto::SecretBytes line(limit);
    std::size_t size = 0;
    char c = 0;
    while (size < limit && ::read(terminal.get(), &c, 1) == 1 && c != '\n')
        line.writable()[size++] = static_cast<std::byte>(c);
    write_all(terminal, bytes_of("\n"), "/dev/tty");
    return crypto::SecretBytes(line.view().first(size));
}

std::string with_thousands(std::uint64_t number)
{
    std::string digits = std::to_string(number);
    for (std::size_t at = digits.size(); at > 3; at -= 3)
        digits.insert(at - 3, ",");
    return digits;
}

std::string human_bytes(std::uint64_t bytes)
{
    static constexpr std::array<std::string_view, 5> units{"B", "kB", "MB", "GB", "TB"};
    auto value = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (value >= 999.5 && unit + 1 < units.size()) {
        value /= 1000;
        ++unit;
    }
    return unit == 0 || value >= 99.95 ? fmt::format("{:.0f} {}", value, units.at(unit))
                                       : fmt::format("{:.1f} {}", value, units.at(unit));
}

std::string human_time(Time time)
{
    const auto seconds = static_cast<std::time_t>(time);
    std::tm local{};
    localtime_r(&seconds, &local);
    return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}", local.tm_year + 1900, local.tm_mon + 1,
                       local.tm_mday, local.tm_hour, local.tm_min);
}

std::string human_seconds(double seconds)
{
    if (seconds < 59.95)
        return fmt::format("{:.1f} s", seconds);
    seconds += seconds < 60 ? 0.05 : 0;  // rounded up to a minute
    const auto whole = static_cast<std::uint64_t>(seconds);
    if (whole < 3600)
        return fmt::format("{} min {} s", whole / 60, whole % 60);
    return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
}

std::string counted(std::uint64_t number, std::string_view noun)
{
    return fmt::format("{} {}{}", with_thousands(number), noun, number == 1 ? "" : "s");
}

void allow_colors(bool allowed)
{
    const char* const forced = std::getenv("CLICOLOR_FORCE");
    const bool is_forced = forced != nullptr && std::string_view(forced) != "0";
    colors_allowed =
        allowed && (is_forced || isatty(STDOUT_FILENO) != 0) && std::getenv("NO_COLOR") == nullptr;
}

std::string styled(std::string_view text, Style style)
{
    static constexpr std::array<std::string_view, 6> codes{"", "32", "33", "31;1", "1", "2"};
    if (!colors_allowed || style == Style::plain || text.empty())
        return std::string(text);
    return fmt::format("\033[{}m{}\033[0m", codes.at(static_cast<std::size_t>(style)), text);
}

std::string Table::str() const
{
    std::vector<std::size_t> widths;
    for (std::size_t c = 0; c < columns_.size(); ++c) {
        std::size_t width = columns_of(columns_[c].first);
        for (const auto& row : rows_)
            width = std::max(width, columns_of(row[c].text));
        widths.push_back(width);
    }
    std::string out;
    const auto put = [&](std::size_t c, const std::string& text, Style style) {
        const std::string pad(widths[c] - columns_of(text), ' ');
        const bool last = c + 1 == columns_.size();
        if (columns_[c].second == Align::right)
            out += pad + styled(text, style);
        else
            out += styled(text, style) + (last ? "" : pad);
        out += last ? "\n" : "  ";
    };
    for (std::size_t c = 0; c < columns_.size(); ++c)
        put(c, columns_[c].first, Style::strong);
    for (const auto& row : rows_)
        for (std::size_t c = 0; c < columns_.size(); ++c)
            put(c, row[c].text, row[c].style);
    return out;
}

}  // namespace mailhold::cli
