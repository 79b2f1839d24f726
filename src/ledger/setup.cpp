// A state folder for a new vault, a new writer, or a writer that takes a new id.

#include "mailhold/ledger/setup.hpp"

#include <fmt/format.h>

#include "mailhold/base/error.hpp"
#include "mailhold/base/file.hpp"
#include "mailhold/base/json.hpp"
#include "mailhold/crypto/secret.hpp"
#include "mailhold/ledger/intake.hpp"

#include "core.hpp"

namespace mailhold::ledger {

namespace {

const std::string former_kit_prefix = "writer.kit.";

std::filesystem::path kit_file(const Paths& paths)
{
    return paths.state / "writer.kit";
}

FileLock locked_state(const Paths& paths)
{
    create_durable_folders(paths.state);
    auto lock = FileLock::try_take(paths.state / "lock");
    if (!lock)
        throw Error(ErrorKind::locked, "another mailhold is at work with this state folder",
                    "wait until it has finished, then run the same command again");
    return *std::move(lock);
}

void require_no_kit(const Paths& paths)
{
    if (std::filesystem::exists(kit_file(paths)))
        throw Error(ErrorKind::usage,
                    fmt::format("{} is a writer's state already", printable(paths.state.native())),
                    "name another state folder, or use `mailhold writer renew`");
}

void keep_root_log(const Paths& paths, const objects::Store& store)
{
    vault::Mirror(paths.state / "mirror").follow(store);
}

/// Said in the new writer's own chain, so that every reader learns whose the accounts are now.
void take_over_accounts(const Paths& paths, const crypto::WriterId& from)
{
    Ledger ledger(paths, Ledger::Mode::write);
    Intake intake(ledger, crypto::random_id<crypto::StreamUid>().hex(), {});
    for (const catalog::AccountRow& account : ledger.catalog().accounts())
        if (account.writer == from)
            intake.event(account.id, vault::AccountDescribed{.id = account.id,
                                                             .address = account.address,
                                                             .role = account.role,
                                                             .server = account.server,
                                                             .archive_only = account.archive_only});
    intake.flush();
}

}  // namespace

NewVault create_vault(const Paths& paths, Bytes passphrase, std::string_view writer_name)
{
    crypto::initialise();
    const FileLock lock = locked_state(paths);
    require_no_kit(paths);
    const auto store = objects::open_local_folder(paths.vault, true);
    vault::CreatedVault created = vault::create_vault(*store, passphrase, writer_name);
    vault::save_writer_kit(kit_file(paths), created.kit);
    keep_root_log(paths, *store);
    const catalog::Catalog made_now(paths.state / "catalog.sqlite");
    return {.log = std::move(created.log), .recovery_key = std::move(created.recovery_key)};
}

bool has_vault(const Paths& paths)
{
    try {
        return vault::is_announced(*objects::open_local_folder(paths.vault, false));
    } catch (const Error& e) {
        return e.kind() != ErrorKind::not_found;  // what cannot be read may be one
    }
}

vault::RootLog join_as_writer(const Paths& paths, const vault::ReaderKeys& keys,
                              std::string_view writer_name)
{
    crypto::initialise();
    const FileLock lock = locked_state(paths);
    require_no_kit(paths);
    const auto store = objects::open_local_folder(paths.vault, false);
    vault::NewWriter made =
        vault::add_writer(*store, vault::read_root_log(*store, std::nullopt), keys, writer_name);
    vault::save_writer_kit(kit_file(paths), made.kit);
    keep_root_log(paths, *store);
    return std::move(made.log);
}

vault::RootLog renew_writer(const Paths& paths, const vault::ReaderKeys& keys,
                            std::string_view writer_name)
{
    crypto::initialise();
    crypto::WriterId old_writer;
    vault::RootLog log;
    {
        const FileLock lock = locked_state(paths);
        const vault::WriterKit old = vault::load_writer_kit(kit_file(paths));
        const auto store = objects::open_local_folder(paths.vault, false);
        vault::NewWriter made =
            vault::add_writer(*store, vault::read_root_log(*store, old.root), keys, writer_name);
        catalog::Catalog catalog(paths.state / "catalog.sqlite");
        // What the old writer had begun stays as it is: its chain may have gone on elsewhere.
        catalog.clear_outbox();
        catalog.clear_expected_objects();
        vault::save_writer_kit(former_kit_path(paths, old.writer), old);
        vault::save_writer_kit(kit_file(paths), made.kit);
        keep_root_log(paths, *store);
        old_writer = old.writer;
        log = std::move(made.log);
    }
    take_over_accounts(paths, old_writer);
    return log;
}

std::filesystem::path former_kit_path(const Paths& paths, const crypto::WriterId& writer)
{
    return paths.state / (former_kit_prefix + writer.hex());
}

std::vector<std::filesystem::path> former_kits(const Paths& paths)
{
    std::vector<std::filesystem::path> kits;
    for (const auto& file : std::filesystem::directory_iterator(paths.state))
        if (const std::string name = file.path().filename();
            name.starts_with(former_kit_prefix) &&
            crypto::WriterId::from_hex(name.substr(former_kit_prefix.size())))
            kits.push_back(file.path());
    return kits;
}

}  // namespace mailhold::ledger
