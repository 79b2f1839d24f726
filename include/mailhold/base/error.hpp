#pragma once
// The one exception mailhold throws on purpose.

#include <exception>
#include <string>
#include <string_view>
#include <utility>

namespace mailhold {

/// Why something failed, named by what to do next. The numbers are the
/// program's exit codes (docs/operations.md): add new ones, never renumber.
enum class ErrorKind : int {
    bug = 1,                ///< our mistake; please report
    usage = 2,              ///< wrong option or config file
    damaged = 3,            ///< stored bytes fail their check, or a run was partial
    tampered = 4,           ///< someone changed the vault on purpose; stop and look
    store_unavailable = 5,  ///< the store cannot be read now; try again
    not_found = 10,         ///< no such vault, account or message
    locked = 11,            ///< another mailhold is writing; try later
    wrong_key = 12,         ///< this key does not open the vault, or none was given
    too_new = 14,           ///< written by a newer mailhold; upgrade
    refused = 20,           ///< the server said no: login, permission, quota
    unreachable = 21,       ///< network trouble; trying again may help
    malformed = 22,         ///< a server or message broke its format
    storage = 30,           ///< disk full, read-only, or failing
    interrupted = 40,       ///< asked to stop (Ctrl-C); what was complete is committed
};

class Error : public std::exception {
public:
    Error(ErrorKind kind, std::string message) : kind_(kind), text_(std::move(message)) {}

    /// With a next step for the user; else `main` prints the kind's general hint.
    Error(ErrorKind kind, std::string message, std::string hint)
        : kind_(kind), text_(std::move(message)), hint_(std::move(hint))
    {
    }

    ErrorKind kind() const noexcept { return kind_; }
    const char* what() const noexcept override { return text_.c_str(); }
    const std::string& hint() const noexcept { return hint_; }

    /// Says what was being done; call on the way up, then `throw;`.
    void add_context(std::string_view doing) { text_.insert(0, std::string(doing) + ": "); }

private:
    ErrorKind kind_;
    std::string text_;
    std::string hint_;
};

/// The general next step for a kind, one sentence without a final full stop.
std::string_view general_hint(ErrorKind kind) noexcept;

/// The next step to tell of an error: its own, else its kind's. Lasts as long as `error`.
inline std::string_view hint_of(const Error& error) noexcept
{
    return error.hint().empty() ? general_hint(error.kind()) : std::string_view(error.hint());
}

}  // namespace mailhold
