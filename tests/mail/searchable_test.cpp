// What messages can be found by: fields, texts and names in any charset, and nothing that is noise.

#include "mailhold/mail/searchable.hpp"

#include <chrono>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "generated_message.hpp"
#include "mailhold/base/error.hpp"
#include "mailhold/base/json.hpp"
#include "searchable_helpers.hpp"

namespace mailhold::mail {

namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

struct Sample {
    std::string_view charset;
    std::string_view bytes;
    std::string_view text;
};

const std::vector<Sample> samples = {
    {"gb18030", "\xb2\xbb\xd0\xe2\xb8\xd6\xb9\xdc \xb1\xa8\xbc\xdb", "不锈钢管 报价"},
    {"gb2312", "\xd6\xec\xe9\x46\xbb\xf9", "朱镕基"},
    {"GBK", "\xd6\xec\xe9\x46\xbb\xf9", "朱镕基"},
    {"Big5", "\xb3\xf8\xbb\xf9\xb3\xe6", "報價單"},
    {"Shift_JIS", "\x82\xa8\x8c\xa9\x90\xcf\x82\xe8", "お見積り"},
    {"ISO-2022-JP", "\x1b$B$*8+@Q$j\x1b(B", "お見積り"},
    {"EUC-JP", "\xb8\xab\xc0\xd1\xbd\xf1", "見積書"},
    {"EUC-KR", "\xb0\xdf\xc0\xfb\xbc\xad", "견적서"},
    {"KOI8-R", "\xf3\xde\xa3\xd4 \xda\xc1 \xd4\xd2\xd5\xc2\xd9", "Счёт за трубы"},
    {"windows-1251", "\xd1\xf7\xb8\xf2 \xe7\xe0 \xf2\xf0\xf3\xe1\xfb", "Счёт за трубы"},
    {"windows-1250", "Za\xbf\xf3\xb3\xe6 g\xea\x9cl\xb9", "Zażółć gęślą"},
    {"windows-1252", "Gr\xf6\xdf\x65 5 \x80", "Größe 5 €"},
    {"windows-1253", "\xd4\xe9\xec\xde", "Τιμή"},
    {"windows-1254", "Fiyat\xfd \xfe\xf6yle", "Fiyatı şöyle"},
    {"windows-1255", "\xee\xe7\xe9\xf8", "מחיר"},
    {"windows-1256", "\xd3\xda\xd1", "سعر"},
    {"utf-8", "报价 prix é", "报价 prix é"},
    // Wrong labels.
    {"us-ascii", "报价", "报价"},
    {"gb2312", "报价", "报价"},
    {"iso-8859-1", "\xb1\xa8\xbc\xdb\xb5\xa5", "报价单"},
    {"x-no-such", "\xb1\xa8\xbc\xdb\xb5\xa5", "报价单"},
    {"x-no-such", "\xa7\xda\xb7\x51\xb6\x52\xa4\x40\xa8\xc7\xb7s\xbf\xfb\xba\xde",
     "我想買一些新鋼管"},
    {"x-no-such", "\x82\xa8\x8c\xa9\x90\xcf\x82\xe8\x82\xf0\x82\xa8\x8a\xe8\x82\xa2",
     "お見積りをお願い"},
    {"x-no-such",
     "\xf3\xde\xa3\xd4 \xda\xc1 \xd4\xd2\xd5\xc2\xd9 \xcf\xd4 \xda\xc1\xd7\xcf\xc4\xc1",
     "Счёт за трубы от завода"},
    {"iso-8859-1",
     "\xd1\xf7\xb8\xf2 \xe7\xe0 \xf2\xf0\xf3\xe1\xfb \xee\xf2 \xe7\xe0\xe2\xee\xe4\xe0",
     "Счёт за трубы от завода"},
    {"x-no-such",
     "\xd6l und Gr\xfc\xdf"
     "e aus K\xf6ln",
     "Öl und Grüße aus Köln"},
    {"x-no-such", "d\xe9j\xe0 vu, \xe0 bient\xf4t", "déjà vu, à bientôt"},
    {"x-no-such", "\xc5se", "Åse"},
    {"x-no-such", "\xe5\xe4\xf6 in Swedish", "åäö in Swedish"},
};

std::string encoded_word(const Sample& sample)
{
    return fmt::format("=?{}?B?{}?=", sample.charset,
                       test::base64_lines(sample.bytes, {.line_chars = 0}));
}

std::string quoted_printable(std::string_view bytes)
{
    std::string out;
    for (const char c : bytes)
        out += fmt::format("={:02X}", static_cast<unsigned char>(c));
    return out;
}

}  // namespace

TEST(Searchable, AnEmptyMessageHasNothingToFind)
{
    const Searchable message = searchable("");
    EXPECT_THAT(message.from, IsEmpty());
    EXPECT_EQ(message.subject, "");
    EXPECT_EQ(message.text, "");
    EXPECT_FALSE(message.date);
    EXPECT_THAT(message.references, IsEmpty());
    EXPECT_THAT(message.attachments, IsEmpty());
}

TEST(Searchable, HeaderFieldsAreDecodedAndTakenApart)
{
    const Searchable message = searchable(
        "From: =?UTF-8?B?5byg5LiJ?= <zhang@example.cn>\r\nSender: desk@example.cn\r\n"
        "To: a@x.org,\r\n =?gb2312?Q?=C0=EE=CB=C4?= <li@example.cn>\r\nCc: c@x.org\r\n"
        "Bcc: b@x.org\r\nSubject: \xb1\xa8\xbc\xdb\xb5\xa5\r\nList-Id: Traders <t.lists.x.org>\r\n"
        "Message-ID: <1@x>\r\nReferences: <r1@x>\r\n <r2@\r\n x> <r1@x>\r\n"
        "In-Reply-To: your mail <r2@x> <r3@x>\r\nDate: Thu, 29 Feb 2024 23:59:59 +0800\r\n\r\n.");
    EXPECT_THAT(message.from, ElementsAre("张三 <zhang@example.cn>", "desk@example.cn"));
    EXPECT_THAT(message.to, ElementsAre("a@x.org", "李四 <li@example.cn>"));
    EXPECT_THAT(message.cc, ElementsAre("c@x.org"));
    EXPECT_THAT(message.bcc, ElementsAre("b@x.org"));
    EXPECT_EQ(message.subject, "报价单");
    EXPECT_EQ(message.list, "Traders <t.lists.x.org>");
    EXPECT_EQ(message.message_id, "1@x");
    EXPECT_THAT(message.references, ElementsAre("r1@x", "r2@x", "r3@x"));
    ASSERT_TRUE(message.date);
    EXPECT_EQ(message.date->epoch_seconds, 1709222399);
}

TEST(Searchable, ASenderWhoIsTheAuthorCountsOnce)
{
    EXPECT_THAT(searchable("From: A <a@x>\nSender: A <a@x>\n\n").from, ElementsAre("A <a@x>"));
}

TEST(Searchable, EveryCharsetIsFoundInSubjectsAndBodiesOfEveryEncoding)
{
    for (const Sample& sample : samples) {
        const std::string type =
            fmt::format("Content-Type: text/plain; charset={}\r\n", sample.charset);
        const std::string text(sample.text);
        EXPECT_EQ(searchable("Subject: " + encoded_word(sample) + "\r\n\r\n").subject, text)
            << sample.charset;
        EXPECT_EQ(text_in(type + "\r\n" + std::string(sample.bytes)), text) << sample.charset;
        EXPECT_EQ(text_in(type + "Content-Transfer-Encoding: base64\r\n\r\n" +
                          test::base64_lines(sample.bytes, {})),
                  text)
            << sample.charset;
        EXPECT_EQ(text_in(type + "Content-Transfer-Encoding: quoted-printable\r\n\r\n" +
                          quoted_printable(sample.bytes)),
                  text)
            << sample.charset;
    }
}

TEST(Searchable, FileNamesAreDecodedInEveryForm)
{
    const auto name = [](const std::string& parameter) {
        return searchable("Content-Type: application/pdf\r\nContent-Disposition: attachment; " +
                          parameter + "\r\n\r\nx")
            .attachments.at(0)
            .file_name;
    };
    EXPECT_EQ(name("filename=\"=?gb2312?B?sai82w==?=.pdf\""), "报价.pdf");
    EXPECT_EQ(name("filename*=UTF-8''%E6%8A%A5%E4%BB%B7.pdf"), "报价.pdf");
    EXPECT_EQ(name("filename*0*=gb2312''%B1%A8; filename*1*=%BC%DB.pdf"), "报价.pdf");
    EXPECT_EQ(name("filename=\"\xb1\xa8\xbc\xdb\xb5\xa5.pdf\""), "报价单.pdf");
}

TEST(Searchable, HtmlIsFoundWithoutItsMachinery)
{
    const std::string text = text_in(
        "Content-Type: text/html\n\n<html><head><style>.hidden{}</style></head><body>"
        "<script>var hidden;</script><p title=hidden>Stainless <b>pi</b>pes</p><!-- hidden -->");
    EXPECT_EQ(text, "Stainless pipes\n");
}

TEST(Searchable, FlowedLinesAreWholeAgain)
{
    const auto flowed = [](const std::string& more, const std::string& body) {
        return text_in("Content-Type: text/plain; charset=utf-8; format=flowed" + more +
                       "\r\n\r\n" + body);
    };
    EXPECT_EQ(flowed("", "one \r\ntwo\r\nthree"), "one two\nthree\n");
    EXPECT_EQ(flowed("", "> one \r\n> two\r\nmine"), "> one two\nmine\n");
    EXPECT_EQ(flowed("", "> one \r\n>> other"), "> one \n>> other\n");
    EXPECT_EQ(flowed("", "name \r\n-- \r\nBob"), "name \n-- \nBob\n");
    EXPECT_EQ(flowed("", " From here \r\nto there"), "From here to there\n");
    EXPECT_EQ(flowed("; delsp=yes", "不锈 \r\n钢管"), "不锈钢管\n");
    EXPECT_EQ(text_in("Content-Type: text/plain\r\n\r\none \r\ntwo"), "one \ntwo");
}

TEST(Searchable, QuotedRepliesStayFindable)
{
    EXPECT_EQ(text_in("\nyes\n> is it urgent?\n"), "yes\n> is it urgent?\n");
}

TEST(Searchable, LoneCarriageReturnsAndFormFeedsKeepWordsApart)
{
    EXPECT_EQ(text_in("\none\rtwo\fthree"), "one\ntwo three");
}

TEST(Searchable, AnAlternativeThatRepeatsItselfIsTextOnce)
{
    EXPECT_EQ(text_in(alternative("Dear Bob,\r\n304 pipes at\r\n1,250.00",
                                  "<p>Dear <b>Bob</b>,<br>304 pipes at 1,250.00</p>")),
              "Dear Bob,\n304 pipes at\n1,250.00");
    EXPECT_EQ(text_in(alternative("不锈钢\r\n管报价", "<p>不锈钢管报价</p>")), "不锈钢\n管报价");
}

TEST(Searchable, WhatOnlyTheHtmlSaysIsFoundToo)
{
    EXPECT_EQ(text_in(alternative("Dear Bob, the price is below.",
                                  "<p>Dear Bob, the price is below.</p><p>1250 dollars</p>")),
              "Dear Bob, the price is below.\n1250 dollars\n");
    EXPECT_EQ(text_in(alternative("", "<p>only here</p>")), "only here\n");
    EXPECT_EQ(text_in(alternative("only here", "")), "only here");
}

TEST(Searchable, APlainPartThatSaysNextToNothingStandsLast)
{
    EXPECT_EQ(text_in(alternative("HTML only", "<p>Your order of twelve valves left the port of "
                                               "Ningbo today</p>")),
              "Your order of twelve valves left the port of Ningbo today\nHTML only");
}

TEST(Searchable, SealedBodiesGiveNoNoise)
{
    const std::string armoured = "before\n-----BEGIN PGP MESSAGE-----\nVersion: 1\n\nhQEMA0noise\n"
                                 "-----END PGP MESSAGE-----\nafter\n";
    EXPECT_EQ(text_in("\n" + armoured), "before\nafter\n");
    EXPECT_EQ(text_in("\n> -----BEGIN PGP SIGNATURE-----\n> iQEnoise\n> -----END PGP SIGNATURE-----"
                      "\nafter"),
              "after");
    EXPECT_EQ(text_in("\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nreadable\n"
                      "-----BEGIN PGP SIGNATURE-----\nnoise\n-----END PGP SIGNATURE-----\n"),
              "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nreadable\n");
    EXPECT_EQ(text_in("\nsee\nbegin 644 price.xls\nM0noise\n`\nend\nbye"), "see\nbye");
    EXPECT_EQ(text_in("\n-----BEGIN PGP MESSAGE-----\nno end"),
              "-----BEGIN PGP MESSAGE-----\nno end");
    const Searchable opaque = searchable("Content-Type: application/pkcs7-mime; name=smime.p7m\r\n"
                                         "Content-Transfer-Encoding: base64\r\n\r\nMIIBnoise\r\n");
    EXPECT_EQ(opaque.text, "");
    EXPECT_THAT(opaque.attachments, IsEmpty());
}

TEST(Searchable, SignaturesAndEncryptionAreNoAttachments)
{
    const Searchable is_signed = searchable(
        "Content-Type: multipart/signed; boundary=s\n\n--s\n\nhello\n"
        "--s\nContent-Type: application/pgp-signature; name=signature.asc\n\nnoise\n--s--\n");
    EXPECT_EQ(is_signed.text, "hello");
    EXPECT_THAT(is_signed.attachments, IsEmpty());
    const Searchable encrypted = searchable(
        "Content-Type: multipart/encrypted; boundary=s\n\n--s\n"
        "Content-Type: application/pgp-encrypted\n\nVersion: 1\n"
        "--s\nContent-Type: application/octet-stream; name=encrypted.asc\n\nnoise\n--s--\n");
    EXPECT_EQ(encrypted.text, "");
    EXPECT_THAT(encrypted.attachments, IsEmpty());
}

TEST(Searchable, AttachedMessagesAreFoundByWhatTheySay)
{
    const Searchable message =
        searchable("Subject: Fwd\nContent-Type: multipart/mixed; boundary=m\n\n--m\n\nsee below\n"
                   "--m\nContent-Type: message/rfc822\n\n"
                   "From: Ann <ann@x>\nSubject: =?utf-8?B?5oql5Lu3?=\n"
                   "Content-Type: multipart/mixed; boundary=i\n\n--i\n\ninner body\n"
                   "--i\nContent-Type: application/pdf; name=a.pdf\n\n%PDF- text\n--i--\n--m--\n");
    EXPECT_EQ(message.subject, "Fwd");
    EXPECT_EQ(message.text, "see below\n\n报价\nAnn <ann@x>\n\ninner body");
    ASSERT_EQ(message.attachments.size(), 2U);
    EXPECT_EQ(message.attachments[0].file_name, "报价.eml");
    EXPECT_EQ(message.attachments[0].text, "");
    EXPECT_EQ(message.attachments[1].file_name, "a.pdf");
    EXPECT_EQ(message.attachments[1].text, "%PDF- text");
}

TEST(Searchable, TextFilesAreReadAsDocumentsInTheirCharset)
{
    std::vector<std::string> seen;
    const Searchable message = searchable_of(
        bytes_of("Content-Type: multipart/mixed; boundary=m\n\n--m\n\nbody\n"
                 "--m\nContent-Type: text/csv; charset=gb2312; name=p.csv\n\n\xb1\xa8\xbc\xdb,5\n"
                 "--m\nContent-Type: text/html; name=p.html\nContent-Transfer-Encoding: base64\n\n"
                 "PGI+aGk8L2I+\n--m\nContent-Type: text/plain\nContent-Disposition: attachment\n\n"
                 "plain\n--m--\n"),
        [&](const Document& document) {
            seen.push_back(fmt::format("{} {} {}", document.file_name, document.media_type,
                                       text_of(document.content)));
            return std::string("read");
        });
    EXPECT_THAT(seen, ElementsAre("p.csv text/csv 报价,5", "p.html text/html <b>hi</b>",
                                  " text/plain plain"));
    EXPECT_EQ(message.text, "body");
    ASSERT_EQ(message.attachments.size(), 3U);
    EXPECT_EQ(message.attachments[2].text, "read");
}

TEST(Searchable, PicturesAreNotReadAndThoseInTheTextAreNoAttachments)
{
    const Searchable message =
        searchable_of(bytes_of("Content-Type: multipart/related; boundary=m\n\n--m\n\nbody\n"
                               "--m\nContent-Type: image/png; name=logo.png\nContent-ID: <1>\n\nx\n"
                               "--m\nContent-Type: image/jpeg; name=photo.jpg\n\nx\n--m--\n"),
                      [](const Document&) -> std::string {
                          ADD_FAILURE() << "a picture was read";
                          return {};
                      });
    ASSERT_EQ(message.attachments.size(), 1U);
    EXPECT_EQ(message.attachments[0].file_name, "photo.jpg");
}

TEST(Searchable, InvitationsAndBouncesAreText)
{
    EXPECT_THAT(text_in("Content-Type: text/calendar\n\nSUMMARY:Factory visit\n"),
                HasSubstr("Factory visit"));
    EXPECT_THAT(text_in("Content-Type: multipart/report; boundary=m\n\n--m\n\nfailed\n--m\n"
                        "Content-Type: message/delivery-status\n\n"
                        "Final-Recipient: rfc822; bob@example.com\n--m--\n"),
                HasSubstr("bob@example.com"));
}

}  // namespace mailhold::mail
