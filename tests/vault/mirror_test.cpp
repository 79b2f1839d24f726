// The writer's mirror: what it brings back, and what it must not.

#include "mailhold/vault/mirror.hpp"
#include "names.hpp"
#include "root_append.hpp"
#include "support/temp_dir.hpp"
#include "vault_fixture.hpp"

namespace mailhold::vault {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class MirrorTest : public test::VaultTest {
protected:
    MirrorTest()
    {
        mirror.follow(store);
        const EntryDraft draft({parse_utc("2026-03-09T08:07:06Z").value(), "run", 1});
        entry = seal_entry(vault.kit, 1, {}, draft, {});
        mirror.keep(entry.name, entry.bytes);
        store.put_new(entry.name, entry.bytes);
    }

    crypto::SlotId any_slot() const { return vault.log.slots.begin()->first; }

    test::TempDir dir;
    Mirror mirror{dir.path() / "mirror"};
    SealedEntry entry;
};

TEST_F(MirrorTest, AHealthyStoreIsLeftAlone)
{
    const auto before = store.objects;
    EXPECT_THAT(mirror.heal(store), IsEmpty());
    EXPECT_THAT(mirror.heal(store, HealDepth::bytes), IsEmpty());
    EXPECT_EQ(store.objects, before);
}

TEST_F(MirrorTest, EveryLostObjectComesBack)
{
    const auto whole = store.objects;
    for (const auto& [name, bytes] : whole) {
        store.objects.erase(name);
        EXPECT_THAT(mirror.heal(store), ElementsAre(name));
        EXPECT_EQ(store.objects, whole);
    }
}

TEST_F(MirrorTest, AStoreThatLostEverythingIsFilledAgain)
{
    const auto whole = store.objects;
    store.objects.clear();
    EXPECT_THAT(mirror.heal(store), SizeIs(whole.size()));
    EXPECT_EQ(store.objects, whole);
}

TEST_F(MirrorTest, TruncatedObjectsAreReplaced)
{
    const auto whole = store.objects;
    for (const auto& [name, bytes] : whole) {
        store.objects.at(name).pop_back();
        EXPECT_THAT(mirror.heal(store), ElementsAre(name));
        EXPECT_EQ(store.objects, whole);
    }
}

TEST_F(MirrorTest, FlippedBitsAreFoundByReading)
{
    const auto whole = store.objects;
    for (const auto& [name, bytes] : whole) {
        store.objects.at(name)[10] ^= std::byte{1};
        EXPECT_THAT(mirror.heal(store), IsEmpty());
        EXPECT_THAT(mirror.heal(store, HealDepth::bytes), ElementsAre(name));
        EXPECT_EQ(store.objects, whole);
    }
}

TEST_F(MirrorTest, ItsCopiesOpenAVaultWhoseStoreIsDamaged)
{
    for (auto& [name, bytes] : store.objects)
        bytes.pop_back();
    const RootLog log = read_root_log(mirror.copies(), vault.kit.root);
    EXPECT_NO_THROW(unlock(mirror.copies(), log, bytes_of(test::passphrase)));
}

TEST_F(MirrorTest, ARolledBackStoreIsHealed)
{
    const auto before = store.objects;
    const RootLog log = add_passphrase_slot(store, vault.log, keys, bytes_of("second"));
    mirror.follow(store);
    store.objects = before;
    EXPECT_THAT(mirror.heal(store), SizeIs(2));
    EXPECT_EQ(read_log().head, log.head);
    EXPECT_NO_THROW(unlock(store, read_log(), bytes_of("second")));
}

TEST_F(MirrorTest, ARemovedSlotDoesNotComeBack)
{
    const crypto::SlotId slot = any_slot();
    const std::string name = slot_name(vault.log.slots.at(slot).object);
    remove_slot(store, vault.log, keys, slot);
    EXPECT_FALSE(store.find(name));
    EXPECT_THAT(mirror.heal(store), IsEmpty());
    EXPECT_FALSE(store.find(name));
    EXPECT_FALSE(mirror.copies().find(name));
}

TEST_F(MirrorTest, ADamagedCopyIsNotPublished)
{
    const std::string name = store.list("root/").back().name;
    // Put under its name as a failing disk would leave it.
    const auto copies = objects::open_local_folder(dir.path() / "mirror", false);
    copies->put_new(name, bytes_of("broken"));
    store.objects.erase(name);
    EXPECT_EQ(test::kind_thrown_by([&] { return read_log(); }), ErrorKind::damaged);
    EXPECT_THAT(mirror.heal(store), IsEmpty());
    EXPECT_FALSE(store.find(name));
}

TEST_F(MirrorTest, WhatAStrangerPutThereIsNotMirrored)
{
    RootLog log = vault.log;
    const Json event = Json::object({{"e", "x"}, {"optional", true}});
    const RootEntry forged = make_root_entry(crypto::new_sign_pair(), log.seq + 1, log.head, event);
    store.put_new(forged.name, forged.bytes);
    EXPECT_EQ(test::kind_thrown_by([&] {
                  mirror.follow(store);
                  return 0;
              }),
              ErrorKind::tampered);
    EXPECT_FALSE(mirror.copies().find(forged.name));

    store.remove(forged.name);
    store.put_new("keys/" + std::string(64, '0'), bytes_of("junk"));
    EXPECT_NO_THROW(mirror.follow(store));
    EXPECT_FALSE(mirror.copies().find("keys/" + std::string(64, '0')));
}

}  // namespace
}  // namespace mailhold::vault
