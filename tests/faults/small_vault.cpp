// The small vault built, and its stories told.

#include "faults/small_vault.hpp"

#include <algorithm>

#include "footer.hpp"
#include "names.hpp"
#include "root_entry.hpp"
#include "root_events.hpp"

namespace mailhold::faults {
namespace {

const crypto::AccountId berta{{std::byte{0xb2}}};
constexpr FolderId berta_inbox{1};
const Bytes passphrase = bytes_of("correct horse battery staple");
/// Where a sealed stream's header has its version (docs/format.md, Sealed stream).
constexpr std::size_t version_at = 8;

constexpr int tampering = static_cast<int>(ErrorKind::tampered);
constexpr int damage = static_cast<int>(ErrorKind::damaged);
constexpr int too_new = static_cast<int>(ErrorKind::too_new);

std::string repetitive_attachment(int n)
{
    std::string lines;
    for (int i = 0; i < 450; ++i)
        lines += std::string(76, 'Q') + "\r\n";
    return "Subject: attached " + std::to_string(n) +
           "\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n"
           "Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
           lines + "--x--\r\n";
}

/// What a host does that found these messages in another account's inbox.
void back_up_berta(ledger::Ledger& ledger, const std::map<std::uint32_t, std::string>& messages,
                   const ledger::IntakeOptions& options)
{
    ledger::Intake intake(ledger, "berta", options);
    intake.event(berta, vault::AccountDescribed{.id = berta,
                                                .address = "berta@example.com",
                                                .role = "tactical",
                                                .server = "localhost:993"});
    intake.event(berta, vault::FolderDescribed{.fid = berta_inbox,
                                               .account = berta,
                                               .name = "INBOX",
                                               .wire_name = "INBOX",
                                               .uid_validity = UidValidity{7},
                                               .separator = '/',
                                               .use = ""});
    for (const auto& [uid, raw] : messages) {
        ledger::Arrival arrival =
            ledger::arrival(static_cast<std::uint64_t>(berta_inbox), uid, raw, {"\\Seen"});
        arrival.account = berta;
        intake.message(std::move(arrival));
    }
    intake.finish({.ok = true, .accounts = {}});
}

Objects objects_in(const std::filesystem::path& folder)
{
    Objects objects;
    const auto store = objects::open_local_folder(folder, false);
    for (const objects::ObjectInfo& info : store->list(""))
        objects[info.name] = store->get(info.name, info.length);
    return objects;
}

bool is_in(std::string_view name, std::string_view folder)
{
    return name.starts_with(folder);
}

/// `objects` with everything in `folder` as it is in `other`.
Objects with_folder_of(Objects objects, const Objects& other, std::string_view folder)
{
    std::erase_if(objects, [&](const auto& object) { return is_in(object.first, folder); });
    for (const auto& [name, bytes] : other)
        if (is_in(name, folder))
            objects[name] = bytes;
    return objects;
}

/// A journal entry by `kit` that says one event's line.
vault::SealedEntry entry_with(const vault::WriterKit& kit, const catalog::Head& head,
                              const vault::Event& event)
{
    vault::EntryDraft draft({.time = Time{1'800'000'000}, .run = "story", .part = 1});
    draft.add(event);
    return vault::seal_entry(kit, head.seq + 1, head.hash, draft, {});
}

/// The entry as a mailhold of the next version would write it, signed by its writer.
vault::SealedEntry in_next_version(vault::SealedEntry entry, const vault::WriterKit& kit)
{
    entry.bytes.at(version_at) = std::byte{2};
    const std::size_t signed_bytes = entry.bytes.size() - crypto::Signature::size;
    const crypto::Hash hash = crypto::hash(Bytes(entry.bytes).first(signed_bytes));
    const auto signature = crypto::sign(kit.signing, sealed::journal_context, hash.bytes());
    std::ranges::copy(signature.bytes(),
                      entry.bytes.begin() + static_cast<std::ptrdiff_t>(signed_bytes));
    entry.hash = crypto::hash(entry.bytes);
    entry.name = vault::journal_name(kit.writer, entry.seq, entry.hash);
    return entry;
}

}  // namespace

SmallVault::SmallVault()
{
    rotate();
    fill();
    add_second_host();
    objects_ = stored();
    remember();
    tell_stories();
}

/// A second passphrase that came and went: epoch 2.
void SmallVault::rotate()
{
    const auto ledger = world_.open();
    objects::Store& store = ledger->store();
    auto keys = vault::unlock_with_passphrase(store, ledger->root_log(), passphrase);
    const auto more =
        vault::add_passphrase_slot(store, ledger->root_log(), keys, bytes_of("another one"));
    const auto added = std::ranges::find_if(more.slots, [&](const auto& slot) {
        return !ledger->root_log().slots.contains(slot.first);
    });
    const auto log = vault::remove_slot(store, more, keys, added->first);
    ledger->reload_root_log();
    keys_ = vault::unlock_with_passphrase(store, log, passphrase);
}

void SmallVault::fill()
{
    const auto ledger = world_.open();
    for (std::uint32_t uid = 1; uid <= 5; ++uid)
        server_.messages[uid] = {ledger::letter(static_cast<int>(uid)), {}};
    server_.messages[6] = {repetitive_attachment(1), {"\\Seen"}};
    ledger::back_up(*ledger, server_, world_.indexed());
    earlier_.push_back(stored());
    for (std::uint32_t uid = 7; uid <= 10; ++uid)
        server_.messages[uid] = {ledger::letter(static_cast<int>(uid)), {}};
    server_.messages[11] = {repetitive_attachment(2), {}};
    ledger::back_up(*ledger, server_, world_.indexed());
    earlier_.push_back(stored());
    server_.messages.erase(2);
    server_.messages[3].flags = {"\\Answered"};
    ledger::back_up(*ledger, server_, world_.indexed());
    earlier_.push_back(stored());
}

void SmallVault::add_second_host()
{
    const ledger::Paths paths = world_.other_host("second");
    ledger::join_as_writer(paths, keys_, "second host");
    earlier_.push_back(stored());
    {
        ledger::Ledger second(paths, ledger::Ledger::Mode::write);
        std::map<std::uint32_t, std::string> messages;
        for (std::uint32_t uid = 1; uid <= 9; ++uid)  // the first of them Anna has, too
            messages[uid] = ledger::letter(static_cast<int>(uid == 1 ? 1 : 20 + uid));
        back_up_berta(second, messages, world_.indexed());
    }
    world_.open()->follow_other_writers(keys_);
}

void SmallVault::remember()
{
    const auto ledger = world_.open(ledger::Ledger::Mode::read);
    ledger::Library library(ledger->store(), keys_, ledger->catalog());
    for (const catalog::AccountRow& account : ledger->catalog().accounts())
        for (const catalog::FolderRow& folder : ledger->catalog().folders(account.id))
            for (const catalog::PlacementRow& row : ledger->catalog().placements(folder.key)) {
                placements_.emplace(folder.key.writer, folder.key.fid, row.uid, row.id);
                messages_[row.id] = text_of(library.message(row.id));
            }
    placements_made_ = placements_.size();
}

Objects SmallVault::stored() const
{
    return objects_in(world_.paths().vault);
}

std::filesystem::path SmallVault::fresh_folder() const
{
    return scratch_.path() / std::to_string(++folders_);
}

std::filesystem::path SmallVault::host_state() const
{
    const std::filesystem::path folder = fresh_folder();
    std::filesystem::copy(world_.paths().state, folder, std::filesystem::copy_options::recursive);
    return folder;
}

std::filesystem::path SmallVault::bare_state() const
{
    const std::filesystem::path folder = fresh_folder();
    std::filesystem::create_directory(folder);
    return folder;
}

Objects SmallVault::with(const std::string& name, Bytes bytes) const
{
    Objects objects = objects_;
    objects[name] = copy_of(bytes);
    return objects;
}

void SmallVault::tell(std::string kind, Objects objects, std::set<int> exits, bool is_shorter)
{
    stories_.push_back({std::move(kind), std::move(objects), std::move(exits), is_shorter});
}

void SmallVault::tell_stories()
{
    const ledger::World other;
    ledger::Server server;
    for (std::uint32_t uid = 1; uid <= 3; ++uid)
        server.messages[uid] = {ledger::letter(static_cast<int>(uid)), {}};
    ledger::back_up(*other.open(), server, other.indexed());
    another_vault_ = objects_in(other.paths().vault);

    tell("untouched", objects_, {0});
    tell_of_older_states();
    tell_of_forks_and_strangers();
    tell_of_newer_versions();
    tell_of_other_root_keys();
}

void SmallVault::tell_of_older_states()
{
    for (const Objects& earlier : earlier_) {
        tell("older state of all", earlier, {tampering}, true);
        tell("older journal", with_folder_of(objects_, earlier, "journal/"), {tampering}, true);
        tell("older archives", with_folder_of(objects_, earlier, "archives/"), {damage, 0});
        tell("older index", with_folder_of(objects_, earlier, "index/"), {damage, 0});
    }
    // Only the last step of the root log came after the first of these.
    tell("older root log", with_folder_of(objects_, earlier_.front(), "root/"), {tampering}, true);
    for (const auto& [writer, entries] :
         vault::list_journal(world_.open(ledger::Ledger::Mode::read)->store()).chains) {
        Objects objects = objects_;
        for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
            objects.erase(entry->name);
            tell("journal tail cut", objects, {tampering}, true);
        }
    }
}

Objects SmallVault::gone_on(int n)
{
    const std::string saved = "whole" + std::to_string(n);
    world_.save(saved, world_.paths().vault);
    ledger::Server server = server_;
    const std::string raw = ledger::letter(n);
    const Uid uid{50};
    server.messages[static_cast<std::uint32_t>(uid)] = {raw, {}};
    {
        ledger::Ledger host({world_.paths().vault, host_state()}, ledger::Ledger::Mode::write);
        ledger::back_up(host, server);
        const auto id = crypto::ContentHasher(keys_.key_i.view()).content_id(bytes_of(raw));
        messages_[id] = raw;
        placements_.emplace(host.kit().writer, server.fid, uid, id);
    }
    Objects objects = stored();
    world_.restore(saved, world_.paths().vault);
    return objects;
}

void SmallVault::tell_of_forks_and_strangers()
{
    const Objects one = gone_on(50);
    tell("a clone went on", one, {0});
    Objects both = gone_on(51);
    for (const auto& [name, bytes] : one)
        both.try_emplace(name, bytes);
    tell("fork of a clone", std::move(both), {tampering});

    const auto ledger = world_.open(ledger::Ledger::Mode::read);
    vault::WriterKit stranger = vault::load_writer_kit(world_.paths().state / "writer.kit");
    stranger.signing = crypto::new_sign_pair();
    stranger.writer = vault::writer_id_of(stranger.signing.public_key);
    const auto entry = entry_with(stranger, {}, vault::Record{"s", "k", Json("v")});
    tell("writer not certified", with(entry.name, entry.bytes), {tampering});
    // The stranger's signature under the name of one who may write.
    stranger.writer = ledger->kit().writer;
    const auto forged = entry_with(stranger, *ledger->head(), vault::Record{"s", "k", Json("v")});
    tell("entry signed by another", with(forged.name, forged.bytes), {tampering});
}

void SmallVault::tell_of_newer_versions()
{
    const auto ledger = world_.open(ledger::Ledger::Mode::read);
    const vault::WriterKit& kit = ledger->kit();
    const auto later = [&](const Json& event) {
        return entry_with(kit, *ledger->head(), vault::Hold{event});
    };
    const auto unknown = later(Json::object({{"e", "later"}}));
    tell("newer event in the journal", with(unknown.name, unknown.bytes), {too_new});
    const auto optional = later(Json::object({{"e", "later"}, {"optional", true}}));
    tell("newer optional event in the journal", with(optional.name, optional.bytes), {0});
    const auto newer = in_next_version(optional, kit);
    tell("journal entry of the next version", with(newer.name, newer.bytes), {too_new});

    const vault::RootLog& log = ledger->root_log();
    const auto root_entry = [&](const Json& event) {
        return vault::make_root_entry(*keys_.root, log.seq + 1, log.head, event);
    };
    const auto root = root_entry(Json::object({{"e", "later"}}));
    tell("newer event in the root log", with(root.name, root.bytes), {too_new});
    const auto harmless = root_entry(Json::object({{"e", "later"}, {"optional", true}}));
    tell("newer optional event in the root log", with(harmless.name, harmless.bytes), {0});
}

void SmallVault::tell_of_other_root_keys()
{
    const auto ledger = world_.open(ledger::Ledger::Mode::read);
    const vault::RootLog& log = ledger->root_log();
    tell("another vault's root log", with_folder_of(objects_, another_vault_, "root/"),
         {tampering});
    vault::EpochInfo epoch = log.current_epoch();
    epoch.n += 1;
    epoch.vault_key = crypto::new_box_pair().public_key;
    const auto attacker = crypto::new_sign_pair();
    const auto entry =
        vault::make_root_entry(attacker, log.seq + 1, log.head, vault::epoch_event(epoch));
    tell("another public key in the store", with(entry.name, entry.bytes), {tampering});
    // A whole log of the attacker's with our vault's slots and epochs in it.
    Objects objects = with_folder_of(objects_, {}, "root/");
    vault::RootLog fake;
    const auto add = [&](const Json& event) {
        const auto made = vault::make_root_entry(attacker, fake.seq + 1, fake.head, event);
        vault::apply_root_entry(fake, made.bytes);
        objects[made.name] = made.bytes;
    };
    add(vault::vault_event(attacker.public_key));
    for (const auto& [id, slot] : log.slots)
        add(vault::slot_event(slot, {}));
    for (const auto& [id, writer] : log.writers)
        add(vault::writer_event(writer.key, writer.name, writer.role));
    for (const vault::EpochInfo& known : log.epochs)
        add(vault::epoch_event(known));
    tell("root log signed by another", std::move(objects), {tampering});
}

}  // namespace mailhold::faults
