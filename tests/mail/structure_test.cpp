// The MIME walker: leaves where GMime finds them, and limits that hostile mail meets.

#include "structure.hpp"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include "generated_message.hpp"
#include "gmime_leaves.hpp"

namespace mailhold::mail {

namespace {

std::vector<std::string> bodies(std::string_view raw)
{
    std::vector<std::string> out;
    for (const Entity& entity : entities_of(raw))
        if (!entity.is_message)
            out.emplace_back(entity.body);
    return out;
}

using Bodies = std::vector<std::string>;

}  // namespace

TEST(Structure, AMessageWithoutPartsIsOneLeaf)
{
    EXPECT_EQ(bodies("Subject: x\r\n\r\nbody\r\n"), Bodies{"body\r\n"});
    EXPECT_EQ(bodies("Subject: x\n\n"), Bodies{""});
    EXPECT_EQ(bodies("Subject: x"), Bodies{""});
    EXPECT_EQ(bodies("\r\nbody"), Bodies{"body"});
    EXPECT_EQ(bodies(""), Bodies{""});
    EXPECT_EQ(bodies("\n"), Bodies{""});
    EXPECT_EQ(entities_of("Subject: x\n\nbody").at(0).media_type, "text/plain");
}

TEST(Structure, PartsLieBetweenTheirBoundaries)
{
    EXPECT_EQ(
        bodies("Content-Type: multipart/mixed; boundary=\"a b\"\n\npre\n--a b  \n\none\n\n--a b\n"
               "X: y\n\ntwo\n--a b--\nepilogue\n--a b\n\nnot a part\n"),
        (Bodies{"one\n", "two"}));
}

TEST(Structure, ABoundaryIsAWholeLine)
{
    EXPECT_EQ(bodies("Content-Type: multipart/mixed; boundary=b\n\n--b\n\nx --b\n--bc\n -\n--b "
                     "x\n---b\n--b--\n"),
              Bodies{"x --b\n--bc\n -\n--b x\n---b"});
}

TEST(Structure, AnInnerPartWithoutItsEndIsEndedByTheOuterBoundary)
{
    EXPECT_EQ(bodies("Content-Type: multipart/mixed; boundary=o\n\n--o\n"
                     "Content-Type: multipart/mixed; boundary=i\n\n--i\n\ninner\n--o\n\nouter\n"),
              (Bodies{"inner", "outer\n"}));
}

TEST(Structure, AnEmbeddedMessageIsEnteredUnlessItIsEncoded)
{
    const std::string inner = "Subject: inner\n\nhello";
    const std::string as_it_is = "Content-Type: message/rfc822\n\n" + inner;
    const auto plain = entities_of(as_it_is);  // borrows the text
    ASSERT_EQ(plain.size(), 2U);
    EXPECT_TRUE(plain[0].is_message);
    EXPECT_EQ(plain[0].body, inner);
    EXPECT_EQ(plain[1].body, "hello");
    EXPECT_EQ(plain[1].messages_around, 1);
    const auto encoded =
        entities_of("Content-Type: message/rfc822\nContent-Transfer-Encoding: Base64 \n\n" + inner);
    ASSERT_EQ(encoded.size(), 1U);
    EXPECT_FALSE(encoded[0].is_message);
    EXPECT_EQ(encoded[0].encoding, "base64");
}

TEST(Structure, ADigestsPartsAreMessagesByDefault)
{
    const auto found = entities_of(
        "Content-Type: multipart/digest; boundary=d\n\n--d\n\nSubject: a\n\nx\n--d--\n");
    ASSERT_EQ(found.size(), 2U);
    EXPECT_TRUE(found[0].is_message);
    EXPECT_EQ(found[1].body, "x");
}

TEST(Structure, AlternativesKnowTheirGroup)
{
    const auto found = entities_of(
        "Content-Type: multipart/mixed; boundary=m\n\n--m\n"
        "Content-Type: multipart/alternative; boundary=a\n\n--a\n\nt\n--a\n"
        "Content-Type: text/HTML; charset=\"Big5\"\n\nh\n--a--\n--m\n\nfooter\n--m--\n");
    ASSERT_EQ(found.size(), 3U);
    EXPECT_NE(found[0].alternative, 0U);
    EXPECT_EQ(found[0].alternative, found[1].alternative);
    EXPECT_EQ(found[2].alternative, 0U);
    EXPECT_EQ(found[1].media_type, "text/html");
    EXPECT_EQ(found[1].charset, "Big5");
}

TEST(Structure, HeaderValuesAreUnfoldedAndBounded)
{
    EXPECT_EQ(header_value("a: 1\r\nSUBJECT : x\r\n\ty\r\nSubject: z\r\n", "subject"), " x\ty");
    EXPECT_EQ(header_value("subjects: x\n", "subject"), std::nullopt);
    EXPECT_EQ(header_value("subject", "subject"), std::nullopt);
    EXPECT_EQ(header_value(std::string_view("s: a\0b\n", 7), "s"), " a b");
    const std::string huge = "s: " + std::string(3 * max_header_value, 'x') + "\n" +
                             std::string(max_header_value, ' ') + "\n";
    EXPECT_EQ(header_value(huge, "s")->size(), max_header_value);
}

TEST(Structure, DeepNestingEndsAtTheLimit)
{
    std::string message;
    for (int i = 0; i < 5'000; ++i)
        message += fmt::format("Content-Type: multipart/mixed; boundary=b{}\n\n--b{}\n", i, i);
    EXPECT_EQ(entities_of(message).size(), 1U);
    message.clear();
    for (int i = 0; i < 5'000; ++i)
        message += "Content-Type: message/rfc822\n\n";
    EXPECT_EQ(entities_of(message).size(), max_depth + 1);
}

TEST(Structure, MillionsOfPartsEndAtTheLimit)
{
    std::string message = "Content-Type: multipart/mixed; boundary=b\n\n";
    for (int i = 0; i < 1'000'000; ++i)
        message += "--b\n\n\n";
    EXPECT_EQ(entities_of(message).size(), max_entities);
}

// GMime is the judge of what a leaf is; it drops some empty ones.
TEST(Structure, LeavesOfGeneratedMessagesAreWhereGMimeFindsThem)
{
    for (std::uint64_t seed = 0; seed < 150; ++seed) {
        test::Random random(seed);
        const std::string message = test::generated_message(random);
        auto expected = test::gmime_leaves(message);
        auto found = bodies(message);
        std::erase(expected, "");
        std::erase(found, "");
        ASSERT_EQ(found.size(), expected.size()) << "seed " << seed;
        for (std::size_t i = 0; i < found.size(); ++i)
            EXPECT_EQ(found[i], expected[i]) << "seed " << seed << " leaf " << i;
    }
}

}  // namespace mailhold::mail
