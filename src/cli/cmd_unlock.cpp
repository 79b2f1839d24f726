// mailhold unlock, mailhold lock: the passphrase once for a while, instead of at every search.

#include <memory>

#include <fmt/format.h>

#include "mailhold/base/error.hpp"

#include "commands.hpp"
#include "kept_keys.hpp"
#include "terminal.hpp"

namespace mailhold::cli {
namespace {

struct UnlockOptions {
    std::string duration = fmt::format("{}m", default_unlock_time.count());
};

void run_unlock(const UnlockOptions& options, Session& session)
{
    const std::chrono::seconds duration = unlock_time(options.duration);
    const auto ledger = session.open_ledger(ledger::Ledger::Mode::read);
    const vault::RootLog& log = ledger->root_log();
    keep_keys(log, session.unlock_as_owner(*ledger), duration);
    const auto kept = kept_keys(log);
    if (!kept)
        throw Error(ErrorKind::bug, "the keys that were just kept do not open the vault");
    if (session.options.json)
        session.print_json(Json::object({{"unlocked_until", format_utc(kept->until)}}));
    else
        session.out << fmt::format(
            "Unlocked for reading until {}; until then every program of this user can read the "
            "vault. `mailhold lock` ends it.\n",
            human_time(kept->until));
}

void run_lock(Session& session)
{
    const auto ledger = session.open_ledger(ledger::Ledger::Mode::read);
    const bool was_unlocked = drop_keys(ledger->root_log());
    if (session.options.json)
        session.print_json(Json::object({{"was_unlocked", was_unlocked}}));
    else
        session.out << (was_unlocked ? "Locked.\n" : "It was locked already.\n");
}

}  // namespace

void add_unlock_command(const Command& app, Session& session)
{
    auto options = std::make_shared<UnlockOptions>();
    const Command command = app.add_command(
        "unlock", "Keep the vault's keys in the kernel for a while, so that reading asks no more");
    command.add_option("--for", options->duration, "How long, such as 45m or 2h; at most 24h")
        .shows_default();
    command.footer(help_footer("mailhold unlock --for 2h",
                               "0 done, 2 usage, 10 no vault here, 12 wrong passphrase, 20 this "
                               "system keeps no keys"));
    command.runs([options, &session] { run_unlock(*options, session); });
}

void add_lock_command(const Command& app, Session& session)
{
    const Command command = app.add_command("lock", "Forget what `unlock` keeps");
    command.footer(help_footer("mailhold lock", "0 done, 2 usage, 10 no vault here"));
    command.runs([&session] { run_lock(session); });
}

}  // namespace mailhold::cli
