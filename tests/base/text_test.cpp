// Names from the wire: kept exactly, shown harmlessly.

#include "mailhold/base/json.hpp"

#include <gmock/gmock.h>

#include "support/kind_thrown_by.hpp"

namespace mailhold {
namespace {

TEST(Utf8, KnowsValidFromInvalid)
{
    for (std::string_view good :
         {"", "abc", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
          "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"})
        EXPECT_TRUE(is_utf8(good)) << good;
    for (std::string_view bad :
         {"\x80", "\xbf", "\xc0\xaf", "\xc1\xbf", "\xc2", "\xc2\x41", "\xe0\x9f\xbf",
          "\xed\xa0\x80", "\xe5\xb7", "\xf0\x8f\xbf\xbf", "\xf0\x90\x80", "\xf4\x90\x80\x80",
          "\xf5\x80\x80\x80", "\xff", "\xb2\xbb\xd0\xe2\xb8\xd6"})
        EXPECT_FALSE(is_utf8(bad)) << printable(bad);
    EXPECT_FALSE(is_utf8(std::string_view("a\0b", 3)));
}

TEST(WireName, EveryNameComesBackByteForByte)
{
    for (const std::string& name :
         {std::string("INBOX"), std::string("\xe5\xb7\xb2\xe5\x8f\x91\xe9\x80\x81"),
          std::string("\xb2\xbb"), std::string("a\0b", 3), std::string(), std::string("\r\n\"\\")})
        EXPECT_EQ(wire_name_from_json(Json::parse(wire_name_to_json(name).dump())), name);
    EXPECT_EQ(wire_name_to_json("\xb2\xbb").dump(), "{\"raw\":\"srs=\"}");
}

TEST(WireName, OtherJsonIsMalformed)
{
    for (std::string_view text : {"1", "null", "{}", "{\"raw\":1}", "{\"raw\":\"x\"}", "[]"})
        EXPECT_EQ(test::kind_thrown_by([&] { return wire_name_from_json(Json::parse(text)); }),
                  ErrorKind::malformed)
            << text;
}

TEST(Printable, NothingReachesTheTerminalThatMovesItsCursor)
{
    EXPECT_EQ(printable("Caf\xc3\xa9 \xe5\xb7\xb2"), "Caf\xc3\xa9 \xe5\xb7\xb2");
    EXPECT_EQ(printable("a\x1b[2Jb\r\n\t\x7f"), "a\\x1b[2Jb\\x0d\\x0a\\x09\\x7f");
    EXPECT_EQ(printable("\xc2\x9b"
                        "2J"),
              "\\xc2\\x9b2J")
        << "C1 controls";
    EXPECT_EQ(printable("\xe2\x80\xae"
                        "fdp.exe"),
              "\\xe2\\x80\\xae"
              "fdp.exe")
        << "right to left";
    EXPECT_EQ(printable("\xff\xe5"), "\\xff\\xe5");
    EXPECT_EQ(printable(std::string_view("\0", 1)), "\\x00");
}

}  // namespace
}  // namespace mailhold
