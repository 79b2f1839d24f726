// What is written as TOML is read back as it was.

#include "toml_text.hpp"

#include <gmock/gmock.h>

#include "support/kind_thrown_by.hpp"

namespace mailhold::config {
namespace {

TEST(TomlText, EveryStringComesBack)
{
    std::vector<std::string> texts = {"",        "plain",    "a\"b\\c", "line\nline\r\n\ttab",
                                      "'''",     "\"\"\"",   "已发送",  "# no comment",
                                      "\\u0041", "\x7f\x01", "🙂"};
    for (const std::string& text : texts) {
        const auto table = parse_toml("k = " + toml_quoted(text) + "\n", "x.toml");
        EXPECT_EQ(table["k"].value_or(std::string("?")), text);
    }
    EXPECT_EQ(test::kind_thrown_by([] { return toml_quoted("\xff"); }), ErrorKind::usage);
}

TEST(TomlText, EveryKindOfValueIsWritten)
{
    EXPECT_EQ(written(std::string("x")), "\"x\"");
    EXPECT_EQ(written(std::int64_t{993}), "993");
    EXPECT_EQ(written(true), "true");
    EXPECT_EQ(written(false), "false");
    EXPECT_EQ(written(std::vector<std::string>{"a", "b\""}), R"(["a", "b\""])");
    EXPECT_EQ(written(std::vector<std::string>{}), "[]");
}

TEST(TomlText, ASyntaxErrorIsOneLineWithFileAndLine)
{
    try {
        parse_toml("a = 1\nb = \n", "/etc/mailhold.toml");
        FAIL();
    } catch (const Error& e) {
        EXPECT_EQ(e.kind(), ErrorKind::usage);
        EXPECT_THAT(e.what(), testing::StartsWith("/etc/mailhold.toml:2: "));
        EXPECT_THAT(e.what(), testing::Not(testing::HasSubstr("\n")));
    }
}

}  // namespace
}  // namespace mailhold::config
