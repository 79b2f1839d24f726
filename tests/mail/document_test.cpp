// The text of each kind of document, read in this process.

#include "mailhold/mail/document.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "document_canary.hpp"
#include "mail/document_samples.hpp"

namespace mailhold::mail {
namespace {

using testing::HasSubstr;
using testing::Not;
using Outcome = DocumentText::Outcome;

DocumentText read(std::string_view name, std::string_view content,
                  const DocumentLimits& limits = {})
{
    return read_document({name, "application/octet-stream", bytes_of(content)}, limits);
}

std::string text_of_document(std::string_view name, std::string_view content)
{
    const DocumentText text = read(name, content);
    EXPECT_EQ(text.outcome, Outcome::read) << name << ": " << text.why;
    return text.text;
}

TEST(Document, ThatIsAPictureOrUnknownIsNotRead)
{
    for (const std::string_view content : {"\x89PNG\r\n\x1a\n rest", "MZ program", ""}) {
        EXPECT_FALSE(is_readable({"file.bin", "image/png", bytes_of(content)}));
        EXPECT_EQ(read("file.bin", content).outcome, Outcome::unread);
    }
}

TEST(Document, IsKnownByItsFirstBytesWhateverItIsCalled)
{
    EXPECT_EQ(text_of_document("quote.txt", test::pdf({"stainless"})), "stainless\n");
    EXPECT_EQ(text_of_document("quote.pdf.doc", "{\\rtf1 stainless}"), "stainless\n");
    EXPECT_THAT(text_of_document("table.xls", "<html><table><tr><td>stainless</td></tr></table>"),
                HasSubstr("stainless"));
}

TEST(Document, PlainTextIsReadInTheCharsetItLooksLike)
{
    EXPECT_EQ(text_of_document("a.txt", "\xef\xbb\xbf报价单"), "报价单\n");
    EXPECT_EQ(text_of_document("a.csv", canary_text), "报价单 304\n");
    EXPECT_EQ(text_of_document("a.txt", std::string_view("\xff\xfe\xa5\x62\xf7\x4e", 6)), "报价\n");
    EXPECT_EQ(text_of_document("a.txt", "Gr\xfc\xdf"
                                        "e aus K\xf6ln"),
              "Grüße aus Köln\n");
    EXPECT_EQ(read("a.txt", std::string_view("\x89PN\0G", 5)).outcome, Outcome::failed);
}

TEST(Document, RichTextInUnicodeAndInTheCodePageOfItsFont)
{
    EXPECT_EQ(text_of_document("a.rtf", "{\\rtf1\\uc1 \\u19981?\\u-27384?\\u-27486? \\{x\\}\\par\n"
                                        "\\u-10179?\\u-8704? \\uc2\\u8364\\'80\\'80 1\\par}"),
              "不锈钢 {x}\n😀 € 1\n");
    EXPECT_EQ(text_of_document("a.rtf",
                               "{\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f0\\fcharset0 Arial;}"
                               "{\\f1\\fcharset134 SimSun;}}\\f0 Gr\\'fc\\'dfe {\\f1\\'b1\\'a8"
                               "\\'bc\\'db} M\\'fcller}"),
              "Grüße 报价 Müller\n");
    EXPECT_EQ(text_of_document("a.rtf", "{\\rtf1\\ansicpg936 \\'b1\\'a8\\'bc\\'db}"), "报价\n");
}

TEST(Document, RichTextTablesBreaksAndWhatIsNoText)
{
    EXPECT_EQ(text_of_document("a.rtf",
                               "{\\rtf1{\\info{\\title unseen}}{\\*\\generator unseen;}"
                               "{\\stylesheet{unseen;}}{\\pict\\bin5 }}}}}00ff}one\\cell two"
                               "\\cell\\row{\\field{\\*\\fldinst HYPERLINK unseen}{\\fldrslt link}}"
                               "\\line a\\~b\\_c\\-d \\emdash  e\\par}"),
              "one\ttwo\nlink\na b-cd — e\n");
}

TEST(Document, PdfOfSeveralPagesAndChineseWithoutItsFont)
{
    EXPECT_EQ(text_of_document("a.pdf", test::pdf({"first page", "second page"})),
              "first page\nsecond page\n");
    EXPECT_EQ(text_of_document("a.pdf", canary_pdf()),
              fmt::format("{}\n{}\n", canary_words, canary_words_gbk));
}

TEST(Document, PdfThatIsCutOffFails)
{
    const std::string whole = test::pdf({"words"});
    EXPECT_EQ(read("a.pdf", whole.substr(0, 60)).outcome, Outcome::failed);
}

TEST(Document, WordFilesGiveParagraphsWithoutStyles)
{
    EXPECT_EQ(text_of_document("a.docx", test::docx({"M&amp;S 报价", "second"})),
              "M&S 报价\nsecond\n");
}

TEST(Document, WordRunsJoinTabsPartAndFallbacksAreLeftOut)
{
    const std::string content = test::zip(
        {{"[Content_Types].xml", "<Types/>"},
         {"word/document.xml",
          "<d xmlns:w='w' xmlns:mc='m'><w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr><w:r><w:t>stain"
          "</w:t></w:r><w:r><w:t>less</w:t><w:tab/><w:t>steel</w:t></w:r></w:p><mc:Choice><w:t>box"
          "</w:t></mc:Choice><mc:Fallback><w:t>twice</w:t></mc:Fallback><w:delText>gone"
          "</w:delText></d>"},
         {"word/footer1.xml", "<f xmlns:w='w'><w:p><w:t>page foot</w:t></w:p></f>"},
         {"word/comments.xml", "<f xmlns:w='w'><w:p><w:t>a remark</w:t></w:p></f>"}});
    EXPECT_EQ(text_of_document("a.docx", content), "stainless\tsteel\nbox\npage foot\na remark\n");
}

TEST(Document, SlidesGiveTheirTexts)
{
    EXPECT_EQ(text_of_document("a.pptx", test::pptx({"公司介绍", "Products"})),
              "公司介绍\nProducts\n");
}

TEST(Document, WorkbooksGiveSheetNamesSharedAndInlineStringsAndNumbersInTheirRows)
{
    const std::string rows =
        "<row><c t='s'><v>1</v></c><c><v>1250</v></c><c><v>0.30000000000000004</v></c></row>"
        "<row><c t='inlineStr'><is><t>inline</t></is></c><c t='str'><f>A1</f><v>formula</v></c>"
        "<c t='b'><v>1</v></c><c t='s'><v>0</v></c><c t='s'><v>99</v></c></row>";
    EXPECT_EQ(text_of_document("a.xlsx", test::xlsx(rows, {"螺母", "不锈钢管"})),
              "Prices & terms\n不锈钢管\t1250\t0.3\ninline\tformula\t螺母\n");
}

TEST(Document, OpenDocumentTextAndSheets)
{
    EXPECT_EQ(text_of_document("a.odt", test::odt("<text:h>报价</text:h><text:p>one<text:s/>two"
                                                  "<text:tab/>three<text:span> four</text:span>"
                                                  "</text:p><text:tracked-changes><text:p>gone"
                                                  "</text:p></text:tracked-changes>")),
              "报价\none two\tthree four\n");
    EXPECT_EQ(text_of_document("a.ods", test::ods("<table:table-row><table:table-cell><text:p>螺母"
                                                  "</text:p></table:table-cell><table:table-cell>"
                                                  "<text:p>1,250.00</text:p></table:table-cell>"
                                                  "</table:table-row><table:table-row><text:p>next"
                                                  "</text:p></table:table-row>")),
              "螺母\t1,250.00\nnext\n");
}

TEST(Document, AnEncryptedOpenDocumentSaysSo)
{
    const DocumentText text = read(
        "a.odt", test::zip({{"mimetype", "application/vnd.oasis.opendocument.text"},
                            {"content.xml", "\x01\x02\x03"},
                            {"META-INF/manifest.xml",
                             "<manifest><file-entry><encryption-data/></file-entry></manifest>"}}));
    EXPECT_EQ(text.outcome, Outcome::failed);
    EXPECT_EQ(text.why, "encrypted");
}

TEST(Document, ChineseInvoicesInOfd)
{
    EXPECT_EQ(text_of_document("fapiao.ofd",
                               test::zip({{"OFD.xml", "<OFD/>"},
                                          {"Doc_0/Pages/Page_0/Content.xml",
                                           "<Page><TextCode>增值税发票</TextCode></Page>"}})),
              "增值税发票\n");
}

TEST(Document, XmlGivesItsTextsAndHtmlNoScripts)
{
    EXPECT_EQ(text_of_document("a.xml", "<?xml version='1.0'?><i><id>AB-1</id><n>Nut</n></i>"),
              "AB-1\nNut\n");
    EXPECT_THAT(text_of_document("a.html", "<p>seen<script>hidden()</script></p>"),
                testing::AllOf(HasSubstr("seen"), Not(HasSubstr("hidden"))));
}

// The leak checker of the sanitized build is what fails here.
TEST(Document, DeclarationsInXmlLeaveNothingBehind)
{
    EXPECT_EQ(text_of_document("a.xml", "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'long'>"
                                        "<!ATTLIST a c CDATA 'd'>]><a>text</a>"),
              "text\n");
}

TEST(Document, ZipsGiveNamesAndContentsAlsoOfZipsInThem)
{
    const std::string inner = test::zip({{"内.txt", "inner words"}});
    const std::string outer =
        test::zip({{"inner.zip", inner}, {"folder/quote.docx", test::docx({"报价"})}});
    EXPECT_EQ(text_of_document("a.zip", outer),
              "inner.zip\n内.txt\ninner words\nfolder/quote.docx\n报价\n");
    EXPECT_EQ(text_of_document("a.tar.zst", test::tar_zst({{"a.txt", "in a tar"}})),
              "a.txt\nin a tar\n");
}

TEST(Document, ArchivesInArchivesAreReadToTheDepthThatIsAllowed)
{
    std::string content = test::zip({{"a.txt", "deepest"}});
    for (int i = 0; i < 5; ++i)
        content = test::zip({{fmt::format("{}.zip", i), content}});
    const DocumentText text = read("a.zip", content);
    EXPECT_EQ(text.outcome, Outcome::shortened);
    EXPECT_THAT(text.text, Not(HasSubstr("deepest")));
    EXPECT_THAT(read("a.zip", content, {.depth = 6}).text, HasSubstr("deepest"));
}

TEST(Document, MessagesGiveHeadersTextAndWhatIsAttachedToThem)
{
    const std::string message =
        "From: Li Wei <li@ningbo.example>\r\nSubject: =?utf-8?B?5oql5Lu3?=\r\n"
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n"
        "the body\r\n--b\r\nContent-Type: text/csv; name=prices.csv\r\n\r\nnut;1.20\r\n--b--\r\n";
    EXPECT_EQ(text_of_document("a.eml", message),
              "Li Wei <li@ningbo.example>\n报价\nthe body\nprices.csv\nnut;1.20\n");
}

TEST(Document, TextIsCutAtItsLimitBetweenCharacters)
{
    std::string much;
    for (int i = 0; i < 1000; ++i)
        much += "不锈钢";
    const DocumentText text = read("a.docx", test::docx({much}), {.text_bytes = 1000});
    EXPECT_EQ(text.outcome, Outcome::shortened);
    EXPECT_TRUE(text.text == much.substr(0, 999) + "\n");
    EXPECT_EQ(read("a.txt", much, {.text_bytes = 1000}).outcome, Outcome::shortened);
}

TEST(Document, EveryCutOfAnOfficeFileIsReadOrFailsButNeverThrows)
{
    const std::string whole = test::xlsx("<row><c t='s'><v>0</v></c></row>", {"word"});
    for (std::size_t size = 0; size < whole.size(); size += 7)
        EXPECT_NO_THROW(read("a.xlsx", whole.substr(0, size)));
}

}  // namespace
}  // namespace mailhold::mail
