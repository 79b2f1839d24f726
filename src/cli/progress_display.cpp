// Progress for people.

#include "progress_display.hpp"

#include <algorithm>
#include <iostream>

#include <fmt/format.h>
#include <unistd.h>

#include "mailhold/base/json.hpp"
#include "mailhold/base/log.hpp"

#include "terminal.hpp"

namespace mailhold::cli {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::milliseconds redraw_interval{200};
constexpr std::chrono::seconds summary_interval{30};
constexpr std::size_t most_lines = 8;

double seconds_since(steady_clock::time_point start)
{
    return std::max(0.001, std::chrono::duration<double>(steady_clock::now() - start).count());
}

}  // namespace

ProgressDisplay::ProgressDisplay(bool quiet)
    : quiet_(quiet), terminal_(isatty(STDERR_FILENO) != 0), started_(steady_clock::now()),
      last_drawn_(started_)
{
}

ProgressDisplay::~ProgressDisplay()
{
    const std::lock_guard lock(mutex_);
    clear();
}

void ProgressDisplay::report(const ProgressEvent& event)
{
    if (quiet_)
        return;
    const std::lock_guard lock(mutex_);
    accounts_[event.account] = event;
    finished_ += event.finished ? 1 : 0;
    const auto interval = terminal_ ? steady_clock::duration(redraw_interval) : summary_interval;
    if (steady_clock::now() - last_drawn_ < interval)
        return;
    last_drawn_ = steady_clock::now();
    if (terminal_)
        draw();
    else
        print_summary();
}

std::string ProgressDisplay::line_of(const ProgressEvent& event) const
{
    const double rate = static_cast<double>(event.messages_done) / seconds_since(started_);
    const std::string total =
        event.messages_total > 0 ? with_thousands(event.messages_total) : std::string("?");
    std::string line = fmt::format("{:<32} {:>9} of {:>9}  {:>9}  {:>6.0f}/s",
                                   printable(event.account), with_thousands(event.messages_done),
                                   total, human_bytes(event.bytes_done), rate);
    if (rate > 0 && event.messages_total > event.messages_done)
        line +=
            "  " +
            human_seconds(static_cast<double>(event.messages_total - event.messages_done) / rate) +
            " left";
    return line;
}

void ProgressDisplay::draw()
{
    clear();
    std::string text;
    for (const auto& [address, event] : accounts_) {
        if (event.finished || lines_drawn_ == most_lines)
            continue;
        text += line_of(event) + '\n';
        ++lines_drawn_;
    }
    std::cerr << text << std::flush;
}

void ProgressDisplay::print_summary()
{
    ProgressEvent sum;
    for (const auto& [address, event] : accounts_) {
        sum.messages_done += event.messages_done;
        sum.messages_total += event.messages_total;
        sum.bytes_done += event.bytes_done;
    }
    sum.account = fmt::format("{}, {} done", counted(accounts_.size(), "account"), finished_);
    log::info("{}", line_of(sum));
}

void ProgressDisplay::clear()
{
    if (lines_drawn_ == 0)
        return;
    std::cerr << fmt::format("\033[{}A\033[J", lines_drawn_) << std::flush;
    lines_drawn_ = 0;
}

}  // namespace mailhold::cli
