// mbox files of all variants, and those that are cut off or lie.

#include "mbox_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "found_mail.hpp"
#include "from_line.hpp"

namespace mailhold::import_export {

namespace {

using test::FoundMail;
using test::TextSource;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const std::string from = "From a@b.example Thu Feb 29 15:59:59 2024\n";

FoundMail read(const std::string& text, MboxVariant variant = MboxVariant::automatic,
               std::size_t piece = 4'096)
{
    TextSource source(text);
    BufferedReader reader(source, piece);
    FoundMail found;
    read_mbox(reader, {.file = "x.mbox", .folder = {"X", '/'}, .flags = {}, .date = {}}, variant,
              found);
    return found;
}

struct Variant {
    MboxVariant variant;
    std::string stored;  ///< body in the file
    std::string raw;     ///< body of the message
};

TEST(Mbox, EveryVariantTakesBackItsOwnQuotes)
{
    using enum MboxVariant;
    const Variant cases[] = {
        {o, ">From a\n", "From a\n"},
        {o, ">>From a\n", ">>From a\n"},
        {rd, ">From a\n", "From a\n"},
        {rd, ">>>From a\n", ">>From a\n"},
        {cl, ">From a\n", "From a\n"},
        {cl2, ">From a\n", ">From a\n"},
        {automatic, ">From a\n>>From b\n", "From a\n>From b\n"},
        {automatic, "> From a\n>from a\n>Fromage\n", "> From a\n>from a\n>Fromage\n"},
        {automatic, "From the sea\n", "From the sea\n"},
        {automatic, "text\r\n>From a\r\n", "text\r\nFrom a\r\n"},
    };
    for (const Variant& one : cases)
        for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, std::size_t{4'096}}) {
            const FoundMail found =
                read(from + "Subject: a\n\n" + one.stored + "\n" + from + "Subject: b\n\nend\n\n",
                     one.variant, piece);
            EXPECT_THAT(found.raw, ElementsAre("Subject: a\n\n" + one.raw, "Subject: b\n\nend\n"))
                << one.stored;
            EXPECT_THAT(found.failures, IsEmpty());
        }
}

TEST(Mbox, AnExactContentLengthHoldsWhatLooksLikeAnotherMessage)
{
    const std::string body = from + "Subject: inner\n\n>From x\n";
    const std::string header =
        "Subject: a\nContent-Length: " + std::to_string(body.size()) + "\n\n";
    const std::string file = from + header + body + "\n" + from + "Subject: b\n\n";
    EXPECT_THAT(read(file).raw, ElementsAre(header + body, "Subject: b\n"));
    EXPECT_THAT(read(file, MboxVariant::cl2).raw, ElementsAre(header + body, "Subject: b\n"));
    EXPECT_EQ(read(file, MboxVariant::rd).raw.size(), 3U);
}

TEST(Mbox, AWrongContentLengthIsNotBelieved)
{
    for (const char* length : {"0", "3", "14", "999999", "99999999999999999999", "-1", "x"}) {
        const std::string header = std::string("Content-Length: ") + length + "\n\n";
        const FoundMail found =
            read(from + header + "some text\n\n" + from + "Subject: b\n\nend\n");
        EXPECT_THAT(found.raw, ElementsAre(header + "some text\n", "Subject: b\n\nend\n"))
            << length;
    }
}

TEST(Mbox, OffsetsDatesAndFlagsComeWithEachMessage)
{
    const std::string first = from + "Status: RO\nX-Status: AF\n\nx\n\n";
    const FoundMail found = read(
        first + "From - Fri Mar  1 00:00:00 2024\nX-Mozilla-Status: 1009\nX-Mozilla-Keys: $label1 "
                "deal\n\ny\n");
    ASSERT_EQ(found.messages.size(), 2U);
    EXPECT_EQ(found.messages[0].from.offset, 0U);
    EXPECT_EQ(found.messages[1].from.offset, first.size());
    EXPECT_THAT(found.messages[0].flags, ElementsAre("\\Answered", "\\Flagged", "\\Seen"));
    EXPECT_THAT(found.messages[1].flags,
                ElementsAre("$Forwarded", "$label1", "\\Deleted", "\\Seen", "deal"));
    EXPECT_EQ(found.messages[0].date, (InternalDate{1'709'222'399, 0}));
    EXPECT_EQ(found.messages[1].date, (InternalDate{1'709'251'200, 0}));
}

TEST(Mbox, AFileCutAnywhereGivesEveryMessageBeforeTheCut)
{
    const std::string one = "Subject: one\n\nfirst\n";
    const std::string two = "Subject: two\n\n>From here\n";
    const std::string first = from + one + "\n";
    const std::string file = first + from + two + "\n";
    for (std::size_t cut = 0; cut <= file.size(); ++cut) {
        const FoundMail found = read(file.substr(0, cut));
        if (cut > first.size() + from.size()) {
            ASSERT_GE(found.raw.size(), 1U) << cut;
            EXPECT_EQ(found.raw[0], one) << cut;
        }
        EXPECT_LE(found.raw.size(), 2U) << cut;
    }
}

TEST(Mbox, BareFromLinesOfThunderbirdBeginMessages)
{
    EXPECT_THAT(read("From \nSubject: a\n\nFrom me\n\nFrom \nSubject: b\n\nx\n").raw,
                ElementsAre("Subject: a\n\nFrom me\n", "Subject: b\n\nx\n"));
    EXPECT_THAT(read("From - \r\nSubject: a\r\n\r\nx\r\n\r\nFrom - \r\nSubject: b\r\n\r\n").raw,
                ElementsAre("Subject: a\r\n\r\nx\r\n", "Subject: b\r\n"));
}

TEST(Mbox, UndatedFromLinesCountWhereTheFirstIsUndated)
{
    EXPECT_THAT(read("From x 2024-01-01\nA: b\n\nx\nFrom y\n\nFrom z\nC: d\n\n").raw,
                ElementsAre("A: b\n\nx\nFrom y\n", "C: d\n"));
}

TEST(Mbox, WhatStandsBeforeTheFirstMessageIsTold)
{
    const FoundMail found = read("\nsome words\n\n" + from + "A: b\n\nx\n");
    EXPECT_THAT(found.raw, ElementsAre("A: b\n\nx\n"));
    ASSERT_EQ(found.failures.size(), 1U);
    EXPECT_EQ(found.failures[0].first.offset, 1U);
}

TEST(Mbox, ALineLongerThanTheBufferStaysWhole)
{
    const std::string body(300'000, 'x');
    const std::string second = body + "\n>From " + body + "\n";
    EXPECT_THAT(read(from + "A: b\n\n" + second + "\n" + from + "C: d\n\n").raw,
                ElementsAre("A: b\n\n" + body + "\nFrom " + body + "\n", "C: d\n"));
}

TEST(FromLine, KnowsTheSpellingsOfDates)
{
    const std::pair<const char*, std::optional<InternalDate>> lines[] = {
        {"From a@b Thu Feb 29 15:59:59 2024\n", InternalDate{1'709'222'399, 0}},
        {"From a b c Thu Feb 29 15:59:59 2024\r\n", InternalDate{1'709'222'399, 0}},
        {"From Thu Feb 29 15:59 2024", InternalDate{1'709'222'340, 0}},
        {"From a Thu Feb 29 15:59:59 CST 2024", InternalDate{1'709'222'399, 0}},
        {"From a Thu Feb 29 23:59:59 +0800 2024", InternalDate{1'709'222'399, 480}},
        {"From a Thu Feb 29 23:59:59 2024 +0800", InternalDate{1'709'222'399, 480}},
        {"From a Thu Feb 30 15:59:59 2024", std::nullopt},
        {"From a Thu Feb 29 24:00:00 2024", std::nullopt},
        {"From a Thu Feb 29 2024", std::nullopt},
        {"From Thursday on we meet", std::nullopt},
        {"from a Thu Feb 29 15:59:59 2024", std::nullopt},
        {"From ", std::nullopt},
    };
    for (const auto& [line, date] : lines)
        EXPECT_EQ(date_of_from_line(line), date) << line;
}

}  // namespace

}  // namespace mailhold::import_export
