#include <gtest/gtest.h>

#include "mailhold/base/html.hpp"

namespace mailhold {
namespace {

TEST(HtmlText, IsNeverMarkup)
{
    EXPECT_EQ(html_text("<script>alert(\"x\")</script> & 'y'"),
              "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;y&#39;");
}

TEST(HtmlText, KeepsWhatPeopleRead)
{
    EXPECT_EQ(html_text("林薇 Größe"), "林薇 Größe");
    EXPECT_EQ(html_text("a\x01\r\nb\x7f"), "a   b ");
}

}  // namespace
}  // namespace mailhold
