// The root log as an attacker or a failing disk may leave it.

#include <fmt/format.h>

#include "names.hpp"
#include "root_append.hpp"
#include "root_events.hpp"
#include "vault_fixture.hpp"

namespace mailhold::vault {
namespace {

using testing::HasSubstr;

class RootLogTest : public test::VaultTest {
protected:
    std::optional<ErrorKind> kind_now() const
    {
        return test::kind_thrown_by([&] { return read_log(); });
    }

    /// Publishes an entry that `log` would take, or would not.
    void publish(const RootEntry& entry) { store.put_new(entry.name, entry.bytes); }

    /// Puts an entry under the name that its bytes hash to.
    void replace(const std::string& name, const ByteBuffer& bytes)
    {
        const auto seq = parse_numbered(std::string_view(name).substr(5))->seq;
        store.objects.erase(name);
        store.put_new(root_name(seq, crypto::hash(bytes)), bytes);
    }
};

TEST_F(RootLogTest, ReadsBackWhatWasMade)
{
    const RootLog log = read_log();
    EXPECT_EQ(log.seq, 5u);
    EXPECT_EQ(log.vault, vault.kit.vault);
    EXPECT_EQ(log.epochs.size(), 1u);
    EXPECT_EQ(log.current_epoch().rings.size(), 2u);
    EXPECT_EQ(log.current_epoch().key_ps.size(), 1u);
    EXPECT_EQ(log.entries.size(), 5u);
}

TEST_F(RootLogTest, EveryTruncationIsDamage)
{
    for (auto& [name, bytes] : store.objects) {
        if (name.starts_with("root/"))
            test::for_each_truncation(bytes, [&, &object = name](std::size_t size) {
                EXPECT_EQ(kind_now(), ErrorKind::damaged) << object << " cut at " << size;
            });
    }
}

TEST_F(RootLogTest, EveryFlippedBitIsDamage)
{
    for (auto& [name, bytes] : store.objects) {
        if (name.starts_with("root/"))
            test::for_each_flipped_bit(bytes, [&, &object = name](std::size_t at) {
                EXPECT_EQ(kind_now(), ErrorKind::damaged) << object << " at byte " << at;
            });
    }
}

// The same flips, but under the name that the changed bytes hash to: nobody does that by accident.
TEST_F(RootLogTest, EveryFlippedBitUnderItsOwnHashIsTampering)
{
    const auto whole = store.objects;
    const auto last = store.list("root/").back().name;
    ByteBuffer bytes = whole.at(last);
    test::for_each_flipped_bit(bytes, [&](std::size_t at) {
        store.objects = whole;
        replace(last, bytes);
        EXPECT_EQ(kind_now(), ErrorKind::tampered) << "at byte " << at;
    });
}

TEST_F(RootLogTest, AMissingEntryIsNamed)
{
    const auto entries = store.list("root/");
    store.objects.erase(entries[2].name);
    try {
        read_log();
        FAIL() << "a missing entry went unseen";
    } catch (const Error& e) {
        EXPECT_EQ(e.kind(), ErrorKind::damaged);
        EXPECT_THAT(e.what(), HasSubstr("entry 3"));
    }
}

TEST_F(RootLogTest, WithoutItsFirstEntryItIsNoVault)
{
    store.objects.erase(store.list("root/").front().name);
    EXPECT_EQ(kind_now(), ErrorKind::not_found);
}

TEST_F(RootLogTest, ARootLogThatLostItsEndIsRollback)
{
    const auto entries = store.list("root/");
    const RootLog longer = add_passphrase_slot(store, read_log(), keys, bytes_of("second"));
    store.objects.erase(root_name(longer.seq, longer.head));
    EXPECT_NO_THROW(read_root_log(store, vault.kit.root, entries.size()));
    EXPECT_EQ(
        test::kind_thrown_by([&] { return read_root_log(store, vault.kit.root, longer.seq); }),
        ErrorKind::tampered);
    store.objects.erase(entries.back().name);  // the first epoch
    EXPECT_EQ(kind_now(), ErrorKind::damaged);
}

TEST_F(RootLogTest, AnotherVaultIsNotTakenForOurs)
{
    test::MemoryStore other;
    const CreatedVault stranger = create_vault(other, bytes_of(test::passphrase), "host");
    EXPECT_EQ(test::kind_thrown_by([&] { return read_root_log(other, vault.kit.root); }),
              ErrorKind::tampered);
}

TEST_F(RootLogTest, TwoEntriesWithOneNumberAreAFork)
{
    RootLog left = read_log();
    RootLog right = read_log();
    const auto key = crypto::new_sign_pair().public_key;
    publish(extend(left, *keys.root, writer_event(key, "left", WriterRole::append)));
    publish(extend(right, *keys.root, writer_event(key, "right", WriterRole::append)));
    EXPECT_EQ(kind_now(), ErrorKind::tampered);
}

TEST_F(RootLogTest, ACopyThatIsNotWhatItsNameSaysIsNoFork)
{
    for (const auto& entry : store.list("root/")) {
        const std::uint64_t seq = parse_numbered(entry.name.substr(root_folder.size()))->seq;
        ByteBuffer half = store.get(entry.name, entry.length);
        half.resize(half.size() / 2);
        store.put_new(root_name(seq, crypto::hash(bytes_of("one"))), half);
        store.put_new(root_name(seq, crypto::Hash{}), {});
        ASSERT_EQ(kind_now(), std::nullopt) << entry.name;
    }
    EXPECT_NO_THROW(add_passphrase_slot(store, read_log(), keys, bytes_of("second")));
    EXPECT_EQ(kind_now(), std::nullopt);
}

TEST_F(RootLogTest, AnEntryOfAnotherKeyIsRefused)
{
    const RootLog log = read_log();
    const Json event = writer_event(crypto::new_sign_pair().public_key, "x", WriterRole::append);
    publish(make_root_entry(crypto::new_sign_pair(), log.seq + 1, log.head, event));
    EXPECT_EQ(kind_now(), ErrorKind::tampered);
}

TEST_F(RootLogTest, AnEntryOutOfPlaceIsRefused)
{
    const RootLog log = read_log();
    const Json event = writer_event(crypto::new_sign_pair().public_key, "x", WriterRole::append);
    const RootEntry elsewhere = make_root_entry(*keys.root, log.seq + 1, crypto::Hash{}, event);
    publish(elsewhere);
    EXPECT_EQ(kind_now(), ErrorKind::tampered);
    store.remove(elsewhere.name);

    const RootEntry renumbered = make_root_entry(*keys.root, log.seq + 2, log.head, event);
    store.put_new(root_name(log.seq + 1, renumbered.hash), renumbered.bytes);
    EXPECT_EQ(kind_now(), ErrorKind::tampered);
}

TEST_F(RootLogTest, AnUnknownEventIsTooNewUnlessOptional)
{
    RootLog log = read_log();
    publish(extend(log, *keys.root, Json::object({{"e", "new"}, {"optional", true}})));
    EXPECT_EQ(read_log().seq, log.seq);
    publish(make_root_entry(*keys.root, log.seq + 1, log.head, Json::object({{"e", "newer"}})));
    EXPECT_EQ(kind_now(), ErrorKind::too_new);
}

TEST_F(RootLogTest, EventsThatContradictTheLogAreRefused)
{
    const RootLog log = read_log();
    const crypto::SlotId slot = log.slots.begin()->first;
    EpochInfo skipping = log.current_epoch();
    skipping.n = 3;
    for (const Json& event :
         {vault_event(log.root), epoch_event(skipping), slot_event(log.slots.at(slot), {}),
          slot_event({crypto::SlotId{}, {}, {}}, {{7, ByteBuffer{}}}),
          unslot_event(crypto::SlotId{}), revoke_event(crypto::WriterId{}, 0, {}),
          writer_event(vault.kit.signing.public_key, "again", WriterRole::append)}) {
        RootLog copy = log;
        EXPECT_EQ(test::kind_thrown_by([&] { return extend(copy, *keys.root, event); }),
                  ErrorKind::tampered)
            << event.dump();
    }
}

TEST_F(RootLogTest, TwoOwnersAtOnceDoNotForkIt)
{
    const RootLog before = read_log();
    add_passphrase_slot(store, before, keys, bytes_of("faster"));
    EXPECT_EQ(test::kind_thrown_by(
                  [&] { return add_passphrase_slot(store, before, keys, bytes_of("slower")); }),
              ErrorKind::locked);
    EXPECT_EQ(kind_now(), std::nullopt);
}

TEST_F(RootLogTest, StrangersAmongTheNamesAreNoReasonToStop)
{
    store.put_new("root/README", bytes_of("hello"));
    store.put_new("root/old/0000000001-x", bytes_of("hello"));
    EXPECT_EQ(kind_now(), std::nullopt);
    EXPECT_NO_THROW(add_passphrase_slot(store, read_log(), keys, bytes_of("second")));
}

}  // namespace
}  // namespace mailhold::vault
