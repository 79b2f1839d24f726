// A journal entry of format version 1, made once with known keys and never made again: what was
// sealed stays readable. A second reader, written in Python from docs/format.md alone, has read the
// same bytes.

#include <gtest/gtest.h>

#include "mailhold/base/encoding.hpp"
#include "sealed/sample_stream.hpp"

namespace mailhold::sealed {
namespace {

constexpr std::string_view golden_entry =
    "4d41494c484f4c44014a000030010000404142434445464748494a4b4c4d4e4f96457cc03350e32d8359691d"
    "fb7180f3505152535455565758595a5b5c5d5e5f0700000000000000606162636465666768696a6b6c6d6e6f"
    "707172737475767778797a7b7c7d7e7f57addcd56cefb4264db23506b1da9399f52a99273091e8b7ac211687"
    "17f8f9c09af45b37d03ff95c540e42273ad53f0ca5a1bbb25029c5e7792451ec023866a8b26c9772cd963fad"
    "bbceaba5a394c7c9d4b9baf0af1b68f9010000000141000000000000d2040000000000008081828384858687"
    "88898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f01000000a0a1a2a3a4a5a6a7a8a9aaabacadaeaf"
    "0300000000000000b0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecf60000000"
    "6a57fa26388177a151bb784c828037601e25044f878889ce0c11d63a9cd1b52b9488cfb1a78fd60f43cd9671"
    "af5ead59fa8df01f02c522983afb0f6c952e3cc74361dca559c665b7c38ac267affd963c07b5cf35c46693e4"
    "662a717fd14ae7044c0000009dda70b43ed18b15a59b419d4dffb5e1b543ff7b2d45e4ee9d85f09165268930"
    "2d299fc6e7eee40f287a88c383f0a7862842587f7add51859dee5d299356069410551a0ea95b293b59512ce8"
    "340000005e4b26c438f9e123da4a71829d4923db03c28078febb72811a7bc0be98695da8547a0e78fce987af"
    "9a16677713fecf5a78cf055fe4010000000000007402000000000000444c4f484c49414d0f6db21145a5461c"
    "98413c2e2826cf5c0cf699a0ae6a70d09567a6d54a736a046856137448b29ed7f5dfe68b34c6e4ae127e8691"
    "ddb9867c49639c6e07e2aa07";

ByteBuffer counting_bytes(std::size_t size, int first)
{
    ByteBuffer bytes(size);
    for (std::size_t i = 0; i < size; ++i)
        bytes[i] = static_cast<std::byte>(first + static_cast<int>(i));
    return bytes;
}

struct GoldenKeys {
    crypto::BoxPair vault_pair =
        crypto::box_pair_from_secret(crypto::SecretBytes(counting_bytes(32, 0)));
    crypto::SecretBytes key_p{counting_bytes(32, 0x20)};
    /// Of the seed 00 01 … 1f.
    crypto::SignPublicKey signer = *crypto::SignPublicKey::from_hex(
        "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8");
};

TEST(GoldenEntry, IsStillReadByteForByte)
{
    const GoldenKeys keys;
    const ByteBuffer file = *from_hex(golden_entry);
    verify_entry_signature(file, keys.signer);
    StreamReader reader({&keys.vault_pair, &keys.key_p}, SampleStream::source_of(file),
                        file.size());

    const std::string first =
        "{\"e\":\"entry\",\"time\":\"2026-03-09T08:07:06Z\",\"run\":1,\"part\":1}\n";
    const std::string second = "{\"e\":\"run_end\",\"ok\":true,\"accounts\":[]}\n";
    EXPECT_EQ(text_of(reader.read(0, reader.plain_length())), first + second);
    ASSERT_EQ(reader.blocks().size(), 2U);
    EXPECT_EQ(text_of(reader.read_block(1)), second);
}

TEST(GoldenEntry, SaysWhatItWasMadeOf)
{
    const Header header = decode_header(*from_hex(golden_entry));
    EXPECT_EQ(header.kind, Kind::journal);
    EXPECT_TRUE(equal(header.vault.bytes(), counting_bytes(16, 0x40)));
    EXPECT_TRUE(equal(header.writer.bytes(), counting_bytes(16, 0x50)));
    EXPECT_EQ(header.seq, 7U);
    EXPECT_TRUE(equal(header.previous.bytes(), counting_bytes(32, 0x60)));
    ASSERT_EQ(header.objects.size(), 1U);
    EXPECT_EQ(header.objects[0], (ObjectRow{ObjectRow::Op::adds, Kind::archive, 1234,
                                            crypto::Hash::from_bytes(counting_bytes(32, 0x80))}));
    ASSERT_EQ(header.heads.size(), 1U);
    EXPECT_EQ(header.heads[0], (ChainHead{crypto::WriterId::from_bytes(counting_bytes(16, 0xa0)), 3,
                                          crypto::Hash::from_bytes(counting_bytes(32, 0xb0))}));
}

}  // namespace
}  // namespace mailhold::sealed
