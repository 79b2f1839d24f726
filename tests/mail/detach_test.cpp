// Taking parts out and putting them back: whatever the message, the same bytes.

#include "mailhold/mail/detach.hpp"

#include <gtest/gtest.h>

#include "generated_message.hpp"
#include "mailhold/base/error.hpp"
#include "support_detach.hpp"

namespace mailhold::mail {

namespace {

using test::base64_part;
using test::joins_back;
using test::multipart;
using test::Random;
using test::random_bytes;

ErrorKind kind_of_join(const std::string& skeleton, const std::vector<JoinPart>& parts,
                       std::uint64_t limit)
{
    try {
        join(bytes_of(skeleton), parts, limit);
    } catch (const Error& e) {
        return e.kind();
    }
    return ErrorKind::bug;
}

}  // namespace

TEST(Detach, SmallMessagesAreLeftWhole)
{
    EXPECT_FALSE(detach({}));
    EXPECT_FALSE(detach(bytes_of("Subject: hello\r\n\r\nworld\r\n")));
    Random random(1);
    const std::string just_under = base64_part(random_bytes(random, 23'900), {});
    EXPECT_LT(just_under.size(), 33'000U);
    EXPECT_FALSE(detach(bytes_of(multipart("b", {just_under}, "\r\n"))));
}

TEST(Detach, ManyLittlePartsAreLeftWhole)
{
    Random random(2);
    const std::vector<std::string> parts(20, base64_part(random_bytes(random, 9'000), {}));
    EXPECT_FALSE(detach(bytes_of(multipart("b", parts, "\r\n"))));
}

TEST(Detach, TheThresholdIsInRawBytes)
{
    const std::string head = "Content-Type: application/x\r\n\r\n";
    EXPECT_FALSE(detach(bytes_of(head + std::string(min_detached_bytes - 1, 'x'))));
    EXPECT_TRUE(detach(bytes_of(head + std::string(min_detached_bytes, 'x'))));
}

TEST(Detach, AnAttachmentIsStoredDecodedAndTheSkeletonIsSmall)
{
    Random random(3);
    const std::string file = random_bytes(random, 100'000);
    const std::string message = multipart("=_b", {"\r\nhello", base64_part(file, {})}, "\r\n");
    const auto detached = detach(bytes_of(message));
    ASSERT_TRUE(detached);
    ASSERT_EQ(detached->parts.size(), 1U);
    EXPECT_EQ(detached->parts[0].encoding, "b64/76/crlf/0");
    EXPECT_EQ(text_of(detached->parts[0].stored), file);
    EXPECT_LT(detached->skeleton.size(), 400U);
    EXPECT_TRUE(joins_back(*detached, message));
}

// The catalogue sent in 300 messages must cost its size once.
TEST(Detach, OneFileGivesOneStoredFormWhateverTheMessageAroundIt)
{
    Random random(4);
    const std::string file = random_bytes(random, 60'001);
    const std::vector<test::Layout> layouts = {{76, "\r\n"}, {76, "\n"},   {72, "\r\n"},
                                               {60, "\n"},   {73, "\r\n"}, {4, "\n"},
                                               {0, "\r\n"},  {998, "\r\n"}};
    for (const test::Layout& layout : layouts) {
        const std::string part = base64_part(file, layout);
        const std::vector<std::string> messages = {
            part,
            part + std::string(layout.line_end),
            part + std::string(layout.line_end) + std::string(layout.line_end),
            multipart("b", {part}, layout.line_end),
            multipart("b", {part + std::string(layout.line_end)}, layout.line_end),
            multipart("o", {multipart("i", {part}, layout.line_end)}, layout.line_end),
            "Content-Type: message/rfc822\n\n" + part,
        };
        for (const std::string& message : messages) {
            const auto detached = detach(bytes_of(message));
            ASSERT_TRUE(detached);
            ASSERT_EQ(detached->parts.size(), 1U);
            EXPECT_TRUE(equal(detached->parts[0].stored, bytes_of(file))) << layout.line_chars;
            EXPECT_TRUE(joins_back(*detached, message));
        }
    }
}

TEST(Detach, ABodyThatIsNoCanonicalBase64IsStoredAsItIs)
{
    Random random(5);
    const std::string good = base64_part(random_bytes(random, 50'000), {});
    for (const char* spoiler : {"=", "\n", " ", "\r", "*", "A"}) {
        std::string message = good;
        message.insert(message.size() / 2, spoiler);
        const auto detached = detach(bytes_of(message));
        ASSERT_TRUE(detached);
        EXPECT_EQ(detached->parts.at(0).encoding, "8") << spoiler;
        EXPECT_TRUE(joins_back(*detached, message));
    }
}

TEST(Detach, NulAnd8BitBytesAnywhereSurvive)
{
    Random random(6);
    const std::string message = "Subject: \xd6\xd0\x00\r\n\r\n" + random_bytes(random, 200'000);
    const auto detached = detach(bytes_of(message));
    ASSERT_TRUE(detached);
    EXPECT_TRUE(joins_back(*detached, message));
}

TEST(Detach, AtMostAThousandPartsAreTakenOut)
{
    Random random(7);
    const std::vector<std::string> parts(max_detached_parts + 5,
                                         base64_part(random_bytes(random, 25'000), {}));
    const std::string message = multipart("b", parts, "\r\n");
    const auto detached = detach(bytes_of(message));
    ASSERT_TRUE(detached);
    EXPECT_EQ(detached->parts.size(), max_detached_parts);
    EXPECT_TRUE(joins_back(*detached, message));
}

TEST(Detach, GeneratedMessagesJoinToTheSameBytes)
{
    std::size_t taken = 0;
    for (std::uint64_t seed = 0; seed < 400; ++seed) {
        Random random(seed);
        const std::string message = test::generated_message(random);
        if (const auto detached = detach(bytes_of(message))) {
            ASSERT_TRUE(joins_back(*detached, message)) << "seed " << seed;
            taken += detached->parts.size();
        }
    }
    EXPECT_GT(taken, 300U);  // the property is not about messages without parts
}

TEST(Detach, EveryTruncationJoinsToTheSameBytes)
{
    Random random(8);
    const std::string message =
        multipart("a", {base64_part(random_bytes(random, 25'000), {}), "\r\ntext"}, "\r\n") +
        "--a--\r\n";
    for (std::size_t size = 0; size < message.size(); size += size < 33'000 ? 97 : 1) {
        const std::string cut = message.substr(0, size);
        if (const auto detached = detach(bytes_of(cut))) {
            ASSERT_TRUE(joins_back(*detached, cut)) << "cut at " << size;
        }
    }
}

TEST(Detach, TruncatedGeneratedMessagesJoinToTheSameBytes)
{
    std::size_t taken = 0;
    for (std::uint64_t seed = 2000; seed < 2020; ++seed) {
        Random random(seed);
        const std::string message = test::generated_message(random);
        for (int i = 0; i < 100; ++i) {
            const std::string cut = message.substr(0, test::below(random, message.size()));
            if (const auto detached = detach(bytes_of(cut))) {
                ASSERT_TRUE(joins_back(*detached, cut)) << "seed " << seed << ", " << cut.size();
                ++taken;
            }
        }
    }
    EXPECT_GT(taken, 300U);
}

TEST(Detach, RandomDamageJoinsToTheSameBytes)
{
    for (std::uint64_t seed = 1000; seed < 1300; ++seed) {
        Random random(seed);
        std::string message = test::generated_message(random);
        for (auto times = test::below(random, 20); times-- > 0;)
            message[test::below(random, message.size())] = static_cast<char>(random());
        if (const auto detached = detach(bytes_of(message))) {
            ASSERT_TRUE(joins_back(*detached, message)) << "seed " << seed;
        }
    }
}

TEST(Join, ImpossibleDescriptionsAreMalformed)
{
    const std::string skeleton = "0123456789";
    const Bytes stored = bytes_of("xyz");
    EXPECT_EQ(kind_of_join(skeleton, {{11, "8", stored}}, 100), ErrorKind::malformed);
    EXPECT_EQ(kind_of_join(skeleton, {{5, "8", stored}, {4, "8", stored}}, 100),
              ErrorKind::malformed);
    EXPECT_EQ(kind_of_join(skeleton, {{5, "9", stored}}, 100), ErrorKind::malformed);
    EXPECT_EQ(kind_of_join(skeleton, {{5, "8", stored}}, 12), ErrorKind::malformed);
    const std::vector<JoinPart> many(max_detached_parts + 1, {0, "8", {}});
    EXPECT_EQ(kind_of_join(skeleton, many, 100), ErrorKind::malformed);
    EXPECT_EQ(
        text_of(join(bytes_of(skeleton), {{5, "8", stored}, {5, "b64/2/crlf/1", stored}}, 100)),
        "01234xyzeH\r\nl6\r\n56789");
}

TEST(Join, JoinsToSaysNoToAnyDifference)
{
    const std::string skeleton = "0123456789";
    const std::vector<JoinPart> parts = {{5, "b64/2/lf/0", bytes_of("xyz")}};
    const std::string whole = "01234eH\nl656789";
    EXPECT_TRUE(joins_to(bytes_of(skeleton), parts, bytes_of(whole)));
    for (std::size_t i = 0; i < whole.size(); ++i) {
        std::string other = whole;
        other[i] ^= 1;
        EXPECT_FALSE(joins_to(bytes_of(skeleton), parts, bytes_of(other))) << i;
        EXPECT_FALSE(joins_to(bytes_of(skeleton), parts, bytes_of(whole.substr(0, i)))) << i;
    }
    EXPECT_FALSE(joins_to(bytes_of(skeleton), parts, bytes_of(whole + "x")));
    EXPECT_FALSE(joins_to(bytes_of(skeleton), {{50, "8", {}}}, bytes_of(whole)));
}

}  // namespace mailhold::mail
