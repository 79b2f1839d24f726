// Documents of Office before 2007 and messages of Outlook.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compound_file.hpp"
#include "mail/compound_samples.hpp"
#include "mail/document_samples.hpp"
#include "mailhold/mail/document.hpp"

namespace mailhold::mail {
namespace {

using test::excel_record;
using test::le16;
using test::le32;
using test::utf16;
using Outcome = DocumentText::Outcome;

DocumentText read(std::string_view content, const DocumentLimits& limits = {})
{
    return read_document({"file", "application/octet-stream", bytes_of(content)}, limits);
}

TEST(CompoundFile, GivesBackShortAndLongStreamsInStorages)
{
    const std::string large(100'000, 'x');
    const std::string bytes = test::compound_file(
        {{"short", "words"}, {"empty", ""}, {"报价/inner/large", large}, {"报价/other", "more"}});
    const auto file = CompoundFile::open(bytes_of(bytes));
    ASSERT_TRUE(file);
    EXPECT_EQ(file->entries().size(), 7U);
    EXPECT_EQ(text_of(file->read(CompoundFile::root, "short", 100)), "words");
    EXPECT_EQ(text_of(file->read(CompoundFile::root, "short", 3)), "wor");
    EXPECT_TRUE(file->read(CompoundFile::root, "empty", 100).empty());
    EXPECT_TRUE(file->read(CompoundFile::root, "absent", 100).empty());
    const auto* outer = file->find(CompoundFile::root, "报价");
    ASSERT_NE(outer, nullptr);
    const auto number = static_cast<std::size_t>(outer - file->entries().data());
    EXPECT_EQ(text_of(file->read(number, "other", 100)), "more");
    const auto* inner = file->find(number, "inner");
    ASSERT_NE(inner, nullptr);
    const auto inner_number = static_cast<std::size_t>(inner - file->entries().data());
    EXPECT_TRUE(text_of(file->read(inner_number, "large", 1 * mebibyte)) == large);
}

TEST(CompoundFile, AnyCutAndAnyFlippedByteOfItsTablesIsSurvived)
{
    const std::string whole =
        test::compound_file({{"a", "words"}, {"b/c", std::string(5'000, 'x')}});
    for (std::size_t size = 0; size < whole.size(); size += 61) {
        const std::string cut = whole.substr(0, size);
        if (const auto file = CompoundFile::open(bytes_of(cut))) {
            EXPECT_LE(file->read(CompoundFile::root, "a", 100).size(), 5U);
        }
    }
    for (std::size_t at = 8; at < whole.size(); ++at) {
        std::string flipped = whole;
        flipped[at] = static_cast<char>(flipped[at] ^ 0xff);
        if (const auto file = CompoundFile::open(bytes_of(flipped))) {
            for (const auto& entry : file->entries())
                EXPECT_LE(file->read(entry, 10'000).size(), 10'000U);
        }
    }
}

TEST(OldDocument, WordGivesItsPiecesWithoutTheCodesOfFields)
{
    const DocumentText text =
        read(test::doc("Caf\xe9 \x13HYPERLINK unseen\x14link\x15\rcell\x07\x07", "不锈钢\r报价单"));
    EXPECT_EQ(text.outcome, Outcome::read) << text.why;
    EXPECT_EQ(text.text, "Café link\ncell\t不锈钢\n报价单\n");
}

TEST(OldDocument, WordBefore97IsOneRunOfBytes)
{
    std::string document = le16(0xa5ec) + le16(0x65) + std::string(8, '\0');
    document.resize(24, '\0');
    document += le32(0x300) + le32(0x306);
    document.resize(0x300, '\0');
    document += "\xb1\xa8\xbc\xdb\r1";
    EXPECT_EQ(read(test::compound_file({{"WordDocument", document}})).text, "报价\n1\n");
}

/// A string with its length before it.
std::string wide_string(std::string_view text)
{
    const std::string wide = utf16(text);
    return le16(static_cast<unsigned>(wide.size() / 2)) + "\1" + wide;
}

std::string shared_cell(unsigned row, unsigned column, unsigned index)
{
    return excel_record(0xfd, le16(row) + le16(column) + le16(0) + le32(index));
}

TEST(OldDocument, ExcelGivesSheetNamesWordsAndNumbersInTheirRows)
{
    const std::string name = utf16("价格");
    // The second string goes on in another record, there with a byte a character.
    const std::string table =
        le32(2) + le32(2) + wide_string("螺母") + le16(8) + "\1" + utf16("不锈钢");
    const std::string globals = excel_record(0x85, le32(0) + le16(0) + "\2\1" + name) +
                                excel_record(0xfc, table) +
                                excel_record(0x3c, std::string("\0A2 M8", 6));
    const std::string number = excel_record(
        0x203, le16(0) + le16(1) + le16(0) + std::string("\0\0\0\0\0\0\xf4\x3f", 8));  // 1.25
    const std::string packed =
        excel_record(0xbd, le16(1) + le16(1) + le16(0) + le32(1250U << 2 | 2) + le16(0) +
                               le32(12345U << 2 | 3) + le16(2));
    const std::string formula =
        excel_record(0x06, le16(2) + le16(0) + le16(0) + std::string("\0\0\0\0\0\0\xff\xff", 8)) +
        excel_record(0x207, wide_string("结果"));
    const DocumentText text = read(test::xls(globals, shared_cell(0, 0, 1) + number +
                                                          shared_cell(1, 0, 0) + packed + formula));
    EXPECT_EQ(text.outcome, Outcome::read) << text.why;
    EXPECT_EQ(text.text, "价格\n不锈钢A2 M8\t1.25\n螺母\t1250\t123.45\n结果\n");
}

TEST(OldDocument, ThatIsEncryptedSaysSo)
{
    const std::vector<std::string> files = {
        test::xls(excel_record(0x2f, std::string(54, '\1')), ""),
        test::compound_file({{"EncryptedPackage", "secret"}, {"EncryptionInfo", "x"}}),
        test::compound_file({{"WordDocument", le16(0xa5ec) + le16(0xc1) + std::string(6, '\0') +
                                                  le16(0x0100) + std::string(1'000, '\0')}}),
        test::compound_file({{"PowerPoint Document", le16(0xf) + le16(0x2f14) + le32(0)}})};
    for (const std::string& file : files) {
        EXPECT_EQ(read(file).outcome, Outcome::failed);
        EXPECT_EQ(read(file).why, "encrypted");
    }
}

TEST(OldDocument, PowerPointGivesTheTextsInItsRecords)
{
    const std::string wide = utf16("公司介绍\rtwo");
    const std::string leaves = le16(0) + le16(0xfa0) + le32(static_cast<unsigned>(wide.size())) +
                               wide + le16(0) + le16(0xfa8) + le32(5) + "Caf\xe9s" + le16(0) +
                               le16(0xfff) + le32(4) + "skip";
    const std::string stream =
        le16(0xf) + le16(1006) + le32(static_cast<unsigned>(leaves.size())) + leaves;
    EXPECT_EQ(read(test::compound_file({{"PowerPoint Document", stream}})).text,
              "公司介绍\ntwo\nCafés\n");
}

TEST(OldDocument, OutlookMessagesGiveHeadersBodyAndAttachmentsAlsoOfMessagesInThem)
{
    const std::string inner = "__attach_version1.0_#00000001/__substg1.0_3701000D/";
    const std::string file = test::compound_file(
        {{"__properties_version1.0", std::string(32, '\0')},
         {"__substg1.0_0037001F", utf16("报价")},
         {"__substg1.0_0C1A001E", "Li Wei"},
         {"__recip_version1.0_#00000000/__substg1.0_3001001F", utf16("Anna")},
         {"__recip_version1.0_#00000000/__substg1.0_39FE001F", utf16("anna@acme.example")},
         {"__substg1.0_1000001F", utf16("the body")},
         {"__attach_version1.0_#00000000/__substg1.0_3707001F", utf16("quote.docx")},
         {"__attach_version1.0_#00000000/__substg1.0_37010102", test::docx({"attached words"})},
         {inner + "__substg1.0_0037001F", utf16("inner subject")},
         {inner + "__substg1.0_10130102", "<p>inner <b>body</b></p>"}});
    const DocumentText text = read(file);
    EXPECT_EQ(text.outcome, Outcome::read) << text.why;
    EXPECT_EQ(text.text, "报价\nLi Wei\nAnna anna@acme.example\nthe body\nquote.docx\n"
                         "attached words\ninner subject\ninner body\n");
    EXPECT_EQ(read(file, {.depth = 0}).outcome, Outcome::shortened);
}

TEST(OldDocument, OfAnUnknownProgramOrCutShortFails)
{
    EXPECT_EQ(read(test::compound_file({{"other", "x"}})).outcome, Outcome::failed);
    const std::string whole = test::doc("latin", "other");
    for (std::size_t size = 8; size < whole.size(); size += 97)
        EXPECT_NO_THROW(read(whole.substr(0, size)));
}

TEST(OldDocument, WinmailDatGivesSubjectBodyAndAttachments)
{
    const auto attribute = [](char level, unsigned id, const std::string& data) {
        unsigned sum = 0;
        for (const char c : data)
            sum += static_cast<unsigned char>(c);
        return level + le32(id) + le32(static_cast<unsigned>(data.size())) + data +
               le16(sum & 0xffff);
    };
    const std::string file =
        std::string("\x78\x9f\x3e\x22") + le16(1) +
        attribute(1, 0x00089006, le32(0x10000)) +                         // version
        attribute(1, 0x00069007, le32(936) + le32(0)) +                   // code page
        attribute(1, 0x00018004, std::string("\xb1\xa8\xbc\xdb\0", 5)) +  // subject
        attribute(1, 0x0002800c, std::string("the body\0", 9)) +          //
        attribute(2, 0x00069002, std::string(14, '\0')) +                 // an attachment begins
        attribute(2, 0x00018010, std::string("a.txt\0", 6)) +             // its name
        attribute(2, 0x0006800f, "attached words");
    const DocumentText text = read(file);
    EXPECT_EQ(text.outcome, Outcome::read) << text.why;
    EXPECT_EQ(text.text, "报价\nthe body\na.txt\nattached words\n");
    for (std::size_t size = 6; size < file.size(); size += 5)
        EXPECT_NO_THROW(read(file.substr(0, size)));
}

}  // namespace
}  // namespace mailhold::mail
