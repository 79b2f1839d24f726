// Errors carry context and a hint.

#include "mailhold/base/error.hpp"

#include <set>

#include <gmock/gmock.h>

namespace mailhold {
namespace {

TEST(ErrorText, ContextGrowsOutwards)
{
    Error error(ErrorKind::refused, "login refused");
    error.add_context("INBOX");
    error.add_context("sales@example.com");
    EXPECT_STREQ(error.what(), "sales@example.com: INBOX: login refused");
    EXPECT_EQ(error.hint(), "");
    EXPECT_EQ(Error(ErrorKind::usage, "a", "b").hint(), "b");
}

TEST(GeneralHint, EveryKindHasItsOwnWithoutFullStop)
{
    std::set<std::string_view> seen;
    for (const int code : {1, 2, 3, 4, 5, 10, 11, 12, 14, 20, 21, 22, 30, 40}) {
        const std::string_view hint = general_hint(static_cast<ErrorKind>(code));
        EXPECT_FALSE(hint.empty()) << code;
        EXPECT_FALSE(hint.ends_with('.')) << code;
        EXPECT_TRUE(seen.insert(hint).second) << code;
    }
}

}  // namespace
}  // namespace mailhold
