// Slots and writers that come and go, and the epochs between.

#include "names.hpp"
#include "ring.hpp"
#include "vault_fixture.hpp"

namespace mailhold::vault {
namespace {

class OwnerTest : public test::VaultTest {
protected:
    crypto::SlotId slot_of(std::string_view kind) const
    {
        for (const SlotDetails& slot : list_slots(store, read_log())) {
            if (slot.kind == kind)
                return slot.info.id;
        }
        throw std::logic_error("no such slot");
    }

    /// One journal entry by `kit`, as bytes.
    static ByteBuffer entry_by(const WriterKit& kit)
    {
        EntryDraft draft({parse_utc("2026-03-09T08:07:06Z").value(), "run", 1});
        draft.add(Record{"test", "key", "value"});
        return seal_entry(kit, 1, {}, draft, {}).bytes;
    }
};

TEST_F(OwnerTest, ANewPassphraseOpensEveryEpoch)
{
    RootLog log = revoke_writer(store, vault.log, keys, vault.kit.writer, 0, {});
    const ReaderKeys both = unlock(store, log, bytes_of(test::passphrase));
    ASSERT_EQ(both.epochs.size(), 2u);
    add_passphrase_slot(store, log, both, bytes_of("second"));
    EXPECT_EQ(unlock(store, read_log(), bytes_of("second")).epochs.size(), 2u);
    EXPECT_EQ(unlock(store, read_log(), bytes_of(vault.recovery_key)).epochs.size(), 2u);
}

TEST_F(OwnerTest, KeptKeysOpenEveryEpochAndSignNothing)
{
    const RootLog log = revoke_writer(store, vault.log, keys, vault.kit.writer, 0, {});
    const ReaderKeys both = unlock(store, log, bytes_of(test::passphrase));
    const auto kept = unpack_for_reading(log, pack_for_reading(both).view());
    ASSERT_TRUE(kept);
    ASSERT_EQ(kept->epochs.size(), 2u);
    for (std::size_t i = 0; i < 2; ++i) {
        EXPECT_EQ(kept->epochs[i].n, both.epochs[i].n);
        EXPECT_TRUE(crypto::same_secret(kept->epochs[i].vault_pair.secret.view(),
                                        both.epochs[i].vault_pair.secret.view()));
        EXPECT_TRUE(crypto::same_secret(kept->epochs[i].key_p.view(), both.epochs[i].key_p.view()));
    }
    EXPECT_TRUE(crypto::same_secret(kept->key_i.view(), both.key_i.view()));
    EXPECT_FALSE(kept->root);
}

TEST_F(OwnerTest, KeptKeysAreUselessOnceTheEpochIsRotatedOrAByteIsWrong)
{
    const crypto::SecretBytes kept = pack_for_reading(keys);
    const RootLog rotated = revoke_writer(store, vault.log, keys, vault.kit.writer, 0, {});
    EXPECT_TRUE(unpack_for_reading(vault.log, kept.view()));
    EXPECT_FALSE(unpack_for_reading(rotated, kept.view()));
    EXPECT_FALSE(unpack_for_reading(vault.log, {}));
    constexpr std::size_t up_to_the_vault_secret = 40;
    for (std::size_t i = 0; i < up_to_the_vault_secret; ++i) {
        ByteBuffer wrong = copy_of(kept.view());
        wrong[i] ^= std::byte{8};
        // Clamping ignores some bits of a Curve25519 secret; bit 3 is none of them.
        EXPECT_FALSE(unpack_for_reading(vault.log, wrong)) << i;
    }
    for (std::size_t size = 0; size < kept.size(); ++size)
        EXPECT_FALSE(unpack_for_reading(vault.log, kept.view().first(size)));
}

TEST_F(OwnerTest, ANewRecoveryKeyOpens)
{
    const NewRecovery made = add_recovery_slot(store, vault.log, keys);
    const RootLog log = read_log();
    EXPECT_EQ(log.head, made.log.head);
    EXPECT_EQ(unlock(store, log, bytes_of(made.recovery_key)).epochs.size(), 1u);
    EXPECT_NE(made.recovery_key, vault.recovery_key);
}

TEST_F(OwnerTest, ARemovedSlotOpensNothingThatIsWrittenLater)
{
    add_passphrase_slot(store, vault.log, keys, bytes_of("second"));
    const RootLog before = read_log();
    const crypto::SlotId removed = [&] {
        for (const auto& [id, slot] : before.slots) {
            if (!vault.log.slots.contains(id))
                return id;
        }
        throw std::logic_error("no new slot");
    }();
    const ReaderKeys leaver = unlock(store, before, bytes_of("second"));
    const auto object = slot_name(before.slots.at(removed).object);

    const RootLog after = remove_slot(store, before, keys, removed);
    EXPECT_EQ(read_log().head, after.head);
    EXPECT_EQ(test::kind_thrown_by([&] { return unlock(store, after, bytes_of("second")); }),
              ErrorKind::wrong_key);
    EXPECT_FALSE(store.find(object));
    EXPECT_FALSE(after.current_epoch().rings.contains(removed));

    WriterKit kit = std::move(vault.kit);
    const ByteBuffer old_entry = entry_by(kit);
    ASSERT_TRUE(refresh_kit(kit, after));
    const ByteBuffer new_entry = entry_by(kit);
    EXPECT_NO_THROW(open_entry(old_entry, leaver, after));
    EXPECT_EQ(test::kind_thrown_by([&] { return open_entry(new_entry, leaver, after); }),
              ErrorKind::wrong_key);

    const ReaderKeys stayed = unlock(store, after, bytes_of(test::passphrase));
    EXPECT_NO_THROW(open_entry(old_entry, stayed, after));
    EXPECT_NO_THROW(open_entry(new_entry, stayed, after));
}

TEST_F(OwnerTest, TheLastUsableSlotStays)
{
    const RootLog log = remove_slot(store, vault.log, keys, slot_of("passphrase"));
    const ReaderKeys recovered = unlock(store, log, bytes_of(vault.recovery_key));
    EXPECT_EQ(test::kind_thrown_by(
                  [&] { return remove_slot(store, log, recovered, slot_of("recovery")); }),
              ErrorKind::usage);
}

TEST_F(OwnerTest, ADamagedSlotIsNoUsableOne)
{
    const crypto::SlotId daily = slot_of("passphrase");
    store.objects.at(slot_name(vault.log.slots.at(slot_of("recovery")).object)).pop_back();
    EXPECT_EQ(test::kind_thrown_by([&] { return remove_slot(store, vault.log, keys, daily); }),
              ErrorKind::usage);
}

TEST_F(OwnerTest, RemovingASlotKilledAtAnyStepCanBeDoneAgain)
{
    add_passphrase_slot(store, vault.log, keys, bytes_of("second"));
    const auto whole = store.objects;
    const crypto::SlotId removed = slot_of("recovery");
    bool done = false;
    for (int steps = 0; !done; ++steps) {
        ASSERT_LT(steps, 10);
        store.objects = whole;
        test::DyingStore dying(store, steps);
        done = !test::kind_thrown_by([&] { return remove_slot(dying, read_log(), keys, removed); });
        RootLog log = read_log();
        const ReaderKeys now = unlock(store, log, bytes_of(test::passphrase));
        EXPECT_EQ(now.epochs.size(), log.epochs.size());
        if (log.slots.contains(removed))
            log = remove_slot(store, log, now, removed);
        EXPECT_FALSE(log.slots.contains(removed));
        EXPECT_FALSE(log.current_epoch().rings.contains(removed));
    }
}

TEST_F(OwnerTest, MoreThan32SlotsAreRefused)
{
    RootLog log = vault.log;
    for (int i = 0; i < 30; ++i)
        log = add_passphrase_slot(store, log, keys, bytes_of("another"));
    EXPECT_EQ(test::kind_thrown_by(
                  [&] { return add_passphrase_slot(store, log, keys, bytes_of("one more")); }),
              ErrorKind::usage);
    EXPECT_NO_THROW(unlock(store, log, bytes_of(test::passphrase)));
}

TEST_F(OwnerTest, ANewWriterWritesWhatReadersOpen)
{
    const NewWriter made = add_writer(store, vault.log, keys, "second host", WriterRole::keeper);
    const RootLog log = read_log();
    ASSERT_TRUE(log.writers.contains(made.kit.writer));
    EXPECT_EQ(log.writers.at(made.kit.writer).name, "second host");
    EXPECT_EQ(log.writers.at(made.kit.writer).role, WriterRole::keeper);
    const ByteBuffer entry = entry_by(made.kit);
    EXPECT_EQ(open_entry(entry, keys, log).events.size(), 1u);
    EXPECT_EQ(test::kind_thrown_by([&] { return open_entry(entry, keys, vault.log); }),
              ErrorKind::tampered);
}

TEST_F(OwnerTest, ARevokedWriterGetsNoNewKeys)
{
    const NewWriter other = add_writer(store, vault.log, keys, "other");
    const RootLog log = revoke_writer(store, read_log(), keys, vault.kit.writer, 0, crypto::Hash{});
    WriterKit revoked = std::move(vault.kit);
    EXPECT_EQ(test::kind_thrown_by([&] { return refresh_kit(revoked, log); }), ErrorKind::refused);
    EXPECT_FALSE(log.current_epoch().key_ps.contains(revoked.writer));

    WriterKit live;
    live = [&] {
        NewWriter copy =
            add_writer(store, read_log(), unlock(store, log, bytes_of(test::passphrase)), "third");
        return std::move(copy.kit);
    }();
    EXPECT_EQ(live.epoch, 2u);
    EXPECT_TRUE(log.current_epoch().key_ps.contains(other.kit.writer));
}

TEST_F(OwnerTest, AKitFollowsTheEpochOnce)
{
    WriterKit kit = std::move(vault.kit);
    EXPECT_FALSE(refresh_kit(kit, vault.log));
    const RootLog log = remove_slot(store, vault.log, keys, slot_of("recovery"));
    EXPECT_TRUE(refresh_kit(kit, log));
    EXPECT_FALSE(refresh_kit(kit, log));
    EXPECT_EQ(kit.epoch, 2u);
    EXPECT_EQ(test::kind_thrown_by([&] { return refresh_kit(kit, vault.log); }),
              ErrorKind::tampered);
}

TEST_F(OwnerTest, KeysOfYesterdayChangeNothing)
{
    const RootLog log = remove_slot(store, vault.log, keys, slot_of("recovery"));
    EXPECT_EQ(test::kind_thrown_by([&] { return add_writer(store, log, keys, "host"); }),
              ErrorKind::wrong_key);
    ReaderKeys reader = unlock(store, log, bytes_of(test::passphrase));
    reader.root.reset();
    EXPECT_EQ(test::kind_thrown_by([&] { return add_writer(store, log, reader, "host"); }),
              ErrorKind::wrong_key);
}

TEST_F(OwnerTest, ASlotWithoutTheRootKeyReadsButDoesNotSign)
{
    ReaderKeys reader = unlock(store, vault.log, bytes_of(test::passphrase));
    reader.root.reset();
    const crypto::BoxPair slot = crypto::new_box_pair();
    RootLog log = vault.log;
    log.epochs[0].rings[crypto::SlotId{}] = seal_ring(reader, reader.epochs[0], slot.public_key);
    const ReaderKeys opened = open_rings(log, crypto::SlotId{}, slot);
    EXPECT_FALSE(opened.root);
    EXPECT_EQ(opened.epochs.size(), 1u);
    EXPECT_NO_THROW(open_entry(entry_by(vault.kit), opened, log));
}

TEST_F(OwnerTest, EveryFlippedBitOfARingIsTampering)
{
    const crypto::BoxPair slot = crypto::new_box_pair();
    RootLog log = vault.log;
    ByteBuffer& ring = log.epochs[0].rings[crypto::SlotId{}];
    ring = seal_ring(keys, keys.epochs[0], slot.public_key);
    test::for_each_flipped_bit(ring, [&](std::size_t at) {
        EXPECT_EQ(test::kind_thrown_by([&] { return open_rings(log, crypto::SlotId{}, slot); }),
                  ErrorKind::tampered)
            << at;
    });
    EXPECT_NO_THROW(open_rings(log, crypto::SlotId{}, slot));
}

TEST_F(OwnerTest, ARingOfAnotherEpochIsTampering)
{
    const RootLog log = remove_slot(store, vault.log, keys, slot_of("recovery"));
    const ReaderKeys both = unlock(store, log, bytes_of(test::passphrase));
    const crypto::BoxPair slot = crypto::new_box_pair();
    RootLog swapped = log;
    swapped.epochs[1].rings[crypto::SlotId{}] = seal_ring(both, both.epochs[0], slot.public_key);
    EXPECT_EQ(test::kind_thrown_by([&] { return open_rings(swapped, crypto::SlotId{}, slot); }),
              ErrorKind::tampered);
}

}  // namespace
}  // namespace mailhold::vault
