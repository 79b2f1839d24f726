// The pretended server, its backups, and what must hold of them.

#include "world.hpp"

#include <algorithm>
#include <fstream>
#include <set>

#include <fmt/format.h>

#include "mailhold/base/encoding.hpp"
#include "mailhold/crypto/secret.hpp"
#include "mailhold/index/index.hpp"
#include "mailhold/ledger/index_keeper.hpp"
#include "mailhold/vault/owner.hpp"
#include "mailhold/vault/shard.hpp"

namespace mailhold::ledger {

namespace {

constexpr std::string_view passphrase = "correct horse battery staple";

bool make_key_derivation_cheap()
{
    ::setenv("MAILHOLD_TEST_FAST_KDF", "1", 1);
    crypto::initialise();
    return true;
}
const bool is_cheap = make_key_derivation_cheap();

std::string noise(int seed, std::size_t size)
{
    std::string bytes;
    std::uint64_t state = static_cast<std::uint64_t>(seed) * 2'654'435'761u + 1;
    while (bytes.size() < size) {
        state = state * 6'364'136'223'846'793'005u + 1'442'695'040'888'963'407u;
        bytes.push_back(static_cast<char>(state >> 56));
    }
    return bytes;
}

std::string in_lines(const std::string& base64)
{
    std::string lines;
    for (std::size_t i = 0; i < base64.size(); i += 76)
        lines += base64.substr(i, 76) + "\r\n";
    return lines;
}

void describe(Ledger& ledger, Intake& intake, const Server& server)
{
    const auto known_account = ledger.catalog().account("anna@example.com");
    if (!known_account || known_account->writer != ledger.kit().writer)  // a host takes it over
        intake.event(anna, vault::AccountDescribed{.id = anna,
                                                   .address = "anna@example.com",
                                                   .role = "flagship",
                                                   .server = "localhost:993"});
    const catalog::FolderKey key{ledger.kit().writer, server.fid};
    const auto known = ledger.catalog().folders(anna);
    if (std::ranges::find(known, key, &catalog::FolderRow::key) != known.end())
        return;
    intake.event(anna, vault::FolderDescribed{.fid = server.fid,
                                              .account = anna,
                                              .name = server.folder,
                                              .wire_name = server.folder,
                                              .uid_validity = UidValidity{1},
                                              .separator = '/',
                                              .use = ""});
}

void compare(Ledger& ledger, Intake& intake, const Server& server)
{
    const catalog::FolderKey key{ledger.kit().writer, server.fid};
    std::set<std::uint32_t> to_fetch;
    for (const auto& [uid, message] : server.messages)
        to_fetch.insert(uid);
    vault::Gone gone{server.fid, {}};
    for (const auto& [uid, flags] : ledger.catalog().live_flags(key)) {
        const auto on_server = server.messages.find(static_cast<std::uint32_t>(uid));
        to_fetch.erase(static_cast<std::uint32_t>(uid));
        if (on_server == server.messages.end())
            gone.uids.push_back(uid);
        else if (on_server->second.flags != flags)
            intake.event(anna, vault::FlagsChanged{server.fid, uid, on_server->second.flags});
    }
    for (const Uid uid : ledger.catalog().unstored_uids(key))
        if (server.messages.contains(static_cast<std::uint32_t>(uid)))
            to_fetch.insert(static_cast<std::uint32_t>(uid));
    for (const std::uint32_t uid : to_fetch)
        intake.message(arrival(static_cast<std::uint64_t>(server.fid), uid,
                               server.messages.at(uid).raw, server.messages.at(uid).flags));
    if (!gone.uids.empty())
        intake.event(anna, gone);
    const auto last = server.messages.empty() ? 0u : server.messages.rbegin()->first;
    intake.cursor(anna, server.fid,
                  {.highest_modseq = {},
                   .uid_next = Uid{last + 1},
                   .exists = static_cast<std::uint32_t>(server.messages.size())});
}

std::string shown(const catalog::PlacementRow& row)
{
    std::string text = fmt::format(
        "  {} {} {} seen {} gone {}", static_cast<std::uint32_t>(row.uid), row.id.hex(),
        row.date ? row.date->epoch_seconds : -1, static_cast<std::int64_t>(row.first_seen),
        row.gone_since ? static_cast<std::int64_t>(*row.gone_since) : -1);
    for (const std::string& flag : row.flags)
        text += " " + flag;
    return text + "\n";
}

std::string shown(const catalog::Catalog& catalog, const crypto::ContentId& id)
{
    const auto stored = catalog.message(id);
    std::string text = fmt::format("  {} {} {}", id.hex(), stored->size, stored->spliced);
    for (const sealed::Location& at : stored->locations)
        text += fmt::format(" {}:{}+{}", at.object.hex(), at.offset, at.length);
    for (const crypto::PartId& part : catalog.parts_of(id))
        text += " part " + part.hex();
    return text + "\n";
}

std::string shown(const catalog::Catalog& catalog, const catalog::FolderRow& folder)
{
    std::string text =
        fmt::format("{} {} {} {}\n", folder.key.writer.hex(),
                    static_cast<std::uint64_t>(folder.key.fid), folder.name, folder.gone);
    std::set<crypto::ContentId> contents;
    for (const catalog::PlacementRow& row : catalog.placements(folder.key)) {
        text += shown(row);
        contents.insert(row.id);
    }
    for (const crypto::ContentId& id : contents)
        text += shown(catalog, id);
    return text;
}

}  // namespace

std::string letter(int n)
{
    return fmt::format("From: a{0}@example.com\r\nSubject: letter {0}\r\n\r\n{1}\r\n", n,
                       in_lines(to_base64(bytes_of(noise(n, 300)))));
}

std::string letter_with_attachment(int n, int seed, std::size_t attachment_bytes)
{
    return fmt::format(
        "From: a@example.com\r\nSubject: with attachment {0}\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/mixed; boundary=\"xyz\"\r\n\r\n--xyz\r\n"
        "Content-Type: text/plain\r\n\r\nhello {0}\r\n--xyz\r\n"
        "Content-Type: application/pdf; name=\"c.pdf\"\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\n{1}--xyz--\r\n",
        n, in_lines(to_base64(bytes_of(noise(seed, attachment_bytes)))));
}

vault::Placed placed_at(std::uint64_t fid, std::uint32_t uid, Flags flags)
{
    vault::Placed placed;
    placed.fid = FolderId{fid};
    placed.uid = Uid{uid};
    placed.date = InternalDate{1'000'000 + uid, 60};
    placed.flags = std::move(flags);
    return placed;
}

Arrival arrival(std::uint64_t fid, std::uint32_t uid, const std::string& raw, Flags flags)
{
    return {.account = anna,
            .placed = placed_at(fid, uid, std::move(flags)),
            .raw = copy_of(bytes_of(raw))};
}

IntakeOptions small_commits(std::uint64_t raw_bytes)
{
    IntakeOptions options;
    options.commit_raw_bytes = raw_bytes;
    return options;
}

World::World() : paths_{dir_.path() / "vault", dir_.path() / "state"}
{
    create_vault(paths_, bytes_of(passphrase), "test host");
    const auto ledger = open(Ledger::Mode::read);
    keys_ =
        vault::unlock_with_passphrase(ledger->store(), ledger->root_log(), bytes_of(passphrase));
}

std::unique_ptr<Ledger> World::open(Ledger::Mode mode) const
{
    return std::make_unique<Ledger>(paths_, mode);
}

std::unique_ptr<Ledger> World::open_mortal(const std::shared_ptr<Fate>& fate) const
{
    auto store =
        std::make_unique<MortalStore>(objects::open_local_folder(paths_.vault, false), fate);
    return std::make_unique<Ledger>(std::move(store), paths_.state, Ledger::Mode::write);
}

IntakeOptions World::indexed(IntakeOptions options) const
{
    const auto folder = dir_.path() / "index-work";
    std::filesystem::create_directories(folder);
    options.index = IndexSettings{.folder = folder, .threads = 1};
    return options;
}

void World::save(const std::string& name, const std::filesystem::path& folder) const
{
    std::filesystem::copy(folder, dir_.path() / name, std::filesystem::copy_options::recursive);
}

void World::restore(const std::string& name, const std::filesystem::path& folder) const
{
    std::filesystem::remove_all(folder);
    std::filesystem::copy(dir_.path() / name, folder, std::filesystem::copy_options::recursive);
}

void overwrite(const std::filesystem::path& file, std::string_view bytes, std::uint64_t at)
{
    std::filesystem::permissions(file, std::filesystem::perms::owner_write,
                                 std::filesystem::perm_options::add);
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekp(static_cast<std::streamoff>(at));
    stream << bytes;
}

Commit back_up(Ledger& ledger, const Server& server, const IntakeOptions& options)
{
    Intake intake(ledger, "run", options);
    describe(ledger, intake, server);
    compare(ledger, intake, server);
    return intake.finish({.ok = true,
                          .accounts = {{.account = anna,
                                        .ok = true,
                                        .server_messages = server.messages.size(),
                                        .archived_messages = server.messages.size(),
                                        .error_class = "",
                                        .error_text = "",
                                        .error_hint = ""}}});
}

std::string snapshot(const catalog::Catalog& catalog)
{
    std::string text;
    for (const catalog::AccountRow& account : catalog.accounts()) {
        text += fmt::format("{} {} {}\n", account.address, account.role, account.writer.hex());
        for (const catalog::FolderRow& folder : catalog.folders(account.id))
            text += shown(catalog, folder);
        for (const catalog::FailedRow& failed : catalog.failed(account.id))
            text +=
                fmt::format("failed {} {}\n", static_cast<std::uint32_t>(failed.uid), failed.why);
        if (const auto run = catalog.last_run(account.id))
            text += fmt::format("run {} {}\n", static_cast<std::int64_t>(run->time), run->ok);
    }
    std::set<std::string> archives;
    for (const catalog::ArchiveRow& archive : catalog.archives())
        archives.insert(
            fmt::format("{} {} {}\n", archive.object.hex(), archive.length, archive.forgotten));
    for (const std::string& archive : archives)
        text += archive;
    std::set<std::string> shards;
    for (const catalog::ShardRow& shard : catalog.shards())
        shards.insert(
            fmt::format("{} {} {}\n", shard.object.hex(), shard.documents, shard.covers.size()));
    for (const std::string& shard : shards)
        text += shard;
    for (const auto& [writer, head] : catalog.heads())
        text += fmt::format("{} {} {}\n", writer.hex(), head.seq, head.hash.hex());
    const catalog::Totals totals = catalog.totals();
    return text + fmt::format("{} {} {} {}\n", totals.messages, totals.raw_bytes,
                              totals.stored_bytes, totals.placements);
}

void expect_backed_up(Ledger& ledger, const vault::ReaderKeys& keys, const Server& server)
{
    Library library(ledger.store(), keys, ledger.catalog());
    std::map<std::uint32_t, ServerMessage> archived;
    std::map<crypto::ContentId, std::size_t> copies;
    for (const catalog::PlacementRow& row :
         ledger.catalog().placements({ledger.kit().writer, server.fid})) {
        if (row.gone_since)
            continue;
        const auto uid = static_cast<std::uint32_t>(row.uid);
        EXPECT_FALSE(archived.contains(uid)) << "placed twice: " << uid;
        archived[uid] = {std::string(text_of(library.message(row.id))), row.flags};
        copies[row.id] = ledger.catalog().message(row.id)->locations.size();
    }
    ASSERT_EQ(archived.size(), server.messages.size());
    for (const auto& [uid, message] : server.messages) {
        EXPECT_EQ(archived[uid].raw, message.raw) << uid;
        EXPECT_EQ(archived[uid].flags, message.flags) << uid;
    }
    for (const auto& [id, count] : copies)
        EXPECT_EQ(count, 1u) << "stored twice: " << id.hex();
}

void expect_searchable(Ledger& ledger, const vault::ReaderKeys& keys)
{
    EXPECT_EQ(searchable(ledger.catalog()).waiting, 0u);
    expect_found_once_or_waiting(ledger, keys);
}

void expect_found_once_or_waiting(Ledger& ledger, const vault::ReaderKeys& keys)
{
    std::map<crypto::ContentId, int> copies;
    for (const index::ShardSource& shard : shard_sources(ledger, keys).sources) {
        const index::Index opened({shard}, {});
        opened.for_each([&](const index::Hit& hit) { ++copies[hit.id]; }, false);
    }
    EXPECT_EQ(copies.size() + searchable(ledger.catalog()).waiting,
              ledger.catalog().totals().messages);
    for (const auto& [id, count] : copies) {
        EXPECT_EQ(count, 1) << "in two shards: " << id.hex();
        EXPECT_TRUE(ledger.catalog().knows_message(id)) << id.hex();
    }
}

void expect_tidy_store(Ledger& ledger)
{
    std::set<std::string> named;
    for (const auto& [writer, entries] : vault::list_journal(ledger.store()).chains) {
        const auto chain = vault::check_chain(ledger.store(), ledger.root_log(), writer, entries);
        for (const vault::ChainFault& fault : chain.faults)
            ADD_FAILURE() << fault.object << ": " << fault.detail;
        for (const auto& [object, row] : chain.objects)
            named.insert(row.kind == sealed::Kind::shard ? vault::shard_name(object)
                                                         : vault::archive_name(object));
    }
    std::set<std::string> stored;
    for (const char* folder : {"archives/", "index/"})
        for (const objects::ObjectInfo& info : ledger.store().list(folder))
            stored.insert(info.name);
    EXPECT_EQ(stored, named);
    EXPECT_TRUE(ledger.store().list("tmp/").empty());
}

}  // namespace mailhold::ledger
