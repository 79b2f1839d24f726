// Names of objects and paths of archive entries.

#include <gtest/gtest.h>

#include "entry_path.hpp"
#include "mailhold/base/error.hpp"
#include "names.hpp"
#include "support/kind_thrown_by.hpp"

namespace mailhold::vault {
namespace {

const std::string hex(64, '7');

TEST(Names, ANumberedNameReadsBack)
{
    const auto hash = crypto::Hash::from_hex(hex).value();
    EXPECT_EQ(numbered(17, hash), "0000000017-" + hex);
    const auto parsed = parse_numbered("0000000017-" + hex);
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->seq, 17u);
    EXPECT_EQ(parsed->hash, hash);
}

TEST(Names, WhatIsNotOursIsNoNumberedName)
{
    for (const std::string& text :
         {std::string(), hex, "17-" + hex, "0000000000-" + hex, "00000000x7-" + hex,
          "+000000017-" + hex, "0000000017_" + hex, "0000000017-" + hex + "0",
          "0000000017-" + std::string(64, 'A')})
        EXPECT_FALSE(parse_numbered(text)) << text;
}

TEST(EntryPath, EachKindReadsBack)
{
    const auto id = crypto::Hash::from_hex(hex).value();
    EXPECT_EQ(entry_path(EntryKind::message, id.bytes()), "messages/" + hex + ".eml");
    EXPECT_EQ(entry_path(EntryKind::spliced, id.bytes()), "messages/" + hex + ".spliced");
    EXPECT_EQ(entry_path(EntryKind::part, id.bytes()), "parts/" + hex);
    for (const EntryKind kind : {EntryKind::message, EntryKind::spliced, EntryKind::part}) {
        const ParsedPath path = parse_entry_path(entry_path(kind, id.bytes()));
        EXPECT_EQ(path.kind, kind);
        EXPECT_EQ(path.id, id.value);
    }
}

TEST(EntryPath, OtherPathsAreRefused)
{
    const std::vector<std::string> paths = {
        "",       "messages/" + hex,       "messages/.eml", "messages/.e",
        "parts/", "parts/" + hex + ".eml", "/parts/" + hex};
    for (const std::string& path : paths)
        EXPECT_EQ(test::kind_thrown_by([&] { return parse_entry_path(path); }),
                  ErrorKind::malformed)
            << path;
}

}  // namespace
}  // namespace mailhold::vault
