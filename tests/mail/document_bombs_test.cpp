// Documents made to harm: each ends in time and within memory, and the next one is read.

#include <chrono>
#include <fstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "mail/document_bombs.hpp"
#include "mail/document_samples.hpp"
#include "mailhold/base/sanitized.hpp"
#include "mailhold/mail/document_workers.hpp"

namespace mailhold::mail {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;
using Outcome = DocumentText::Outcome;

constexpr std::uint64_t two_gigabytes = 2'000'000'000;

constexpr bool memory_is_its_own = !is_sanitized;  // a sanitizer takes more than the document

/// The most memory that the workers of this thread ever took.
std::uint64_t peak_mebibytes()
{
    std::ifstream list(fmt::format("/proc/self/task/{}/children", ::gettid()));
    std::uint64_t peak = 0;
    for (pid_t pid = 0; list >> pid;) {
        std::ifstream status(fmt::format("/proc/{}/status", pid));
        for (std::string word; status >> word;)
            if (std::uint64_t kibibytes = 0; word == "VmHWM:" && status >> kibibytes)
                peak = std::max(peak, kibibytes / 1024);
    }
    return peak;
}

class DocumentBombs : public testing::Test {
protected:
    DocumentText read(std::string_view name, std::string_view content,
                      std::uint64_t max_mebibytes = 200)
    {
        const auto start = std::chrono::steady_clock::now();
        DocumentText text = workers_.text_of({name, "application/octet-stream", bytes_of(content)});
        EXPECT_LT(std::chrono::steady_clock::now() - start, 7s) << name;
        if (memory_is_its_own) {
            EXPECT_LT(peak_mebibytes(), max_mebibytes) << name;
        }
        EXPECT_LE(text.text.size(), 4 * mebibyte);
        EXPECT_EQ(workers_.text_of({"a.txt", "text/plain", bytes_of("next")}).text, "next\n");
        return text;
    }

    DocumentWorkers workers_{1, {.time = 5s}};
};

TEST_F(DocumentBombs, ATextFileOfTwoGigabytesInAZip)
{
    const DocumentText text =
        read("a.zip",
             test::zip_of_deflated(
                 {{"zeros.txt", test::deflated_run("words", '0', two_gigabytes), 2'000'000'000}}));
    EXPECT_EQ(text.outcome, Outcome::shortened);
    EXPECT_THAT(text.text, HasSubstr("words"));
}

TEST_F(DocumentBombs, ManySuchFilesBehindOneAnother)
{
    std::vector<test::DeflatedMember> members;
    const std::string bomb = test::deflated_run("words", '0', 100'000'000);
    for (int i = 0; i < 40; ++i)
        members.push_back({fmt::format("{}.txt", i), bomb, 100'000'000});
    EXPECT_EQ(read("a.zip", test::zip_of_deflated(members)).outcome, Outcome::shortened);
}

TEST_F(DocumentBombs, ZipsOfZipsOfZips)
{
    std::string content = test::zip_of_deflated(
        {{"zeros.txt", test::deflated_run("", '0', 100'000'000), 100'000'000}});
    for (int level = 0; level < 5; ++level) {
        test::Members members;
        for (int i = 0; i < 8; ++i)
            members.emplace_back(fmt::format("{}.zip", i), content);
        content = test::zip(members);
    }
    EXPECT_EQ(read("a.zip", content).outcome, Outcome::shortened);
}

TEST_F(DocumentBombs, AZipOfManyEmptyFiles)
{
    std::vector<test::DeflatedMember> members;
    for (int i = 0; i < 60'000; ++i)
        members.push_back({fmt::format("{}.txt", i), std::string("\3\0", 2), 0});
    EXPECT_EQ(read("a.zip", test::zip_of_deflated(members)).outcome, Outcome::shortened);
}

TEST_F(DocumentBombs, ACompressedFileAndOneThatOnlySkippingUnpacks)
{
    const std::string bomb = test::deflated_run("words", '0', two_gigabytes);
    EXPECT_EQ(read("a.txt.gz", test::gzip_of_deflated(bomb)).outcome, Outcome::shortened);
    // A tar whose first member is a picture of gigabytes that nobody wants to see.
    std::string header(512, '\0');
    header.replace(0, 5, "a.jpg");
    header.replace(100, 8, "0000600");
    header.replace(124, 12, "17777777777 ");
    header.replace(156, 1, "0");
    header.replace(257, 8, std::string("ustar\00000", 8));
    unsigned sum = 8 * ' ';
    for (const char c : header)
        sum += static_cast<unsigned char>(c);
    header.replace(148, 8, fmt::format("{:06o}", sum) + std::string("\0 ", 2));
    EXPECT_EQ(read("a.tgz", test::gzip_of_deflated(test::deflated_run(header, '\0', two_gigabytes)))
                  .outcome,
              Outcome::shortened);
}

TEST_F(DocumentBombs, AWorkbookOfTwoGigabytesOfZeros)
{
    const auto workbook = [](std::string_view sheet_start, char character) {
        return test::zip_of_deflated(
            {{"[Content_Types].xml", test::deflated_run("<Types>", ' ', 1), 3'000},
             {"xl/workbook.xml", test::deflated_run("<workbook/>", ' ', 1), 3'000},
             {"xl/worksheets/sheet1.xml", test::deflated_run(sheet_start, character, two_gigabytes),
              2'000'000'000}});
    };
    for (const std::string_view start :
         {"<worksheet><sheetData><row><c><v>", "<worksheet><sheetData><row>", "<worksheet a='", ""})
        for (const char character : {'0', '\0', ' '})
            EXPECT_NE(read("a.xlsx", workbook(start, character)).outcome, Outcome::read);
}

TEST_F(DocumentBombs, SharedStringsThatAreReferredToAMillionTimes)
{
    std::string rows = "<row>";
    for (int i = 0; i < 300'000; ++i)
        rows += "<c t='s'><v>0</v></c>";
    EXPECT_EQ(read("a.xlsx", test::xlsx(rows + "</row>", {std::string(1'000'000, 'x')})).outcome,
              Outcome::shortened);
}

std::string entity_bomb(std::string_view element)
{
    std::string out = "<?xml version='1.0'?><!DOCTYPE d [<!ENTITY e0 'lol'>";
    for (int i = 1; i < 30; ++i)
        out += fmt::format("<!ENTITY e{0} '&e{1};&e{1};&e{1};&e{1};'>", i, i - 1);
    return out + fmt::format("]><d><{0}>before&e29;after</{0}></d>", element);
}

TEST_F(DocumentBombs, EntitiesThatGrow)
{
    EXPECT_THAT(read("a.xml", entity_bomb("p")).text, Not(HasSubstr("lollol")));
    const std::string docx =
        test::zip({{"[Content_Types].xml", "<Types/>"}, {"word/document.xml", entity_bomb("t")}});
    EXPECT_THAT(read("a.docx", docx).text, Not(HasSubstr("lollol")));
}

TEST_F(DocumentBombs, EntitiesThatNameFiles)
{
    const std::string content =
        "<?xml version='1.0'?><!DOCTYPE d SYSTEM 'http://192.0.2.1/d.dtd' [<!ENTITY f SYSTEM "
        "'file:///etc/passwd'><!ENTITY % g SYSTEM 'file:///etc/passwd'> %g;]><d>a&f;b</d>";
    EXPECT_THAT(read("a.xml", content).text, Not(HasSubstr("root")));
}

TEST_F(DocumentBombs, XmlAndRtfNestedVeryDeeply)
{
    std::string xml = "<?xml version='1.0'?>";
    for (int i = 0; i < 1'000'000; ++i)
        xml += "<a>";
    EXPECT_EQ(read("a.xml", xml).outcome, Outcome::failed);
    EXPECT_THAT(read("a.rtf", "{\\rtf1 words " + std::string(3'000'000, '{')).text,
                HasSubstr("words"));
}

TEST_F(DocumentBombs, PdfWhosePagesContainThemselves)
{
    const std::string font = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>";
    EXPECT_NE(read("a.pdf", test::pdf_of_objects({"<</Type/Catalog/Pages 2 0 R>>",
                                                  "<</Type/Pages/Count 99999999/Kids[2 0 R 2 0 R]"
                                                  "/Parent 2 0 R>>"}))
                  .outcome,
              Outcome::unread);
    EXPECT_NE(read("b.pdf", test::pdf_of_objects(
                                {"<</Type/Catalog/Pages 2 0 R>>",
                                 "<</Type/Pages/Count 2147483647/Kids[3 0 R]>>",
                                 "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 3 0 R>>"}))
                  .outcome,
              Outcome::unread);
}

TEST_F(DocumentBombs, PdfWhoseTablesOfObjectsLeadInACircle)
{
    std::string content = test::pdf({"words"});
    const std::size_t table = content.find("xref\n");
    const std::size_t size = content.find("/Size");
    content.insert(size, fmt::format("/Prev {}", table));
    EXPECT_NE(read("a.pdf", content).outcome, Outcome::unread);
}

TEST_F(DocumentBombs, PdfWithAFormThatDrawsItself)
{
    const std::string drawn = "BT /F1 9 Tf 1 1 Td (words) Tj ET /X Do /X Do";
    EXPECT_NE(
        read("a.pdf",
             test::pdf_of_objects(
                 {"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1/Kids[3 0 R]>>",
                  "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</XObject"
                  "<</X 5 0 R>>>>>>",
                  test::pdf_stream("/X Do"),
                  fmt::format("<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X "
                              "5 0 R>>/Font<</F1 6 0 R>>>>/Length {}>>\nstream\n{}\nendstream",
                              drawn.size(), drawn),
                  "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"}))
            .outcome,
        Outcome::unread);
}

TEST_F(DocumentBombs, PdfWhosePageUnpacksToGigabytes)
{
    constexpr std::uint64_t its_limit = 512;
    using Stream = std::pair<std::string_view, char>;
    for (const auto& [start, character] :
         {Stream("BT /F1 9 Tf 1 1 Td (", '0'), Stream("", ' '), Stream("", '[')}) {
        // zlib's two bytes before, no checksum behind
        const std::string stream = "\x78\x01" + test::deflated_run(start, character, two_gigabytes);
        const std::string content = test::pdf_of_objects(
            {"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1/Kids[3 0 R]>>",
             "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>",
             fmt::format("<</Filter/FlateDecode/Length {}>>\nstream\n{}\nendstream", stream.size(),
                         stream)});
        EXPECT_NE(read("a.pdf", content, its_limit).outcome, Outcome::unread);
    }
}

}  // namespace
}  // namespace mailhold::mail
