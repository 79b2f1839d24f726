// What messages can be found by, within bounds, whatever is sent.

#include "mailhold/mail/searchable.hpp"

#include <chrono>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "generated_message.hpp"
#include "mailhold/base/error.hpp"
#include "mailhold/base/json.hpp"
#include "searchable_helpers.hpp"

namespace mailhold::mail {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Searchable, WhatTheReaderThrowsComesThrough)
{
    const auto failing = [](const Document&) -> std::string {
        throw Error(ErrorKind::storage, "no worker");
    };
    EXPECT_THROW(searchable_of(bytes_of("Content-Type: text/csv; name=a.csv\n\nx"), failing),
                 Error);
}

TEST(Searchable, TextIsBoundedAndEndsBetweenCharacters)
{
    std::string raw = "Content-Type: multipart/mixed; boundary=m\n\n--m\n"
                      "Content-Type: text/plain; charset=utf-8\n\nx";
    while (raw.size() < max_searchable_bytes + 100)
        raw += "报价";
    raw += "\n--m\nContent-Type: application/pdf; name=late.pdf\n\nlate\n--m--\n";
    const Searchable message = searchable(raw);
    EXPECT_LE(message.text.size(), max_searchable_bytes);
    EXPECT_GT(message.text.size(), max_searchable_bytes - 4);
    EXPECT_TRUE(is_utf8(message.text));
    ASSERT_EQ(message.attachments.size(), 1U);
    EXPECT_EQ(message.attachments[0].file_name, "late.pdf");
    EXPECT_EQ(message.attachments[0].text, "");
}

TEST(Searchable, ADocumentsTextIsBoundedToo)
{
    const Searchable message =
        searchable_of(bytes_of("Content-Type: text/csv; name=a.csv\n\nx"),
                      [](const Document&) { return std::string(max_searchable_bytes + 1, 'x'); });
    EXPECT_EQ(message.attachments.at(0).text.size(), max_searchable_bytes);
}

namespace {

void expect_utf8(const Searchable& message)
{
    std::string all = message.subject + message.list + message.message_id + message.text;
    for (const auto* list :
         {&message.from, &message.to, &message.cc, &message.bcc, &message.references})
        for (const std::string& value : *list)
            all += value;
    for (const SearchableAttachment& attachment : message.attachments)
        all += attachment.file_name + attachment.media_type;
    EXPECT_TRUE(is_utf8(all));
    EXPECT_LE(message.text.size(), max_searchable_bytes);
}

}  // namespace

TEST(Searchable, AMessageCutAtAnyByteIsReadAsFarAsItGoes)
{
    std::string raw =
        "From: =?gbk?B?1cXI/Q==?= <z@x>\r\nReferences: <a@b> <c@d>\r\n"
        "Subject: \xb1\xa8\xbc\xdb =?utf-8?Q?=E4=BD=A0?=\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n" +
        alternative("plain \r\n>text", "<p>ht&eacute;ml<script>x</script>") + "\r\n--m\r\n" +
        leaf("Content-Type: text/plain; format=flowed; charset=gb2312",
             "\xb1\xa8 \r\n\xbc\xdb\r\n-----BEGIN PGP MESSAGE-----\r\nx\r\n") +
        "--m\r\nContent-Type: message/rfc822\r\n\r\nSubject: in\r\n\r\ninner\r\n--m\r\n" +
        test::base64_part("content of a file", {}) + "\r\n--m--\r\n";
    for (std::size_t size = 0; size <= raw.size(); ++size)
        expect_utf8(searchable(std::string_view(raw).substr(0, size)));
    EXPECT_THAT(text_in(raw), HasSubstr("inner"));
    EXPECT_THAT(text_in(raw), Not(HasSubstr("script")));
}

TEST(Searchable, AnyGeneratedMailIsReadWithinBounds)
{
    test::Random random(20'260'303);
    for (int round = 0; round < 300; ++round)
        expect_utf8(searchable(test::generated_message(random)));
}

TEST(Searchable, AnyBytesAreReadWithinBounds)
{
    test::Random random(7);
    for (int round = 0; round < 300; ++round)
        expect_utf8(searchable(test::random_bytes(random, test::below(random, 4'000))));
}

// Endless armour, alternatives and references must cost no more than their bytes.
TEST(Searchable, HostileMailTakesTimeInProportionToItsSize)
{
    const auto repeated = [](std::string_view start, std::string_view piece) {
        std::string out(start);
        while (out.size() < 1 * mebibyte)
            out += piece;
        return out;
    };
    const auto begin = std::chrono::steady_clock::now();
    searchable(repeated("\n", "-----BEGIN PGP MESSAGE-----\nx\n"));
    searchable(repeated("References: ", "<a@b>\n "));
    searchable(repeated("Content-Type: multipart/alternative; boundary=a\n\n", "--a\n\nx\n"));
    searchable(repeated("Content-Type: text/html\n\n", "<script><head>"));
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20));
}

}  // namespace mailhold::mail
