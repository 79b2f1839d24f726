#include <gtest/gtest.h>

#include "mailhold/imap/utf7.hpp"
#include "support/kind_thrown_by.hpp"

namespace mailhold::imap {
namespace {

TEST(ModifiedUtf7, Case27_BothWays)
{
    const std::vector<std::pair<std::string_view, std::string_view>> cases{
        {"", ""},
        {"INBOX", "INBOX"},
        {"&g0l6P3ux-", "草稿箱"},
        {"&XfJT0ZAB-", "已发送"},
        {"&XfJT0ZAB-/2024 &- 2025", "已发送/2024 & 2025"},
        {"&-", "&"},
        {"&-&-", "&&"},
        {"~peter/mail/&U,BTFw-/&ZeVnLIqe-", "~peter/mail/台北/日本語"},
        {"Entw&APw-rfe", "Entwürfe"},
        {"&2D3eAA-", "\xf0\x9f\x98\x80"},
        {"a&AAo-b", "a\nb"},
        {"&AH8-", "\x7f"},
    };
    for (const auto& [wire, utf8] : cases) {
        EXPECT_EQ(decode_modified_utf7(wire), utf8) << wire;
        EXPECT_EQ(encode_modified_utf7(utf8), wire) << utf8;
    }
}

TEST(ModifiedUtf7, Case27_OnlyTheCanonicalFormIsDecoded)
{
    for (std::string_view wire :
         {"&",         "a&",          "&g0l6P3ux",    "&&-",      "&AGE-",        "&XfJ-",
          "&g0l6P3u-", "&2D0-",       "&3gA-",        "&2D0AYQ-", "&XfI-&T0ZAB-", "&XfI-&U9E-",
          "&g0/6-",    "&g0l6P3ux=-", "\xe8\x8d\x89", "a\nb",     "\x7f",         "&A-",
          "&AAAA-x&",  "&AAA-"})
        EXPECT_EQ(decode_modified_utf7(wire), std::nullopt) << wire;
}

TEST(ModifiedUtf7, WhatIsNotUtf8CannotBeEncoded)
{
    for (std::string_view name : {"\xff", "\xc0\x80", "\xed\xa0\x80", "a\xe8\x8d"})
        EXPECT_EQ(test::kind_thrown_by([&] { encode_modified_utf7(name); }), ErrorKind::malformed);
}

TEST(ModifiedUtf7, DecodingAndEncodingAreExactInverses)
{
    // Every wire text of three bytes from an alphabet that reaches all branches.
    constexpr std::string_view letters = "&-AaYg,+/9~ \x7f\xc3";
    std::string wire(5, 'x');
    std::size_t decoded = 0;
    for (const char a : letters)
        for (const char b : letters)
            for (const char c : letters)
                for (const char d : letters) {
                    wire = {'&', a, b, c, d};
                    if (const auto utf8 = decode_modified_utf7(wire)) {
                        EXPECT_EQ(encode_modified_utf7(*utf8), wire);
                        ++decoded;
                    }
                }
    EXPECT_GT(decoded, 100U);
}

}  // namespace
}  // namespace mailhold::imap
