// Making a vault: what is there afterwards, what is refused, and being killed at any step.

#include "mailhold/base/file.hpp"
#include "vault_fixture.hpp"

namespace mailhold::vault {
namespace {

using test::DyingStore;
using test::MemoryStore;
using testing::HasSubstr;

class CreateVault : public testing::Test {
protected:
    CreateVault() { test::use_fast_kdf(); }
};

TEST_F(CreateVault, BothWaysToUnlockGiveTheSameKeys)
{
    MemoryStore store;
    const CreatedVault made = create_vault(store, bytes_of(test::passphrase), "host");
    const RootLog log = read_root_log(store, made.kit.root);
    EXPECT_EQ(log.head, made.log.head);
    EXPECT_EQ(log.slots.size(), 2u);

    const ReaderKeys daily = unlock(store, log, bytes_of(test::passphrase));
    const ReaderKeys recovered = unlock(store, log, bytes_of(made.recovery_key));
    for (const ReaderKeys* keys : {&daily, &recovered}) {
        ASSERT_EQ(keys->epochs.size(), 1u);
        EXPECT_EQ(keys->epochs[0].vault_pair.public_key, made.kit.vault_key);
        EXPECT_TRUE(crypto::same_secret(keys->epochs[0].key_p.view(), made.kit.key_p.view()));
        EXPECT_TRUE(crypto::same_secret(keys->key_i.view(), made.kit.key_i.view()));
        ASSERT_TRUE(keys->root);
        EXPECT_EQ(keys->root->public_key, log.root);
    }
    ASSERT_TRUE(log.writers.contains(made.kit.writer));
    EXPECT_EQ(log.writers.at(made.kit.writer).name, "host");
}

TEST_F(CreateVault, AVaultIsNeverMadeOverAnother)
{
    MemoryStore store;
    create_vault(store, bytes_of(test::passphrase), "host");
    const auto before = store.objects;
    EXPECT_EQ(test::kind_thrown_by([&] { return create_vault(store, bytes_of("other"), "host"); }),
              ErrorKind::usage);
    EXPECT_EQ(store.objects, before);
}

TEST_F(CreateVault, MailWithoutItsRootLogIsNotOverwritten)
{
    for (const char* name : {"journal/x", "archives/00/x", "index/x"}) {
        MemoryStore store;
        store.put_new(name, bytes_of("mail"));
        EXPECT_EQ(test::kind_thrown_by([&] { return create_vault(store, bytes_of("p"), "host"); }),
                  ErrorKind::usage);
        EXPECT_EQ(store.objects.size(), 1u);
    }
}

TEST_F(CreateVault, AnEmptyPassphraseIsRefused)
{
    for (std::string_view empty : {"", "\n", "\r\n"}) {
        MemoryStore store;
        EXPECT_EQ(
            test::kind_thrown_by([&] { return create_vault(store, bytes_of(empty), "host"); }),
            ErrorKind::usage);
    }
}

// Whatever was done when the process died, there is either no vault, and the next attempt makes
// one, or a whole one.
TEST_F(CreateVault, KilledAtAnyStepItCanBeDoneAgain)
{
    bool whole = false;
    for (int steps = 0; !whole; ++steps) {
        ASSERT_LT(steps, 100);
        MemoryStore store;
        DyingStore dying(store, steps);
        const auto kind = test::kind_thrown_by(
            [&] { return create_vault(dying, bytes_of(test::passphrase), "host"); });
        whole = !kind;
        if (!whole) {
            EXPECT_EQ(kind, ErrorKind::storage);
            EXPECT_EQ(test::kind_thrown_by([&] { return read_root_log(store, std::nullopt); }),
                      ErrorKind::not_found);
            create_vault(store, bytes_of(test::passphrase), "host");
        }
        const RootLog log = read_root_log(store, std::nullopt);
        EXPECT_NO_THROW(unlock_with_passphrase(store, log, bytes_of(test::passphrase)));
        EXPECT_EQ(store.list("root/").size(), log.seq) << "leftovers after " << steps;
        EXPECT_EQ(store.list("keys/").size(), 2u);
    }
}

TEST_F(CreateVault, TheClearingOfLeftoversMayBeKilledToo)
{
    for (int steps = 0; steps < 20; ++steps) {
        MemoryStore store;
        DyingStore first(store, 5);
        EXPECT_ANY_THROW(create_vault(first, bytes_of(test::passphrase), "host"));
        DyingStore second(store, steps);
        test::kind_thrown_by([&] { return create_vault(second, bytes_of("second"), "host"); });
        if (store.list("root/").empty() ||
            !store.list("root/").front().name.starts_with("root/0000000001"))
            create_vault(store, bytes_of("third"), "host");
        EXPECT_NO_THROW(read_root_log(store, std::nullopt));
    }
}

TEST_F(CreateVault, TheRecoverySheetSaysWhatItIsFor)
{
    MemoryStore store;
    const CreatedVault made = create_vault(store, bytes_of(test::passphrase), "host");
    const std::string sheet = recovery_sheet(made.log, made.recovery_key, "/srv/vault");
    EXPECT_THAT(sheet, HasSubstr(made.log.fingerprint()));
    EXPECT_THAT(sheet, HasSubstr("/srv/vault"));
    EXPECT_THAT(sheet, HasSubstr(made.recovery_key.substr(0, 34)));
    EXPECT_THAT(sheet, HasSubstr(made.recovery_key.substr(35)));
    EXPECT_EQ(made.recovery_key.size(), 14 * 4 + 13u);
    EXPECT_EQ(made.log.fingerprint().size(), 8 * 4 + 7u);
}

}  // namespace
}  // namespace mailhold::vault
