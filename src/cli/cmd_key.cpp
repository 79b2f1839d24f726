// mailhold key: the ways to unlock the vault.

#include <memory>

#include <fmt/format.h>

#include "mailhold/base/error.hpp"
#include "mailhold/base/file.hpp"
#include "mailhold/vault/owner.hpp"

#include "commands.hpp"
#include "terminal.hpp"

namespace mailhold::cli {
namespace {

constexpr std::size_t shown_digits = 12;

struct KeyOptions {
    std::filesystem::path new_passphrase_file;
    std::filesystem::path sheet;
    std::string slot;
};

void run_list(Session& session)
{
    const auto ledger = session.open_ledger(ledger::Ledger::Mode::read);
    const auto slots = vault::list_slots(ledger->store(), ledger->root_log());
    if (session.options.json) {
        Json list = Json::array();
        for (const vault::SlotDetails& slot : slots)
            list.push_back(Json::object({{"id", slot.info.id.hex()}, {"kind", slot.kind}}));
        session.print_json(Json::object({{"slots", std::move(list)}}));
        return;
    }
    Table table({{"slot", Table::Align::left}, {"opens with", Table::Align::left}});
    for (const vault::SlotDetails& slot : slots)
        table.add({{slot.info.id.hex().substr(0, shown_digits)},
                   {slot.kind, slot.kind == "unreadable" ? Style::bad : Style::plain}});
    session.out << table.str();
}

crypto::SecretBytes added_passphrase(const KeyOptions& options, Session& session)
{
    Session asking(session.out);
    asking.options.passphrase_file = options.new_passphrase_file;
    return asking.new_passphrase();
}

void run_add(const KeyOptions& options, Session& session)
{
    const auto ledger = session.open_ledger(ledger::Ledger::Mode::write);
    const vault::ReaderKeys keys = session.unlock_as_owner(*ledger);
    const crypto::SecretBytes added = added_passphrase(options, session);
    vault::add_passphrase_slot(ledger->store(), ledger->root_log(), keys, added.view());
    ledger->reload_root_log();
    session.out << "Added. Both the old and the new passphrase open the vault; `mailhold key list` "
                   "shows them, "
                   "`mailhold key remove` takes one away.\n";
}

void run_recovery(const KeyOptions& options, Session& session)
{
    if (!options.sheet.empty() && std::filesystem::exists(options.sheet))
        throw Error(ErrorKind::usage, options.sheet.string() + " exists already",
                    "name a new file; nothing was changed");
    const auto ledger = session.open_ledger(ledger::Ledger::Mode::write);
    const vault::ReaderKeys keys = session.unlock_as_owner(*ledger);
    const vault::NewRecovery made =
        vault::add_recovery_slot(ledger->store(), ledger->root_log(), keys);
    ledger->reload_root_log();
    const std::string sheet =
        vault::recovery_sheet(made.log, made.recovery_key, ledger->store().description());
    if (options.sheet.empty())
        session.out << sheet;
    else
        replace_file(options.sheet, bytes_of(sheet));
    session.out
        << "\nEarlier recovery keys still work; remove theirs with `mailhold key remove`.\n";
}

crypto::SlotId find_slot(const vault::RootLog& log, const std::string& prefix)
{
    std::vector<crypto::SlotId> found;
    for (const auto& [id, slot] : log.slots)
        if (id.hex().starts_with(prefix))
            found.push_back(id);
    if (found.size() != 1)
        throw Error(found.empty() ? ErrorKind::not_found : ErrorKind::usage,
                    fmt::format("{} slot starts with {}", found.empty() ? "no" : "more than one",
                                printable(prefix)),
                    "`mailhold key list` shows the slots");
    return found.front();
}

void run_remove(const KeyOptions& options, Session& session)
{
    const auto ledger = session.open_ledger(ledger::Ledger::Mode::write);
    const crypto::SlotId slot = find_slot(ledger->root_log(), options.slot);
    const vault::ReaderKeys keys = session.unlock_as_owner(*ledger);
    vault::remove_slot(ledger->store(), ledger->root_log(), keys, slot);
    ledger->reload_root_log();
    session.out << "Removed. What is written from now on is sealed to a new key that this slot "
                   "never had; what was "
                   "written before could be read by whoever kept a copy of it and the secret.\n";
}

}  // namespace

void add_key_command(const Command& app, Session& session)
{
    auto options = std::make_shared<KeyOptions>();
    const Command key =
        app.add_command("key", "The ways to unlock the vault: list, add, remove, recovery");
    key.needs_a_command();
    key.footer(help_footer(
        "mailhold key add --new-passphrase-file second.txt",
        "0 done, 2 usage (also: the last way in cannot be removed), 12 wrong passphrase"));

    key.add_command("list", "All slots").runs([&session] { run_list(session); });
    const Command add = key.add_command("add", "A further passphrase");
    add.add_option("--new-passphrase-file", options->new_passphrase_file,
                   "Take the new one from this file");
    add.runs([options, &session] { run_add(*options, session); });
    const Command recovery = key.add_command("recovery", "A further recovery key, shown once");
    recovery.add_option("--sheet", options->sheet,
                        "Write it to this new file instead of the terminal");
    recovery.runs([options, &session] { run_recovery(*options, session); });
    const Command remove =
        key.add_command("remove", "Take a way in away, and change the vault's key");
    remove.add_option("slot", options->slot, "The slot's id, or the start of it").required();
    remove.runs([options, &session] { run_remove(*options, session); });
}

}  // namespace mailhold::cli
