// The page that lists an archive's messages, and their sums.

#include "index_page.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mailhold::deliver {

namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Outgoing message(const std::string& subject, std::int64_t time, std::string_view raw = "abc")
{
    Outgoing out;
    out.folder = "INBOX";
    out.date = InternalDate{time, 0};
    out.subject = subject;
    out.from = "\"A\" <a@b.example>";
    out.to = "c@d.example";
    out.raw = bytes_of(raw);
    return out;
}

TEST(IndexPage, ListsMessagesByDate)
{
    IndexPage page;
    page.add("b.eml", message("second", 2'000));
    page.add("a.eml", message("first", 1'000));
    const std::string html = page.html();
    EXPECT_LT(html.find("first"), html.find("second"));
    EXPECT_THAT(html, HasSubstr("<tr><td>1</td><td>1970-01-01T00:16:40Z</td>"));
    EXPECT_THAT(html, HasSubstr("<h1>2 messages</h1>"));
    EXPECT_THAT(html, HasSubstr("&quot;A&quot; &lt;a@b.example&gt;"));
}

TEST(IndexPage, WhatMailSaysIsNoMarkup)
{
    IndexPage page;
    page.add("客户/a \"b\".eml", message("<script>alert(1)</script>&amp;\x1b\xff", 0));
    const std::string html = page.html();
    EXPECT_THAT(html, Not(HasSubstr("<script")));
    EXPECT_THAT(html, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;"));
    EXPECT_THAT(html, HasSubstr("href=\"./%E5%AE%A2%E6%88%B7/a%20%22b%22.eml\""));
}

TEST(IndexPage, SumsAreAsSha256sumWritesThem)
{
    IndexPage page;
    page.add("a.eml", message("x", 0));
    page.add("back\\slash.eml", message("x", 0, ""));
    page.add_file("index.html", bytes_of("abc"));
    const std::string abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    const std::string none = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    EXPECT_EQ(page.checksums(),
              abc + "  a.eml\n\\" + none + "  back\\\\slash.eml\n" + abc + "  index.html\n");
}

}  // namespace

}  // namespace mailhold::deliver
