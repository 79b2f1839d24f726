// The dossier's files: whatever names and subjects say, they stay text.

#include <sstream>

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "contacts.hpp"
#include "mail_world.hpp"
#include "mailhold/base/file.hpp"
#include "mailhold/base/json.hpp"
#include "mailhold/handover/report_folder.hpp"
#include "pages.hpp"

namespace mailhold::handover {
namespace {

using test::alice;
using test::MailWorld;
using testing::HasSubstr;
using testing::Not;

/// A dossier in which every text that comes from mail is `hostile`.
Dossier hostile_dossier(const std::string& hostile)
{
    search::Contact contact;
    contact.address = contact.name = contact.last_subject = hostile;
    DossierCustomer customer{
        .known = {.name = "acme.example", .total = contact, .contacts = {contact}},
        .last_author = hostile,
        .successors = {"bob@company.example"}};
    Dossier dossier{.about = {.leaver = "alice@company.example",
                              .leaver_name = hostile,
                              .successors = {{"bob@company.example", {}}},
                              .case_id = "1a2b3c",
                              .made = test::today,
                              .notes = {hostile}}};
    dossier.customers.push_back(customer);
    dossier.waiting.push_back({.from_address = hostile, .from_name = hostile, .subject = hostile});
    dossier.offers.push_back({.to = {hostile}, .subject = hostile, .files = {hostile}});
    return dossier;
}

std::size_t count(const std::string& text, const std::string& part)
{
    std::size_t found = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
        ++found;
    return found;
}

TEST(Pages, NothingFromMailIsMarkupInHtml)
{
    const std::string plain = page_html(hostile_dossier("x"));
    const std::string page = page_html(hostile_dossier("</td><script>alert(1)</script>\"'&\n"));
    EXPECT_THAT(page, Not(HasSubstr("<script")));
    EXPECT_THAT(page, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;"));
    for (const char* mark : {"<", ">", "\"", "'", "\n"})
        EXPECT_EQ(count(page, mark), count(plain, mark)) << mark;
}

TEST(Pages, TheHtmlPageNeedsNothingFromElsewhere)
{
    const std::string page = page_html(hostile_dossier("x"));
    for (const char* outside :
         {"http://", "https://", "src=", "href=", "url(", "@import", "<script"})
        EXPECT_THAT(page, Not(HasSubstr(outside))) << outside;
    EXPECT_THAT(page, HasSubstr("default-src 'none'"));
    EXPECT_THAT(page, HasSubstr("@page { size: A4"));
}

TEST(Pages, EveryRowOfAMarkdownTableHasTheCellsOfItsHead)
{
    Dossier dossier = hostile_dossier("x");
    dossier.waiting.front().messages = 7;
    dossier.waiting.front().successors = {"carol@company.example"};
    EXPECT_THAT(page_markdown(dossier), HasSubstr("| x | 7 |\n"));
    dossier.about.successors.push_back({"carol@company.example", {"acme.example"}});
    const std::string page = page_markdown(dossier);
    EXPECT_THAT(page, HasSubstr("| Letters | Successor |\n"));
    EXPECT_THAT(page, HasSubstr("| x | 7 | carol@company.example |\n"));
}

TEST(Pages, NothingFromMailIsMarkupInMarkdown)
{
    const std::string page =
        page_markdown(hostile_dossier("# x\n| y [z](http://a) <b> `c` *d* _e_ ![f](g) https://h"));
    for (const char* mark : {"[z]", "<b>", "`c`", "*d*", "_e_", "![f]", "https://h", "\n| y"})
        EXPECT_THAT(page, Not(HasSubstr(mark))) << mark;
    EXPECT_EQ(count(page_markdown(hostile_dossier("x")), "\n"), count(page, "\n"));
}

TEST(Pages, ChineseNamesStayAsTheyAre)
{
    const Dossier dossier = hostile_dossier("王小明");
    for (const std::string& file : {page_html(dossier), page_markdown(dossier),
                                    contacts_vcard(dossier), contacts_csv(dossier)}) {
        EXPECT_THAT(file, HasSubstr("王小明"));
        EXPECT_TRUE(is_utf8(file));
    }
}

TEST(Contacts, CsvHoldsNoFormula)
{
    for (const char* formula :
         {"=cmd|'/c calc'!A1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1"}) {
        const std::string csv = contacts_csv(hostile_dossier(formula));
        EXPECT_THAT(csv, Not(HasSubstr("\"" + std::string(formula)))) << formula;
        EXPECT_THAT(csv, HasSubstr("\"'")) << formula;
    }
    const std::string csv = contacts_csv(hostile_dossier("a\"b\r\nc"));
    EXPECT_THAT(csv, HasSubstr("\"a\"\"b  c\""));
    EXPECT_EQ(count(csv, "\r\n"), 2) << "a head and one row";
    EXPECT_TRUE(csv.starts_with("\xEF\xBB\xBF\"First Name\","));
}

TEST(Contacts, VcardLinesAreEscapedAndFolded)
{
    const std::string cards = contacts_vcard(hostile_dossier("a;b,c\\d\r\nEND:VCARD\r\nTEL:1"));
    EXPECT_THAT(cards, HasSubstr("FN:a\\;b\\,c\\\\d  END:VCARD  TEL:1\r\n"));
    EXPECT_EQ(count(cards, "\r\nEND:VCARD"), 1);
    const std::string folded = contacts_vcard(hostile_dossier(std::string(30, ' ') + "x" + [] {
        std::string name;
        for (int i = 0; i < 60; ++i)
            name += "名";
        return name;
    }()));
    std::istringstream lines(folded);
    for (std::string line; std::getline(lines, line);) {
        EXPECT_LE(line.size(), 76) << line;  // with its CR
        EXPECT_TRUE(is_utf8(line)) << line;
    }
}

TEST(Contacts, NamesArePartedForAddressBooks)
{
    EXPECT_EQ(parted_name("Bob van Lee").given, "Bob van");
    EXPECT_EQ(parted_name("Bob van Lee").family, "Lee");
    EXPECT_EQ(parted_name("Lee, Bob").given, "Bob");
    EXPECT_EQ(parted_name("Lee, Bob").family, "Lee");
    EXPECT_EQ(parted_name("王小明").given, "王小明");
    EXPECT_EQ(parted_name("王小明").family, "");
    EXPECT_EQ(parted_name("山本 健一").family, "山本");
    EXPECT_EQ(parted_name("山本 健一").given, "健一");
    EXPECT_EQ(parted_name("林薇 Vivian Lin").given, "林薇 Vivian Lin");
    EXPECT_EQ(parted_name("Íñigo Peñalver").family, "Peñalver");
    EXPECT_EQ(parted_name("").given, "");
}

TEST(ReportFolder, IsForItsOwnerOnly)
{
    const test::TempDir dir;
    const ReportFolder folder(dir.path() / "new" / "report");
    folder.write(hostile_dossier("x"));
    folder.write(hostile_dossier("y"));
    struct stat status = {};
    ASSERT_EQ(::stat(folder.path().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0700U);
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
        ++files;
        ASSERT_EQ(::stat(entry.path().c_str(), &status), 0);
        EXPECT_EQ(status.st_mode & 0777U, 0600U) << entry.path();
    }
    EXPECT_EQ(files, 4);
    EXPECT_THAT(read_text_file(folder.path() / "dossier.html"), HasSubstr("<h1>y</h1>"));
}

}  // namespace
}  // namespace mailhold::handover
