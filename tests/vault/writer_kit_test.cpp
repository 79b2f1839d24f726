// The writer kit's file.

#include <fstream>

#include <sys/stat.h>

#include "mailhold/base/file.hpp"
#include "support/temp_dir.hpp"
#include "vault_fixture.hpp"

namespace mailhold::vault {
namespace {

class WriterKitTest : public test::VaultTest {
protected:
    WriterKitTest() { save_writer_kit(path, vault.kit); }

    std::optional<ErrorKind> kind_now() const
    {
        return test::kind_thrown_by([&] { return load_writer_kit(path); });
    }

    test::TempDir dir;
    std::filesystem::path path = dir.path() / "writer.kit";
};

TEST_F(WriterKitTest, LoadsAsItWasSaved)
{
    const WriterKit kit = load_writer_kit(path);
    EXPECT_EQ(kit.vault, vault.kit.vault);
    EXPECT_EQ(kit.root, vault.kit.root);
    EXPECT_EQ(kit.writer, vault.kit.writer);
    EXPECT_EQ(kit.epoch, vault.kit.epoch);
    EXPECT_EQ(kit.vault_key, vault.kit.vault_key);
    EXPECT_EQ(kit.signing.public_key, vault.kit.signing.public_key);
    EXPECT_TRUE(crypto::same_secret(kit.signing.secret.view(), vault.kit.signing.secret.view()));
    EXPECT_TRUE(crypto::same_secret(kit.key_i.view(), vault.kit.key_i.view()));
    EXPECT_TRUE(crypto::same_secret(kit.key_p.view(), vault.kit.key_p.view()));
}

TEST_F(WriterKitTest, OnlyItsOwnerMayReadIt)
{
    struct stat status {};
    ASSERT_EQ(::stat(path.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600u);
    for (const mode_t mode : {0640, 0604, 0620}) {
        ASSERT_EQ(::chmod(path.c_str(), mode), 0);
        EXPECT_EQ(kind_now(), ErrorKind::usage) << mode;
    }
}

TEST_F(WriterKitTest, EveryTruncationAndFlippedBitIsDamage)
{
    ByteBuffer bytes = read_file(path);
    const auto expect_damaged = [&](std::size_t at) {
        std::ofstream(path, std::ios::binary) << text_of(bytes);  // keeps the mode, and no fsync
        EXPECT_EQ(kind_now(), ErrorKind::damaged) << at;
    };
    test::for_each_truncation(bytes, expect_damaged);
    test::for_each_flipped_bit(bytes, expect_damaged);
}

TEST_F(WriterKitTest, AMissingOneIsNotFound)
{
    std::filesystem::remove(path);
    EXPECT_EQ(kind_now(), ErrorKind::not_found);
}

TEST_F(WriterKitTest, ItDoesNotOpenWhatItSeals)
{
    const WriterKit kit = load_writer_kit(path);
    EntryDraft draft({parse_utc("2026-03-09T08:07:06Z").value(), "run", 1});
    const SealedEntry entry = seal_entry(kit, 1, {}, draft, {});
    // The best that a thief of the kit can try: its P, and its own key as if it were the vault's.
    ReaderKeys thief;
    thief.epochs.push_back({1, crypto::box_pair_of(kit.signing), kit.key_p.clone()});
    EXPECT_EQ(test::kind_thrown_by([&] { return open_entry(entry.bytes, thief, vault.log); }),
              ErrorKind::wrong_key);
}

}  // namespace
}  // namespace mailhold::vault
