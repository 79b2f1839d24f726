// The general next step for each kind of failure.

#include "mailhold/base/error.hpp"

namespace mailhold {

std::string_view general_hint(ErrorKind kind) noexcept
{
    switch (kind) {
    case ErrorKind::bug:
        return "this is a mistake in mailhold; please report it with the command and this message";
    case ErrorKind::usage:
        return "run the command with --help, or correct the config file";
    case ErrorKind::damaged:
        return "run `mailhold check` to see which messages are concerned";
    case ErrorKind::tampered:
        return "stop, keep the vault as it is, and run `mailhold check` on a machine you trust";
    case ErrorKind::store_unavailable:
        return "check that the store is mounted and reachable, then try again";
    case ErrorKind::not_found:
        return "check the spelling; `mailhold account list` shows the accounts";
    case ErrorKind::locked:
        return "wait until the other mailhold has finished, then try again";
    case ErrorKind::wrong_key:
        return "check the passphrase; the recovery key on the recovery sheet opens the vault too";
    case ErrorKind::too_new:
        return "upgrade mailhold on this machine";
    case ErrorKind::refused:
        return "run `mailhold account test` to see what the server says";
    case ErrorKind::unreachable:
        return "check the network, host and port, then try again";
    case ErrorKind::malformed:
        return "run again with -v and report what the server or file contains";
    case ErrorKind::storage:
        return "check free space, permissions and health of the disk";
    case ErrorKind::interrupted:
        return "run the same command again to go on from here";
    }
    return "run again with -v for details";
}

}  // namespace mailhold
