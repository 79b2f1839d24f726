// A message in the terminal: columns, quotes, attachments, and mail that wants to steer it.

#include "message_view.hpp"

#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "terminal.hpp"

namespace mailhold::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

mail::Readable letter()
{
    mail::Readable message;
    message.from = "张三 <zhang@example.cn>";
    message.to = {"a@x.org", "b@x.org"};
    message.date = InternalDate{1'709'222'399, 480};
    message.subject = "报价";
    message.text = "Dear Bob,\n\nsee below\n";
    return message;
}

std::string shown(const mail::Readable& message, std::vector<Lying> places = {})
{
    return message_for_terminal(
        {.id = {}, .size_bytes = 1'234, .places = std::move(places), .message = message});
}

TEST(MessageView, FieldsStandInOneColumnAndTheTextFollows)
{
    EXPECT_EQ(shown(letter()), "From     张三 <zhang@example.cn>\n"
                               "To       a@x.org,\n"
                               "         b@x.org\n"
                               "Date     2024-02-29 23:59 +08:00\n"
                               "Subject  报价\n"
                               "Id       000000000000  (1.2 kB)\n"
                               "\n"
                               "Dear Bob,\n\nsee below\n");
}

TEST(MessageView, PlacesTellFlagsAndSinceWhenItIsGone)
{
    Lying place{.address = "lin@acme.example", .folder = "INBOX", .placement = {}};
    place.placement.flags = {"\\Answered", "\\Seen"};
    place.placement.gone_since = Time{0};
    const std::string text =
        shown(letter(), {place, {.address = "x@y", .folder = "Sent", .placement = {}}});
    EXPECT_THAT(text, HasSubstr("\nIn       lin@acme.example/INBOX  \\Answered \\Seen  (gone from "
                                "the server since 19"));
    EXPECT_THAT(text, HasSubstr("\n         x@y/Sent\n"));
}

TEST(MessageView, AttachmentsAreListedWithTheCommandThatSavesOne)
{
    mail::Readable message = letter();
    message.attachments = {{1, "报价单.pdf", "application/pdf", 3'449'000},
                           {2, "", "image/png", 12}};
    EXPECT_THAT(shown(message),
                HasSubstr("\n   attachment  type               size\n"
                          "1  报价单.pdf  application/pdf  3.4 MB\n"
                          "2  (no name)   image/png          12 B\n"
                          "Save one: mailhold show 000000000000 --part 1 -o FILE\n"));
}

TEST(MessageView, ALongFileNameIsCutAndTheColumnsStay)
{
    mail::Readable message = letter();
    message.attachments = {{1, std::string(300, 'x') + ".pdf", "application/pdf", 1}};
    EXPECT_THAT(shown(message), HasSubstr("x…  application/pdf"));
}

TEST(MessageView, NothingInItSteersTheTerminal)
{
    mail::Readable message = letter();
    message.subject = "a\x1b[2J";
    message.text = "b\x1b[0m\tc\r\nd";
    message.attachments = {{1, "e\x1b.pdf", "f\x07", 1}};
    const std::string text = shown(message);
    EXPECT_THAT(text, Not(HasSubstr("\x1b")));
    EXPECT_THAT(text, Not(HasSubstr("\x07")));
    EXPECT_THAT(text, Not(HasSubstr("\r")));
    EXPECT_THAT(text, HasSubstr("\tc"));
}

/// Colours for the length of a test.
class ColouredView : public testing::Test {
protected:
    void SetUp() override
    {
        ::unsetenv("NO_COLOR");
        ::setenv("CLICOLOR_FORCE", "1", 1);
        allow_colors(true);
    }
    void TearDown() override
    {
        ::unsetenv("CLICOLOR_FORCE");
        allow_colors(false);
    }
};

TEST_F(ColouredView, QuotesAndTheirIntroductionsAreDimmed)
{
    const std::string text = text_with_quotes_dimmed("yes\nOn Monday Bob wrote:\n\n> is it?\n"
                                                     ">> well\nas he wrote:\nno quote\n");
    EXPECT_EQ(text, "yes\n\033[2mOn Monday Bob wrote:\033[0m\n\n\033[2m> is it?\033[0m\n"
                    "\033[2m>> well\033[0m\nas he wrote:\nno quote\n");
}

TEST_F(ColouredView, NamesOfFieldsStandOut)
{
    EXPECT_THAT(shown(letter()), StartsWith("\033[1mFrom     \033[0m张三"));
}

}  // namespace
}  // namespace mailhold::cli
