// Single tar entries out and in.

#include <gtest/gtest.h>

#include "archive/sample_bytes.hpp"
#include "mailhold/archive/tar.hpp"
#include "support/kind_thrown_by.hpp"

namespace mailhold::archive {
namespace {

constexpr std::uint64_t no_limit = ~std::uint64_t{0} >> 1;

const std::string id(64, 'a');

ByteBuffer written(TarEntryWriter& writer, const TarEntry& entry, Bytes content)
{
    ByteBuffer out;
    writer.write(entry, content, [&](Bytes piece) { append(out, piece); });
    return out;
}

ByteBuffer written(const TarEntry& entry, Bytes content)
{
    TarEntryWriter writer;
    return written(writer, entry, content);
}

void expect_round_trip(const TarEntry& entry, Bytes content)
{
    const ByteBuffer bytes = written(entry, content);
    EXPECT_EQ(bytes.size() % 512, 0U);
    const ParsedTarEntry parsed = parse_tar_entry(bytes, content.size());
    EXPECT_EQ(parsed.entry.path, entry.path);
    EXPECT_EQ(parsed.entry.mtime, entry.mtime);
    EXPECT_EQ(parsed.entry.meta, entry.meta);
    EXPECT_TRUE(equal(parsed.content, content));
}

std::string field(Bytes header, std::size_t offset, std::size_t size)
{
    return std::string(text_of(header.subspan(offset, size)).data(), size).c_str();
}

TEST(TarEntry, WithoutMetaIsOneUstarHeader)
{
    const ByteBuffer bytes = written({"messages/" + id + ".spliced", 1'000'000'000, ""},
                                     bytes_of("Subject: one\r\n\r\n"));
    ASSERT_EQ(bytes.size(), 1024U);
    EXPECT_EQ(field(bytes, 0, 100), "messages/" + id + ".spliced");
    EXPECT_EQ(field(bytes, 100, 8), "000600 ");
    EXPECT_EQ(field(bytes, 108, 8), "000000 ");
    EXPECT_EQ(field(bytes, 116, 8), "000000 ");
    EXPECT_EQ(field(bytes, 136, 12), "07346545000 ");
    EXPECT_EQ(field(bytes, 156, 1), "0");
    EXPECT_EQ(field(bytes, 257, 8), "ustar");
    EXPECT_EQ(field(bytes, 265, 64), "");  // no names of user and group
    EXPECT_EQ(field(bytes, 512, 512), "Subject: one\r\n\r\n");
}

TEST(TarEntry, TheOnlyExtraRecordIsOurXattr)
{
    const std::string meta = "{\"e\":\"placed\"}\n";
    const ByteBuffer bytes = written({"messages/" + id + ".eml", 5, meta}, bytes_of("mail"));
    ASSERT_EQ(bytes.size(), 2048U);
    EXPECT_EQ(field(bytes, 156, 1), "x");
    EXPECT_EQ(field(bytes, 512, 512), "46 SCHILY.xattr.mailhold.meta=" + meta + "\n");
    EXPECT_EQ(field(bytes, 1024 + 156, 1), "0");
}

TEST(TarEntry, RoundTripsContentOfEverySizeAroundABlock)
{
    for (std::size_t size : {0, 1, 511, 512, 513, 1024, 100'000})
        for (const std::string& meta : {std::string(), std::string("{}\n")})
            expect_round_trip({"messages/" + id + ".eml", 1'700'000'000, meta}, test::noise(size));
}

TEST(TarEntry, RoundTripsOddTimes)
{
    for (std::int64_t mtime :
         {std::int64_t{0}, std::int64_t{-1}, std::int64_t{-2'208'988'800}, std::int64_t{0x7FFFFFFF},
          std::int64_t{0x80000000}, std::int64_t{253'402'300'799}})
        expect_round_trip({"messages/" + id + ".eml", mtime, "{}\n"}, bytes_of("mail"));
}

TEST(TarEntry, RoundTripsMetaOfAllBytesAndManyLines)
{
    std::string meta;
    for (int byte = 0; byte < 256; ++byte)
        meta.push_back(static_cast<char>(byte));
    expect_round_trip({"messages/" + id + ".eml", 0, meta}, bytes_of("mail"));
    for (int i = 0; i < 5000; ++i)
        meta += "{\"e\":\"placed\",\"fid\":" + std::to_string(i) + ",\"flags\":[\"\\\\Seen\"]}\n";
    expect_round_trip({"messages/" + id + ".eml", 0, meta}, bytes_of("mail"));
    expect_round_trip({"messages/" + id + ".eml", 0, std::string(max_tar_meta_bytes, 'm')}, {});
}

TEST(TarEntry, IsTheSameForTheSameInputs)
{
    TarEntryWriter reused;
    const TarEntry entry{"messages/" + id + ".eml", 5, "{}\n"};
    const ByteBuffer first = written(reused, entry, bytes_of("mail"));
    written(reused, {"parts/" + id, 9, "other\n"}, test::noise(5000));
    written(reused, {"parts/" + id, 9, ""}, {});
    EXPECT_TRUE(written(reused, entry, bytes_of("mail")) == first);
    EXPECT_TRUE(written(entry, bytes_of("mail")) == first);
}

TEST(TarEntry, ContentIsPassedThroughNotCopied)
{
    const ByteBuffer content = test::noise(10 << 20);
    bool seen_in_place = false;
    TarEntryWriter writer;
    writer.write({"parts/" + id, 0, ""}, content, [&](Bytes piece) {
        seen_in_place |= piece.data() == content.data() && piece.size() == content.size();
    });
    EXPECT_TRUE(seen_in_place);
}

TEST(TarEntry, AFailingSinkIsHeardAndTheWriterGoesOn)
{
    const TarEntry entry{"messages/" + id + ".eml", 5, "{}\n"};
    const ByteBuffer good = written(entry, bytes_of("mail"));
    TarEntryWriter writer;
    for (int allowed = 0; allowed < 5; ++allowed) {
        int calls = 0;
        const auto full_disk = [&](Bytes) {
            if (calls++ == allowed)
                throw Error(ErrorKind::storage, "disk full");
        };
        const auto kind =
            test::kind_thrown_by([&] { writer.write(entry, bytes_of("mail"), full_disk); });
        EXPECT_EQ(kind, ErrorKind::storage) << allowed;
        EXPECT_TRUE(written(writer, entry, bytes_of("mail")) == good);
    }
}

TEST(TarEntry, DestroyingAWriterWritesNothing)
{
    std::size_t pieces = 0;
    {
        TarEntryWriter writer;
        writer.write({"parts/" + id, 0, ""}, {}, [&](Bytes) { ++pieces; });
        pieces = 0;
    }
    EXPECT_EQ(pieces, 0U);
}

TEST(TarEntry, OddPathsAndTooMuchMetaAreOurBug)
{
    TarEntryWriter writer;
    for (const std::string& path :
         {std::string(), std::string("\xE5\xB7\xB2"), std::string("a b"), std::string("a\0b", 3)})
        EXPECT_EQ(test::kind_thrown_by([&] {
                      written(writer, {path, 0, ""}, {});
                  }),
                  ErrorKind::bug);
    EXPECT_EQ(test::kind_thrown_by([&] {
                  written(writer, {"parts/a", 0, std::string(max_tar_meta_bytes + 1, 'm')}, {});
              }),
              ErrorKind::bug);
}

TEST(ParseTarEntry, RefusesEveryOtherLength)
{
    const ByteBuffer bytes = written({"parts/" + id, 5, "{}\n"}, test::noise(700));
    for (std::size_t size = 0; size < bytes.size(); ++size)
        EXPECT_EQ(
            test::kind_thrown_by([&] { return parse_tar_entry(Bytes(bytes).first(size), 700); }),
            ErrorKind::malformed)
            << size;
    ByteBuffer longer = bytes;
    longer.resize(bytes.size() + 512);
    EXPECT_EQ(test::kind_thrown_by([&] { return parse_tar_entry(longer, 700); }),
              ErrorKind::malformed);
    ByteBuffer two = bytes;
    append(two, bytes);
    EXPECT_EQ(test::kind_thrown_by([&] { return parse_tar_entry(two, 700); }),
              ErrorKind::malformed);
}

TEST(ParseTarEntry, OneFlippedBitNeverCrashesOrPassesTheLimit)
{
    const ByteBuffer content = test::noise(700);
    const ByteBuffer bytes = written({"parts/" + id, 5, "{}\n"}, content);
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
        ByteBuffer changed = bytes;
        changed[bit / 8] ^= std::byte{1} << (bit % 8);
        try {
            EXPECT_LE(parse_tar_entry(changed, 700).content.size(), 700U);
        } catch (const Error& e) {
            EXPECT_EQ(e.kind(), ErrorKind::malformed) << bit;
        }
    }
}

TEST(ParseTarEntry, ChecksTheLimitBeforeMemoryIsTaken)
{
    ByteBuffer bytes = written({"parts/" + id, 5, ""}, bytes_of("mail"));
    EXPECT_EQ(test::kind_thrown_by([&] { return parse_tar_entry(bytes, 3); }),
              ErrorKind::malformed);
    EXPECT_EQ(test::kind_thrown_by([&] { return parse_tar_entry(bytes, 4); }), std::nullopt);

    // The header claims 8 GiB; its checksum is made to fit.
    for (std::size_t i = 124; i < 135; ++i)
        bytes[i] = static_cast<std::byte>('7');
    unsigned sum = 0;
    for (std::size_t i = 0; i < 512; ++i)
        sum += i >= 148 && i < 156 ? ' ' : std::to_integer<unsigned>(bytes[i]);
    char digits[8];
    std::snprintf(digits, sizeof digits, "%06o", sum);
    std::copy_n(bytes_of({digits, 7}).begin(), 7, bytes.begin() + 148);
    EXPECT_EQ(test::kind_thrown_by([&] { return parse_tar_entry(bytes, 4); }),
              ErrorKind::malformed);
    EXPECT_EQ(test::kind_thrown_by([&] { return parse_tar_entry(bytes, no_limit); }),
              ErrorKind::malformed);
}

TEST(ParseTarEntry, RefusesNoise)
{
    for (std::size_t size : {0, 512, 1024, 4096}) {
        EXPECT_EQ(
            test::kind_thrown_by([&] { return parse_tar_entry(test::noise(size), no_limit); }),
            ErrorKind::malformed);
        EXPECT_EQ(test::kind_thrown_by([&] { return parse_tar_entry(ByteBuffer(size), no_limit); }),
                  ErrorKind::malformed);
    }
}

}  // namespace
}  // namespace mailhold::archive
