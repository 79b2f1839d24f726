// The line that says how a message is joined again, and the journal's record of its parts.

#include "splice.hpp"

#include "world.hpp"

namespace mailhold::ledger {
namespace {

crypto::PartId part_id(unsigned char fill)
{
    crypto::PartId id;
    id.value.fill(std::byte{fill});
    return id;
}

TEST(Splice, ComesBackFromAmongOtherLines)
{
    std::string meta = "{\"e\":\"placed\",\"fid\":1}\n";
    append_splice_line(meta, {{.offset = 7, .id = part_id(1), .encoding = "b64/76/crlf/1"},
                              {.offset = 7, .id = part_id(2), .encoding = "8"}});
    const auto parts = parse_splice(meta);
    ASSERT_EQ(parts.size(), 2u);
    EXPECT_EQ(parts[0].offset, 7u);
    EXPECT_EQ(parts[0].id, part_id(1));
    EXPECT_EQ(parts[0].encoding, "b64/76/crlf/1");
    EXPECT_EQ(parts[1].id, part_id(2));
    EXPECT_EQ(parts[1].encoding, "8");
}

TEST(Splice, AnythingElseIsDamage)
{
    for (const std::string_view meta :
         {"", "{\"e\":\"placed\"}\n", "nonsense", "{}", "{\"e\":\"splice\"}",
          "{\"e\":\"splice\",\"parts\":[[1,\"ab\",\"8\"]]}", "{\"e\":\"splice\",\"parts\":[[1]]}",
          "{\"e\":\"splice\",\"parts\":7}", "{\"e\":\"splice\",\"parts\":[[-1,\"\",\"8\"]]}"})
        EXPECT_EQ(test::kind_thrown_by([&] { return parse_splice(meta).size(); }),
                  ErrorKind::damaged)
            << meta;
}

TEST(Splice, TheRecordNamesMessageAndParts)
{
    crypto::ContentId id;
    id.value.fill(std::byte{9});
    const MessageParts back = parse_splice_record(splice_record(id, {part_id(1), part_id(2)}));
    EXPECT_EQ(back.id, id);
    EXPECT_EQ(back.parts, (std::vector{part_id(1), part_id(2)}));
    EXPECT_EQ(test::kind_thrown_by([] {
                  return parse_splice_record({"splice", "xyz", Json::array()}).parts.size();
              }),
              ErrorKind::malformed);
}

}  // namespace
}  // namespace mailhold::ledger
