// How grave a finding is, what it is called, and what to do about it.

#include "verdict.hpp"

#include <algorithm>

namespace mailhold::upkeep {

Fault fault_of(vault::ChainFaultKind kind)
{
    using enum vault::ChainFaultKind;
    switch (kind) {
    case missing:
        return {Severity::damage, "missing"};
    case damaged:
        return {Severity::damage, "damaged"};
    case fork:
        return {Severity::tampering, "fork"};
    case uncertified:
        return {Severity::tampering, "uncertified"};
    case after_revocation:
        return {Severity::harmless, "after-revocation"};
    case too_new:
        return {Severity::too_new, "too-new"};
    case tampered:
        break;
    }
    return {Severity::tampering, "tampered"};
}

Severity severity_of(ErrorKind kind)
{
    switch (kind) {
    case ErrorKind::tampered:
        return Severity::tampering;
    case ErrorKind::store_unavailable:
        return Severity::unreadable;
    case ErrorKind::too_new:
        return Severity::too_new;
    default:
        return Severity::damage;
    }
}

std::string_view word_for(Severity severity)
{
    switch (severity) {
    case Severity::tampering:
        return "tampered";
    case Severity::unreadable:
        return "unreadable";
    case Severity::too_new:
        return "too-new";
    case Severity::damage:
        return "damaged";
    case Severity::harmless:
        break;
    }
    return "harmless";
}

std::string next_step(Severity severity)
{
    switch (severity) {
    case Severity::damage:
        return "copy the object back from another copy of the vault if there is one; else run "
               "`mailhold backup`, "
               "which fetches again what the servers still have, and check again";
    case Severity::tampering:
        return "stop writing to this store; compare it with another copy and find out who changed "
               "it; the sound "
               "part can still be exported";
    case Severity::unreadable:
        return "find out why the store cannot be read (disk, network, permissions), then check "
               "again";
    case Severity::too_new:
        return "use the newer mailhold that wrote it";
    case Severity::harmless:
        break;
    }
    return {};
}

CheckReport unopenable(const Error& error)
{
    CheckReport report;
    const Severity severity = severity_of(error.kind());
    report.findings.push_back({.severity = severity,
                               .kind = std::string(word_for(severity)),
                               .object = "root/",
                               .detail = error.what(),
                               .accounts = {},
                               .messages = {},
                               .next = error.hint().empty() ? next_step(severity) : error.hint()});
    return report;
}

int CheckReport::exit_code() const
{
    Severity worst = Severity::harmless;
    for (const Finding& finding : findings)
        worst = std::max(worst, finding.severity);
    switch (worst) {
    case Severity::harmless:
        return 0;
    case Severity::too_new:
        return static_cast<int>(ErrorKind::too_new);
    case Severity::damage:
        return static_cast<int>(ErrorKind::damaged);
    case Severity::tampering:
        return static_cast<int>(ErrorKind::tampered);
    case Severity::unreadable:
        return static_cast<int>(ErrorKind::store_unavailable);
    }
    return static_cast<int>(ErrorKind::bug);
}

std::string CheckReport::verdict() const
{
    switch (static_cast<ErrorKind>(exit_code())) {
    case ErrorKind::damaged:
        return "damage";
    case ErrorKind::tampered:
        return "tampering";
    case ErrorKind::store_unavailable:
        return "unreadable";
    case ErrorKind::too_new:
        return "too new";
    default:
        return "clean";
    }
}

}  // namespace mailhold::upkeep
