// Reads a command's first line into locked memory while watching the clock.

#include "mailhold/credentials/command.hpp"

#include <algorithm>
#include <cerrno>

#include <fmt/format.h>
#include <unistd.h>

#include "child.hpp"
#include "mailhold/base/clock.hpp"
#include "mailhold/base/error.hpp"
#include "mailhold/base/json.hpp"
#include "mailhold/credentials/secret_store.hpp"

namespace mailhold::credentials {

namespace {

constexpr std::size_t max_error_bytes = 4 * kibibyte;
constexpr std::size_t output_bytes = max_secret_bytes + 2;  // and a line end

/// Collects what comes out of a pipe up to a limit; the rest is read and dropped, or the command
/// would hang.
class Collector {
public:
    Collector(const FileDescriptor& pipe, std::size_t limit) : pipe_(pipe), kept_(limit) {}

    /// Reads what is there now.
    void collect()
    {
        while (open_) {
            crypto::SecretBytes dropped;
            if (size_ == kept_.size())
                dropped = crypto::SecretBytes(4096);
            const std::span<std::byte> space =
                dropped.empty() ? kept_.writable().subspan(size_) : dropped.writable();
            const ssize_t got = ::read(pipe_.get(), space.data(), space.size());
            if (got < 0 && errno == EINTR)
                continue;
            if (got < 0 && errno == EAGAIN)
                return;
            open_ = got > 0;
            if (dropped.empty() && got > 0)
                size_ += static_cast<std::size_t>(got);
        }
    }

    bool is_open() const { return open_; }
    std::string_view text() const { return text_of(kept_.view().first(size_)); }

private:
    const FileDescriptor& pipe_;
    crypto::SecretBytes kept_;  // errors too: a tool may complain about the very password
    std::size_t size_ = 0;
    bool open_ = true;
};

class CommandRun {
public:
    CommandRun(std::string_view command, std::string_view account)
        : account_(account), child_(command), output_(child_.output(), output_bytes),
          errors_(child_.errors(), max_error_bytes)
    {
    }

    crypto::SecretBytes secret(std::chrono::milliseconds limit, const std::stop_token& stop)
    {
        const int status = wait(limit, stop);
        if (status != 0)
            fail(fmt::format("failed with {}", describe_status(status)));
        std::string_view line = output_.text();
        line = line.substr(0, line.find('\n'));
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        if (line.empty())
            fail("printed nothing");
        if (line.size() > max_secret_bytes)
            fail("printed a line that is too long for a password");
        return crypto::SecretBytes(bytes_of(line));
    }

private:
    int wait(std::chrono::milliseconds limit, const std::stop_token& stop)
    {
        const Deadline deadline(limit);
        while (true) {
            // The end of the command counts, not that of its output: a daemon it started may hold
            // that open.
            const auto status = child_.ended();
            output_.collect();
            errors_.collect();
            if (status)
                return *status;
            if (stop.stop_requested())
                throw Error(ErrorKind::interrupted, fmt::format("{}: interrupted", account_));
            if (deadline.passed())
                fail(fmt::format("did not finish within {} s",
                                 std::chrono::duration<double>(limit).count()));
            child_.wait_for_news(deadline.left(std::chrono::milliseconds(10)), output_.is_open(),
                                 errors_.is_open());
        }
    }

    [[noreturn]] void fail(std::string_view how) const
    {
        throw Error(
            ErrorKind::refused,
            fmt::format("{}: the command for its password {}{}", account_, how, complaint()),
            "run the account's password_command or token_command by hand, as the user that "
            "mailhold runs "
            "as and without a terminal: it must print the secret on its first line");
    }

    /// The command's stderr on one line.
    std::string complaint() const
    {
        std::string text(errors_.text());
        while (!text.empty() && (text.back() == '\n' || text.back() == '\r'))
            text.pop_back();
        std::replace(text.begin(), text.end(), '\n', ' ');
        return text.empty() ? "" : ": " + printable(text);
    }

    std::string account_;
    Child child_;
    Collector output_;
    Collector errors_;
};

}  // namespace

crypto::SecretBytes run_secret_command(std::string_view command, std::string_view account,
                                       std::chrono::milliseconds limit, std::stop_token stop)
{
    return CommandRun(command, account).secret(limit, stop);
}

}  // namespace mailhold::credentials
