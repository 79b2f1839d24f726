// Unlocking: right and wrong secrets, damaged slots, and costs that would stop the machine.

#include <fmt/format.h>

#include "mailhold/base/encoding.hpp"
#include "names.hpp"
#include "slot.hpp"
#include "vault_fixture.hpp"

namespace mailhold::vault {
namespace {

class SlotTest : public test::VaultTest {
protected:
    std::optional<ErrorKind> kind_with(std::string_view passphrase) const
    {
        return test::kind_thrown_by(
            [&] { return unlock_with_passphrase(store, vault.log, bytes_of(passphrase)); });
    }
    std::optional<ErrorKind> kind_with_recovery(std::string_view key) const
    {
        return test::kind_thrown_by(
            [&] { return unlock_with_recovery_key(store, vault.log, key); });
    }

    /// The object's name of the only slot of that kind.
    std::string slot_of(std::string_view kind) const
    {
        for (const SlotDetails& slot : list_slots(store, vault.log)) {
            if (slot.kind == kind)
                return slot_name(slot.info.object);
        }
        throw std::logic_error("no such slot");
    }
};

TEST_F(SlotTest, OnlyThePassphraseOpens)
{
    EXPECT_EQ(kind_with(test::passphrase), std::nullopt);
    for (std::string_view wrong : {"", "correct horse battery stapl",
                                   "Correct horse battery staple", " correct horse battery staple"})
        EXPECT_EQ(kind_with(wrong), ErrorKind::wrong_key) << wrong;
}

TEST_F(SlotTest, OneFinalLineEndIsNotPartOfThePassphrase)
{
    const std::string text(test::passphrase);
    EXPECT_EQ(kind_with(text + "\n"), std::nullopt);
    EXPECT_EQ(kind_with(text + "\r\n"), std::nullopt);
    EXPECT_EQ(kind_with(text + "\n\n"), ErrorKind::wrong_key);
    EXPECT_EQ(kind_with(text + "\r"), ErrorKind::wrong_key);
}

TEST_F(SlotTest, TheRecoveryKeyForgivesHowItIsTypedButNotWhat)
{
    const std::string& key = vault.recovery_key;
    std::string lower;
    for (const char c : key)
        lower += static_cast<char>(std::tolower(c));
    EXPECT_EQ(kind_with_recovery(key), std::nullopt);
    EXPECT_EQ(kind_with_recovery(lower + "\n"), std::nullopt);

    std::string mistyped = key;
    mistyped[0] = mistyped[0] == 'A' ? 'B' : 'A';
    EXPECT_EQ(kind_with_recovery(mistyped), ErrorKind::usage);
    EXPECT_EQ(kind_with_recovery(key.substr(5)), ErrorKind::usage);
    EXPECT_EQ(kind_with_recovery(""), ErrorKind::usage);
    EXPECT_EQ(kind_with_recovery(new_recovery_key().printed), ErrorKind::wrong_key);
}

TEST_F(SlotTest, EitherSecretMayBeGiven)
{
    EXPECT_NO_THROW(unlock(store, vault.log, bytes_of(vault.recovery_key + "\n")));
    EXPECT_NO_THROW(unlock(store, vault.log, bytes_of(test::passphrase)));
    EXPECT_EQ(test::kind_thrown_by([&] { return unlock(store, vault.log, bytes_of("no")); }),
              ErrorKind::wrong_key);
}

TEST_F(SlotTest, EveryTruncationAndFlippedBitIsDamage)
{
    ByteBuffer& bytes = store.objects.at(slot_of("passphrase"));
    const auto expect_damaged = [&](std::size_t at) {
        EXPECT_EQ(kind_with(test::passphrase), ErrorKind::damaged) << at;
    };
    test::for_each_truncation(bytes, expect_damaged);
    test::for_each_flipped_bit(bytes, expect_damaged);
}

// Were the hash right all the same, parsing and the AEAD must still notice every bit.
TEST_F(SlotTest, EveryFlippedBitOfASlotItselfIsNoticed)
{
    const std::string name = slot_of("recovery");
    const SlotInfo info = list_slots(store, vault.log)[0].kind == "recovery"
                              ? list_slots(store, vault.log)[0].info
                              : list_slots(store, vault.log)[1].info;
    const crypto::SecretBytes recovery = parse_recovery_key(vault.recovery_key);
    ByteBuffer bytes = store.objects.at(name);
    test::for_each_flipped_bit(bytes, [&](std::size_t at) {
        try {
            const SlotFile slot = parse_slot(bytes);
            const auto key = slot_key_from_recovery(slot, recovery.view());
            EXPECT_FALSE(open_slot(slot, key.view(), info, vault.log.root)) << at;
        } catch (const Error& e) {
            EXPECT_TRUE(e.kind() == ErrorKind::malformed || e.kind() == ErrorKind::too_new) << at;
        }
    });
}

TEST_F(SlotTest, ABrokenSlotDoesNotKeepTheOthersFromOpening)
{
    add_passphrase_slot(store, vault.log, keys, bytes_of("second"));
    const RootLog log = read_log();
    store.objects.at(slot_of("passphrase")).pop_back();
    EXPECT_NO_THROW(unlock_with_passphrase(store, log, bytes_of("second")));
    EXPECT_NO_THROW(unlock_with_recovery_key(store, log, vault.recovery_key));
    EXPECT_EQ(
        test::kind_thrown_by([&] { return unlock_with_passphrase(store, log, bytes_of("no")); }),
        ErrorKind::wrong_key);
}

TEST_F(SlotTest, AMissingSlotIsSaidToBeMissing)
{
    store.objects.erase(slot_of("passphrase"));
    EXPECT_EQ(kind_with(test::passphrase), ErrorKind::not_found);
    const auto slots = list_slots(store, vault.log);
    EXPECT_THAT((std::vector{slots[0].kind, slots[1].kind}),
                testing::UnorderedElementsAre("unreadable", "recovery"));
}

ByteBuffer slot_with(std::string_view cost)
{
    const std::string line = fmt::format(
        R"({{"v":1,"vault":"{0}","slot":"{0}","kind":"passphrase",{1},"salt":"{2}","nonce":"{3}"}})",
        std::string(32, '0'), cost, to_base64(ByteBuffer(16)), to_base64(ByteBuffer(24)));
    return copy_of(bytes_of(line + "\n" + to_base64(ByteBuffer(80)) + "\n"));
}

TEST(SlotCost, CostsOverTheLimitsAreRefusedBeforeAnyWork)
{
    EXPECT_NO_THROW(parse_slot(slot_with(R"("opslimit":16,"memlimit":1073741824)")));
    for (std::string_view cost :
         {R"("opslimit":17,"memlimit":65536)", R"("opslimit":0,"memlimit":65536)",
          R"("opslimit":1,"memlimit":1073741825)", R"("opslimit":1,"memlimit":0)",
          R"("opslimit":1)", R"("opslimit":1,"memlimit":-1)"})
        EXPECT_EQ(test::kind_thrown_by([&] { return parse_slot(slot_with(cost)); }),
                  ErrorKind::malformed)
            << cost;
}

TEST(SlotCost, AnUnknownKindOrVersionIsTooNew)
{
    std::string text(text_of(slot_with(R"("opslimit":1,"memlimit":65536)")));
    std::string kind = text;
    kind.replace(kind.find("passphrase"), 10, "fingertips");
    EXPECT_EQ(test::kind_thrown_by([&] { return parse_slot(bytes_of(kind)); }), ErrorKind::too_new);
    std::string version = text;
    version.replace(version.find("\"v\":1"), 5, "\"v\":2");
    EXPECT_EQ(test::kind_thrown_by([&] { return parse_slot(bytes_of(version)); }),
              ErrorKind::too_new);
}

TEST(SlotCost, TheDefaultIsHalfASecondOfArgon2)
{
    ::unsetenv("MAILHOLD_TEST_FAST_KDF");
    EXPECT_EQ(default_kdf_cost().passes, 3u);
    EXPECT_EQ(default_kdf_cost().memory_bytes, 256 * mebibyte);
}

}  // namespace
}  // namespace mailhold::vault
