// Messages for people: names, charsets, bodies and attachments, also from mailers that get them
// wrong.

#include "mailhold/mail/reading.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "generated_message.hpp"
#include "mailhold/base/json.hpp"

namespace mailhold::mail {

namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Readable read(std::string_view raw)
{
    return read_message(bytes_of(raw));
}

Readable read_header(const std::string& line)
{
    return read(line + "\r\n\r\nx");
}

std::string attachment_text(std::string_view raw, int number)
{
    const auto bytes = read_attachment(bytes_of(raw), number);
    return bytes ? std::string(text_of(*bytes)) : "(none)";
}

}  // namespace

TEST(Reading, AnEmptyMessageIsReadAsNothing)
{
    const Readable message = read("");
    EXPECT_EQ(message.from, "");
    EXPECT_EQ(message.subject, "");
    EXPECT_THAT(message.to, IsEmpty());
    EXPECT_FALSE(message.date);
    EXPECT_THAT(message.attachments, IsEmpty());
}

TEST(Reading, HeadersAreDecoded)
{
    const Readable message =
        read("From: =?UTF-8?B?5byg5LiJ?= <zhang@example.cn>\r\n"
             "To: \"Smith, Bob\" <bob@example.com>, team: a@x.org, =?gb2312?Q?=C0=EE=CB=C4?= "
             "<li@example.cn>;\r\n"
             "Cc: plain@example.com\r\n"
             "Subject: Re: =?gb2312?B?sai82w==?= for\r\n valves\r\n"
             "Message-ID: <1@example.cn>\r\n"
             "Date: Thu, 29 Feb 2024 23:59:59 +0800\r\n\r\nhello");
    EXPECT_EQ(message.from, "张三 <zhang@example.cn>");
    EXPECT_THAT(message.to,
                ElementsAre("\"Smith, Bob\" <bob@example.com>", "a@x.org", "李四 <li@example.cn>"));
    EXPECT_THAT(message.cc, ElementsAre("plain@example.com"));
    EXPECT_EQ(message.subject, "Re: 报价 for valves");
    EXPECT_EQ(message.message_id, "<1@example.cn>");
    ASSERT_TRUE(message.date);
    EXPECT_EQ(message.date->epoch_seconds, 1709222399);
    EXPECT_EQ(message.date->zone_minutes, 480);
    EXPECT_EQ(message.text, "hello");
}

// A mailer that counts bytes cuts Chinese characters in two.
TEST(Reading, ACharacterCutByTwoEncodedWordsIsWhole)
{
    EXPECT_EQ(read_header("Subject: =?gbk?B?sai8?=\r\n =?gbk?B?2w==?=").subject, "报价");
    EXPECT_EQ(read_header("Subject: =?utf-8?Q?=E4=BD?= =?utf-8?Q?=A0_=E5=A5=BD?=").subject,
              "你 好");
}

TEST(Reading, GB2312StandsForItsLargerSuccessors)
{
    // 镕 is in GBK and not in GB2312.
    EXPECT_EQ(read_header("Subject: =?gb2312?B?6UY=?=").subject, "镕");
    EXPECT_EQ(read("Content-Type: text/plain; charset=gb2312\r\n\r\n\xe9\x46").text, "镕");
}

TEST(Reading, RawBytesInHeadersAreGuessed)
{
    EXPECT_EQ(read_header("Subject: \xe6\x8a\xa5\xe4\xbb\xb7").subject, "报价");
    EXPECT_EQ(read_header("Subject: \xb1\xa8\xbc\xdb\xb5\xa5").subject, "报价单");
    EXPECT_EQ(read_header("From: \xd5\xc5\xc8\xfd <z@example.cn>").from, "张三 <z@example.cn>");
    EXPECT_EQ(read_header("Subject: Gr\xfc\xdf"
                          "e aus K\xf6ln, h\xe4user")
                  .subject,
              "Grüße aus Köln, häuser");
    EXPECT_EQ(read("Subject: \xb3\xf8\xbb\xf9\r\nContent-Type: text/plain; charset=big5\r\n\r\nx")
                  .subject,
              "報價");
}

TEST(Reading, TheSubjectAloneIsReadTheSameWay)
{
    EXPECT_EQ(subject_of(bytes_of("Subject: =?gbk?B?sai8?=\r\n =?gbk?B?2w==?=\r\n\r\nSubject: no")),
              "报价");
    EXPECT_EQ(subject_of(bytes_of(
                  "Subject: \xb3\xf8\xbb\xf9\nContent-Type: text/plain; charset=big5\n\n")),
              "報價");
    EXPECT_EQ(subject_of(bytes_of("\n\nSubject: no")), "");
}

TEST(Reading, BodiesInManyCharsetsBecomeUtf8)
{
    const auto body = [](const std::string& charset, const std::string& bytes) {
        return read("Content-Type: text/plain; charset=" + charset + "\r\n\r\n" + bytes).text;
    };
    EXPECT_EQ(body("Big5", "\xb3\xf8\xbb\xf9"), "報價");
    EXPECT_EQ(body("Shift_JIS", "\x8c\xa9\x90\xcf\x8f\x91"), "見積書");
    EXPECT_EQ(body("ISO-2022-JP", "\x1b$B8+@Q=q\x1b(B"), "見積書");
    EXPECT_EQ(body("KOI8-R", "\xf3\xfe\xe5\xf4"), "СЧЕТ");
    EXPECT_EQ(body("windows-1251", "\xd1\xf7\xb8\xf2"), "Счёт");
    EXPECT_EQ(body("windows-1252", "\x80 5"), "€ 5");
    EXPECT_EQ(body("iso-8859-1", "\x80 5"), "€ 5");
    EXPECT_EQ(body("\"no such charset\"", "\xb1\xa8\xbc\xdb\xb5\xa5"), "报价单");
    EXPECT_EQ(body("us-ascii", "\xe6\x8a\xa5\xe4\xbb\xb7"), "报价");
    EXPECT_EQ(body("gb2312", "\xe6\x8a\xa5\xe4\xbb\xb7"), "报价");        // really UTF-8
    EXPECT_EQ(body("iso-8859-1", "\xb1\xa8\xbc\xdb\xb5\xa5"), "报价单");  // really GB2312
    EXPECT_EQ(body("utf-8", "ok \xff\xfe ok"), "ok ÿþ ok");
}

TEST(Reading, HeadersCannotSteerATerminal)
{
    const Readable message =
        read("Subject: a\x1b[2Jb\x07 =?utf-8?Q?=1B[31mred=0D=0Anew_line=C2=9B?=\r\n"
             "From: =?utf-8?Q?x=E2=80=AEy?= <a@b>\r\n\r\nt\x1b[0m\r\nz\tq");
    EXPECT_EQ(message.subject, "a[2Jb [31mred new line");
    EXPECT_EQ(message.from, "xy <a@b>");
    EXPECT_EQ(message.text, "t[0m\nz\tq");
}

TEST(Reading, PlainTextIsPreferredWithinAnAlternative)
{
    const std::string message = "Content-Type: multipart/mixed; boundary=m\n\n--m\n"
                                "Content-Type: multipart/alternative; boundary=a\n\n"
                                "--a\nContent-Type: text/plain\n\nplain body\n"
                                "--a\nContent-Type: text/html\n\n<p>html body\n--a--\n"
                                "--m\nContent-Type: text/plain\n\nlist footer\n--m--\n";
    EXPECT_EQ(read(message).text, "plain body\n\nlist footer");
}

TEST(Reading, HtmlBecomesTextWhereThereIsNoPlainPart)
{
    const std::string html =
        "Content-Type: text/html; charset=utf-8\n\n<html><head><title>no</title></head><style>"
        "p {}</style><p>Dear&nbsp;Bob,<br>5 &lt; 6 &amp; 7&#8364; &eacute;<script>x</script>"
        "<table><tr><td>a</td><td>b</td></tr></table><!-- c -->&unknown; end";
    EXPECT_EQ(read(html).text, "Dear Bob,\n5 < 6 & 7€ é\na b\n&unknown; end");
    const std::string footer =
        "Content-Type: multipart/mixed; boundary=m\n\n--m\nContent-Type: text/html\n\n<b>body</b>\n"
        "--m\n\nfooter\n--m--\n";
    EXPECT_EQ(read(footer).text, "body\n\nfooter");
    EXPECT_EQ(read("Content-Type: text/html\n\n<meta charset=\"gb2312\"><p>\xb1\xa8\xbc\xdb").text,
              "报价");
}

TEST(Reading, AttachmentsAreNumberedInOrderAndDecoded)
{
    const std::string message =
        "Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n\r\nbody\r\n"
        "--m\r\nContent-Type: application/pdf; name=\"=?gb2312?B?sai82w==?=.pdf\"\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\nQUJD\r\nREVG\r\n"
        "--m\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; "
        "filename*=UTF-8''%E4%BD%A0.txt\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n\r\na=3Db=\r\nc\r\n"
        "--m\r\nContent-Type: text/plain; name=x\r\nContent-Disposition: inline\r\n"
        "Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644 x\r\n#0V%T\r\n`\r\nend\r\n"
        "--m--\r\n";
    const Readable read_back = read(message);
    ASSERT_EQ(read_back.attachments.size(), 3U);
    EXPECT_EQ(read_back.text, "body");
    EXPECT_EQ(read_back.attachments[0].number, 1);
    EXPECT_EQ(read_back.attachments[0].file_name, "报价.pdf");
    EXPECT_EQ(read_back.attachments[0].media_type, "application/pdf");
    EXPECT_EQ(read_back.attachments[0].size_bytes, 6U);
    EXPECT_EQ(read_back.attachments[1].file_name, "你.txt");
    EXPECT_EQ(attachment_text(message, 1), "ABCDEF");
    EXPECT_EQ(attachment_text(message, 2), "a=bc");
    EXPECT_EQ(attachment_text(message, 3), "Cat");
    EXPECT_EQ(attachment_text(message, 0), "(none)");
    EXPECT_EQ(attachment_text(message, 4), "(none)");
}

TEST(Reading, FileNamesAreNeverPaths)
{
    const auto name = [](const std::string& parameter) {
        const Readable message =
            read("Content-Type: application/x\r\nContent-Disposition: attachment; " + parameter +
                 "\r\n\r\nx");
        return message.attachments.at(0).file_name;
    };
    EXPECT_EQ(name("filename=\"../../etc/passwd\""), "passwd");
    EXPECT_EQ(name("filename=\"C:\\\\Users\\\\x\\\\a.doc\""), "a.doc");
    EXPECT_EQ(name("filename=.bashrc"), "_bashrc");
    EXPECT_EQ(name("filename=\"..\""), "_.");
    EXPECT_EQ(name("filename=\"a=?utf-8?Q?=00=2F=0A?=b\""), "b");
    EXPECT_EQ(name("filename*=gb2312''%E9%46.doc"), "镕.doc");
    EXPECT_EQ(name("filename*0=\"long \"; filename*1=\"name.pdf\""), "long name.pdf");
    EXPECT_EQ(name("filename=\"" + std::string(500, 'x') + ".pdf\"").size(), 200U);
    EXPECT_EQ(name("x=y"), "");
}

TEST(Reading, AnEmbeddedMessageIsAnAttachmentNamedAfterItsSubject)
{
    const std::string inner = "Subject: =?utf-8?B?5L2g5aW9?=/x\r\n\r\ninner text";
    const std::string message =
        "Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n\r\nouter text\r\n--m\r\n"
        "Content-Type: message/rfc822\r\n\r\n" +
        inner + "\r\n--m--\r\n";
    const Readable read_back = read(message);
    EXPECT_EQ(read_back.text, "outer text");
    ASSERT_EQ(read_back.attachments.size(), 1U);
    EXPECT_EQ(read_back.attachments[0].file_name, "x.eml");
    EXPECT_EQ(attachment_text(message, 1), inner);
}

TEST(Reading, WhateverTheBytesNothingIsThrownAndTextIsUtf8)
{
    for (std::uint64_t seed = 0; seed < 150; ++seed) {
        test::Random random(seed);
        std::string message = test::generated_message(random);
        message.insert(0, "Subject: " + test::random_bytes(random, 50) + "=?utf-8?B?" +
                              test::random_bytes(random, 9) +
                              "?=\nTo: " + test::random_bytes(random, 80) + "\n");
        for (int i = 0; i < 30; ++i)
            message[test::below(random, message.size())] = static_cast<char>(random());
        const Readable read_back = read(message);
        EXPECT_TRUE(is_utf8(read_back.subject + read_back.from + read_back.text)) << seed;
        for (const Attachment& attachment : read_back.attachments) {
            EXPECT_TRUE(is_utf8(attachment.file_name + attachment.media_type)) << seed;
            const auto bytes = read_attachment(bytes_of(message), attachment.number);
            ASSERT_TRUE(bytes);
            EXPECT_EQ(bytes->size(), attachment.size_bytes);
        }
    }
}

TEST(Reading, HostileHtmlTakesLinearTime)
{
    std::string html = "Content-Type: text/html\n\n";
    for (int i = 0; i < 300'000; ++i)
        html += "<b><style></x>&#x<!";
    EXPECT_LT(read(html).text.size(), html.size());
    std::string words = "Subject: ";
    for (int i = 0; i < 60'000; ++i)
        words += "=?a?";
    EXPECT_FALSE(read_header(words).subject.empty());
}

}  // namespace mailhold::mail
