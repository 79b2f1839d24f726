// Messages made of what Outlook keeps: their header fields, their parts, and the same bytes always.

#include "outlook_message.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "mailhold/mail/reading.hpp"

namespace mailhold::mail {
namespace {

Readable read(OutlookMessage message)
{
    return read_message(bytes_of(composed(std::move(message))));
}

std::vector<std::string_view> lines_of(std::string_view text)
{
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find("\r\n"), text.size());
        lines.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 2, text.size()));
    }
    return lines;
}

OutlookMessage letter()
{
    OutlookMessage message;
    message.subject = "Anfrage: Kugellager";
    message.from = {{"Müller, Jörg", "jm@buyer.example"}};
    message.to = {{"林", "lin@acme.example"}, {"", "li@acme.example"}};
    message.date = 1'709'222'399;
    message.text = "Dear Sirs\r\n";
    return message;
}

TEST(OutlookMessage, WhatIsWrittenReadsTheSame)
{
    OutlookMessage message = letter();
    message.subject = "报价单 " + std::string(200, 'x') + " für Sie";
    message.cc = {{"A \"B\" C\\D", "abc@acme.example"}};
    message.message_id = "<1@buyer.example>";
    const Readable seen = read(message);
    EXPECT_EQ(seen.subject, message.subject);
    EXPECT_NE(seen.from.find("jm@buyer.example"), std::string::npos);
    EXPECT_NE(seen.from.find("Müller, Jörg"), std::string::npos);
    ASSERT_EQ(seen.to.size(), 2U);
    EXPECT_NE(seen.to[0].find("林"), std::string::npos);
    EXPECT_EQ(seen.to[1], "li@acme.example");
    ASSERT_EQ(seen.cc.size(), 1U);
    EXPECT_NE(seen.cc[0].find("abc@acme.example"), std::string::npos);
    EXPECT_EQ(seen.message_id, "<1@buyer.example>");
    EXPECT_EQ(seen.date, (InternalDate{1'709'222'399, 0}));
    EXPECT_EQ(seen.text, "Dear Sirs\n");
}

TEST(OutlookMessage, IsAsciiInShortLinesWithCrlfEnds)
{
    OutlookMessage message = letter();
    message.text = "bare\nline ends\rand 中文\r\n" + std::string(5'000, 'y');
    message.to.assign(50, {"Some Name of a Person", "person@acme.example"});
    message.attachments.push_back({.name = std::string(80, 'n') + "报价单报价单报价单报价单.pdf",
                                   .media_type = "application/pdf",
                                   .content_id = {},
                                   .content = std::string(100'000, '\xff')});
    const std::string raw = composed(std::move(message));
    for (const std::string_view line : lines_of(raw)) {
        EXPECT_LE(line.size(), 78U) << line;
        EXPECT_TRUE(std::ranges::all_of(line, [](unsigned char c) {
            return c < 127 && c != '\r' && c != '\n';
        })) << line;
    }
    EXPECT_TRUE(raw.ends_with("\r\n"));
}

TEST(OutlookMessage, KeepsTheHeaderItCameWithButForTheBodysForm)
{
    OutlookMessage message = letter();
    message.internet_header = "Microsoft Mail Internet Headers Version 2.0\r\n"
                              "Received: by x;\r\n\tThu, 29 Feb 2024 15:59:59 +0800\n"
                              "From: other@buyer.example\r\n"
                              "Content-Type: multipart/mixed;\r\n boundary=gone\r\n"
                              "MIME-Version: 1.0\r\nContent-Transfer-Encoding: 8bit\r\n"
                              "Subject: as it came\r\n\r\nNot: a field\r\n";
    EXPECT_EQ(composed(std::move(message)),
              "Received: by x;\r\n\tThu, 29 Feb 2024 15:59:59 +0800\r\n"
              "From: other@buyer.example\r\n"
              "Subject: as it came\r\n"
              "Date: Thu, 29 Feb 2024 15:59:59 +0000\r\n"
              "To: =?utf-8?B?5p6X?= <lin@acme.example>, li@acme.example\r\n"
              "MIME-Version: 1.0\r\n"
              "Content-Type: text/plain; charset=utf-8\r\n"
              "Content-Transfer-Encoding: 7bit\r\n\r\n"
              "Dear Sirs\r\n");
}

TEST(OutlookMessage, NothingInAPropertyBeginsAnotherField)
{
    OutlookMessage message = letter();
    message.subject = "a\r\nBcc: x@evil.example";
    message.message_id = "<1>\r\nBcc: x@evil.example";
    message.from = {{"n\r\nBcc: x", "a@b\r\nBcc:x@evil.example"}};
    message.attachments.push_back({.name = "a\"\r\nX: y",
                                   .media_type = "text/plain\r\nX: y",
                                   .content_id = "c\r\nX: y",
                                   .content = "z"});
    const std::string raw = composed(std::move(message));
    for (const std::string_view line : lines_of(raw)) {
        EXPECT_FALSE(line.starts_with("Bcc:")) << line;
        EXPECT_FALSE(line.starts_with("X:")) << line;
    }
}

TEST(OutlookMessage, BodiesAreAlternativesAndPicturesRelatedToThem)
{
    OutlookMessage message = letter();
    message.html = "<p>\xc4\xe3\xba\xc3 <img src=\"cid:logo@x\">";
    message.html_charset = "gbk";
    message.attachments.push_back(
        {.name = "logo.png", .media_type = "image/png", .content_id = "logo@x", .content = "P"});
    message.attachments.push_back(
        {.name = "a.eml", .media_type = "message/rfc822", .content_id = {}, .content = "E"});
    const std::string raw = composed(std::move(message));
    std::vector<std::string> types;
    for (const std::string_view line : lines_of(raw))
        if (line.starts_with("Content-Type: "))
            types.emplace_back(line.substr(14));
    EXPECT_EQ(types, (std::vector<std::string>{
                         "multipart/mixed;", "multipart/related;", "multipart/alternative;",
                         "text/plain; charset=utf-8", "text/html; charset=gbk", "image/png;",
                         "application/octet-stream;"}));
    EXPECT_NE(raw.find("Content-ID: <logo@x>\r\n"), std::string::npos);
}

TEST(OutlookMessage, AttachmentsComeBackWhole)
{
    OutlookMessage message = letter();
    std::string every_byte;
    for (int i = 0; i < 70'000; ++i)
        every_byte += static_cast<char>(i % 251);
    OutlookMessage inner = letter();
    inner.subject = "inner";
    message.attachments.push_back({.name = "报价单.pdf",
                                   .media_type = "application/pdf",
                                   .content_id = {},
                                   .content = every_byte});
    message.attachments.push_back({.name = "inner",
                                   .media_type = {},
                                   .content_id = {},
                                   .content = composed(std::move(inner)),
                                   .is_message = true});
    const std::string raw = composed(std::move(message));
    const Readable seen = read_message(bytes_of(raw));
    ASSERT_GE(seen.attachments.size(), 2U);
    EXPECT_EQ(seen.attachments[0].file_name, "报价单.pdf");
    EXPECT_EQ(seen.attachments[0].media_type, "application/pdf");
    EXPECT_EQ(text_of(*read_attachment(bytes_of(raw), 1)), every_byte);
    EXPECT_EQ(seen.attachments[1].media_type, "message/rfc822");
}

TEST(OutlookMessage, IsTheSameBytesEachTime)
{
    OutlookMessage message = letter();
    message.html = "<p>";
    EXPECT_EQ(composed(OutlookMessage(message)), composed(OutlookMessage(message)));
    OutlookMessage other = message;
    other.text += "!";
    EXPECT_NE(composed(std::move(other)), composed(std::move(message)));
}

TEST(OutlookMessage, ARecipientWithoutAnAddressKeepsTheName)
{
    OutlookMessage message = letter();
    message.to = {{"Anna Schmidt", "/O=ACME/CN=ANNA"}, {"Bob", "bob@acme.example"}};
    const Readable seen = read(message);
    ASSERT_EQ(seen.to.size(), 2U);
    EXPECT_NE(seen.to[0].find("Anna Schmidt"), std::string::npos);
    EXPECT_NE(seen.to[1].find("bob@acme.example"), std::string::npos);
}

}  // namespace
}  // namespace mailhold::mail
