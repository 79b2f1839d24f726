// What can be said of a journal entry without any vault key.

#include <gtest/gtest.h>

#include "sealed/sample_stream.hpp"
#include "support/kind_thrown_by.hpp"

namespace mailhold::sealed {
namespace {

struct SampleEntry {
    SampleKeys keys;
    SampleStream stream = sealed_stream(keys, header(), {noise(700), noise(300)});

    static Header header()
    {
        Header header = header_of(Kind::journal);
        header.objects.push_back({ObjectRow::Op::adds, Kind::archive, 5, crypto::hash({})});
        header.heads.emplace_back();
        return header;
    }

    std::optional<ErrorKind> kind_of_verifying(Bytes file) const
    {
        return test::kind_thrown_by([&] { verify_entry_signature(file, keys.signer.public_key); });
    }
};

TEST(JournalEntry, IsVerifiedWithoutAVaultKey)
{
    const SampleEntry entry;
    EXPECT_EQ(entry.kind_of_verifying(entry.stream.file), std::nullopt);
    EXPECT_EQ(test::kind_thrown_by([&] {
                  verify_entry_signature(entry.stream.file, crypto::new_sign_pair().public_key);
              }),
              ErrorKind::tampered);
}

TEST(JournalEntry, IsSignedOverTheHashOfEverythingBefore)
{
    const SampleEntry entry;
    const Bytes file = entry.stream.file;
    const Bytes before = file.first(file.size() - crypto::Signature::size);
    EXPECT_TRUE(crypto::signature_fits(
        entry.keys.signer.public_key, std::string_view("mailhold-journal-v1\0", 20),
        crypto::hash(before).bytes(), crypto::Signature::from_bytes(file.last(64))));
    EXPECT_EQ(text_of(before.last(8)), "DLOHLIAM");
    EXPECT_EQ(read_le<std::uint64_t>(before, before.size() - 16), file.size());
}

TEST(JournalEntry, EveryTruncationIsDamage)
{
    const SampleEntry entry;
    for (std::size_t size = 0; size < entry.stream.file.size(); ++size)
        EXPECT_EQ(entry.kind_of_verifying(Bytes(entry.stream.file).first(size)), ErrorKind::damaged)
            << size;
}

TEST(JournalEntry, EveryFlippedBitIsFound)
{
    const SampleEntry entry;
    for (std::size_t bit = 0; bit < entry.stream.file.size() * 8; ++bit) {
        ByteBuffer changed = entry.stream.file;
        changed[bit / 8] ^= std::byte{1} << (bit % 8);
        const std::optional<ErrorKind> kind = entry.kind_of_verifying(changed);
        EXPECT_TRUE(kind == ErrorKind::damaged || kind == ErrorKind::tampered ||
                    kind == ErrorKind::too_new)
            << bit / 8 << "." << bit % 8;
    }
}

TEST(JournalEntry, AnArchiveIsNone)
{
    const SampleKeys keys;
    const SampleStream archive = sealed_stream(keys, header_of(Kind::archive), {noise(700)});
    EXPECT_EQ(
        test::kind_thrown_by([&] { verify_entry_signature(archive.file, keys.signer.public_key); }),
        ErrorKind::damaged);
}

}  // namespace
}  // namespace mailhold::sealed
