// Journal lines: exactly what format.md says, there and back.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "event_json.hpp"
#include "mailhold/base/error.hpp"
#include "support/kind_thrown_by.hpp"

namespace mailhold::vault {
namespace {

using namespace std::string_literals;

const std::string hex_a(64, 'a');
const std::string hex_b(64, 'b');
const std::string hex_c(32, 'c');

template <class Id>
Id id(const std::string& hex)
{
    return Id::from_hex(hex).value();
}

const sealed::Location somewhere{id<crypto::Hash>(hex_b), 512, 2048};

struct Example {
    Event event;
    std::string line;
};

std::string at_text()
{
    return "\"at\":[\"" + hex_b + "\",512,2048]";
}

std::vector<Example> content_examples()
{
    const ByteBuffer header = copy_of(bytes_of("head"));
    return {
        {ArchiveAdded{id<crypto::Hash>(hex_a), 99, header, {{100, 200}, {3, 4}}},
         R"({"e":"archive","object":")" + hex_a +
             R"(","length":99,"header":"aGVhZA==","blocks":[[100,200],[3,4]]})"},
        {ShardAdded{id<crypto::Hash>(hex_a),
                    99,
                    header,
                    {{1, 2}},
                    3,
                    4,
                    {id<crypto::Hash>(hex_b)},
                    {id<crypto::Hash>(hex_a), id<crypto::Hash>(hex_b)}},
         R"({"e":"shard","object":")" + hex_a +
             R"(","length":99,"header":"aGVhZA==","blocks":[[1,2]],"schema":3,"documents":4,)" +
             R"("replaces":[")" + hex_b + R"("],"covers":[")" + hex_a + R"(",")" + hex_b +
             R"("]})"},
        {MessageAdded{id<crypto::ContentId>(hex_a), 7, somewhere, false},
         R"({"e":"message","id":")" + hex_a + R"(","size":7,)" + at_text() + "}"},
        {MessageAdded{id<crypto::ContentId>(hex_a), 7, somewhere, true},
         R"({"e":"message","id":")" + hex_a + R"(","size":7,)" + at_text() + R"(,"spliced":true})"},
        {PartAdded{id<crypto::PartId>(hex_a), 7, somewhere},
         R"({"e":"part","id":")" + hex_a + R"(","size":7,)" + at_text() + "}"},
        {Moved{id<crypto::Hash>(hex_a).value, somewhere},
         R"({"e":"moved","id":")" + hex_a + R"(",)" + at_text() + "}"},
        {Erased{id<crypto::Hash>(hex_a).value, "court order"},
         R"({"e":"erased","id":")" + hex_a + R"(","why":"court order"})"},
        {Hold{Json::parse(R"({"e":"hold","case":"7"})")}, R"({"e":"hold","case":"7"})"},
        {Record{"purge", "k", Json::object({{"count", 3}})},
         R"({"e":"record","space":"purge","key":"k","value":{"count":3}})"},
    };
}

std::vector<Example> folder_examples()
{
    const auto account = id<crypto::AccountId>(hex_c);
    return {
        {AccountDescribed{account, "a@b.example", "flagship", "imap.b.example:993", false},
         R"({"e":"account","account":")" + hex_c +
             R"(","address":"a@b.example","class":"flagship","server":"imap.b.example:993"})"},
        {AccountDescribed{account, "a@b.example", "vanguard", "", true},
         R"({"e":"account","account":")" + hex_c +
             R"(","address":"a@b.example","class":"vanguard","server":"","archive_only":true})"},
        {FolderDescribed{FolderId{5}, account, "已发送", "&XfJT0ZAB-", UidValidity{7}, '/',
                         "\\sent", false},
         R"({"e":"folder","fid":5,"account":")" + hex_c +
             R"(","name":"已发送","wire":"&XfJT0ZAB-","uidvalidity":7,"sep":"/","use":"\\sent"})"},
        {FolderDescribed{FolderId{5}, account, "raw\xff", "raw\xff", UidValidity{7}, {}, "", true},
         R"({"e":"folder","fid":5,"account":")" + hex_c +
             R"(","name":{"raw":"cmF3/w=="},"uidvalidity":7,"gone":true})"},
        {FlagsChanged{FolderId{5}, Uid{6}, {}}, R"({"e":"flags","fid":5,"uid":6,"flags":[]})"},
        {Gone{FolderId{5}, {Uid{1}, Uid{2}, Uid{3}, Uid{9}}},
         R"({"e":"gone","fid":5,"uids":"1:3,9"})"},
        {Failed{FolderId{5}, Uid{6}, "too \"large\""},
         R"({"e":"failed","fid":5,"uid":6,"why":"too \"large\""})"},
        {RunEnd{
             false,
             {{account, false, 4, 3, "banned", "NO", "call"}, {account, true, 9, 9, "", "", ""}}},
         R"({"e":"run_end","ok":false,"accounts":[{"account":")" + hex_c +
             R"(","ok":false,"server":4,"archived":3,"error":{"class":"banned","text":"NO","hint":"call"}},)" +
             R"({"account":")" + hex_c + R"(","ok":true,"server":9,"archived":9}]})"},
    };
}

std::vector<Example> placed_examples()
{
    Placed plain{.fid = FolderId{5},
                 .uid = Uid{6},
                 .id = id<crypto::ContentId>(hex_a),
                 .date = {},
                 .flags = {},
                 .gmail_message_id = {},
                 .gmail_labels = {}};
    const std::string begin = R"({"e":"placed","fid":5,"uid":6,"id":")" + hex_a + '"';
    Placed full = plain;
    full.date = parse_rfc3339("2024-02-29T23:59:59+08:00");
    full.flags = {"\\Seen", "odd\"flag", "raw\xff", "中"};
    full.gmail_message_id = 18446744073709551615ull;
    full.gmail_labels = {"\\Inbox"};
    return {
        {plain, begin + R"(,"flags":[]})"},
        {full,
         begin + R"(,"date":"2024-02-29T23:59:59+08:00","flags":["\\Seen","odd\"flag",)" +
             R"({"raw":"cmF3/w=="},"中"],"gmid":"18446744073709551615","labels":["\\Inbox"]})"},
    };
}

void expect_there_and_back(const std::vector<Example>& examples)
{
    for (const Example& example : examples) {
        std::string line;
        append_line(line, example.event);
        EXPECT_EQ(line, example.line + "\n");
        const auto parsed = parse_line(example.line);
        ASSERT_TRUE(parsed) << example.line;
        EXPECT_EQ(parsed->index(), example.event.index());
        std::string again;
        append_line(again, *parsed);
        EXPECT_EQ(again, line);
    }
}

TEST(Event, ContentLinesAreAsDocumented)
{
    expect_there_and_back(content_examples());
}
TEST(Event, FolderLinesAreAsDocumented)
{
    expect_there_and_back(folder_examples());
}
TEST(Event, PlacementLinesAreAsDocumented)
{
    expect_there_and_back(placed_examples());
}

std::optional<ErrorKind> kind_of_line(std::string_view line)
{
    return test::kind_thrown_by([&] { return parse_line(line); });
}

TEST(Event, UnknownFieldsAreIgnored)
{
    const auto event = parse_line(R"({"e":"flags","fid":5,"new":[1],"uid":6,"flags":[]})");
    ASSERT_TRUE(event && std::holds_alternative<FlagsChanged>(*event));
}

TEST(Event, AnUnknownEventIsTooNewUnlessOptional)
{
    EXPECT_EQ(kind_of_line(R"({"e":"teleported"})"), ErrorKind::too_new);
    EXPECT_EQ(kind_of_line(R"({"e":"teleported","optional":false})"), ErrorKind::too_new);
    EXPECT_EQ(parse_line(R"({"e":"teleported","optional":true})"), std::nullopt);
}

TEST(Event, WhatIsNoEventIsRefused)
{
    for (std::string_view line :
         {"", "{}", "[]", "7", "{\"e\":7}", "{\"e\":\"entry\"}", "{\"e\":\"flags\"}",
          R"({"e":"flags","fid":5,"fid":5,"uid":6,"flags":[]})",
          R"({"e":"flags","fid":5,"uid":0,"flags":[]})",
          R"({"e":"flags","fid":5,"uid":4294967296,"flags":[]})",
          R"({"e":"flags","fid":-1,"uid":6,"flags":[]})",
          R"({"e":"flags","fid":9007199254740992,"uid":6,"flags":[]})",
          R"({"e":"flags","fid":5,"uid":6,"flags":[7]})", R"({"e":"gone","fid":5,"uids":""})",
          R"({"e":"erased","id":"ab","why":""})",
          R"({"e":"hold"} )"
          "x"})
        EXPECT_EQ(kind_of_line(line), ErrorKind::malformed) << line;
}

TEST(Event, ALineOverOneMebibyteIsNeitherWrittenNorRead)
{
    const std::string long_text(max_line_bytes, 'x');
    std::string out;
    EXPECT_EQ(test::kind_thrown_by([&] {
                  append_line(out, Record{"s", "k", long_text});
                  return 0;
              }),
              ErrorKind::bug);
    EXPECT_EQ(kind_of_line("{\"e\":\"hold\",\"x\":\"" + long_text + "\"}"), ErrorKind::malformed);
}

TEST(Event, AHugePurgeBecomesSeveralLines)
{
    Gone gone{FolderId{5}, {}};
    for (std::uint32_t uid = 4'000'000'000; gone.uids.size() < 120'000; uid += 2)
        gone.uids.push_back(Uid{uid});
    std::string lines;
    append_line(lines, gone);
    EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 3);

    std::vector<Uid> back;
    for (std::string_view rest = lines; !rest.empty();) {
        const auto end = rest.find('\n');
        EXPECT_LE(end, max_line_bytes);
        const auto event = std::get<Gone>(parse_line(rest.substr(0, end)).value());
        back.insert(back.end(), event.uids.begin(), event.uids.end());
        rest.remove_prefix(end + 1);
    }
    EXPECT_EQ(back, gone.uids);
}

TEST(Event, NothingGoneIsNoLine)
{
    std::string out;
    append_line(out, Gone{FolderId{5}, {}});
    EXPECT_EQ(out, "");
}

TEST(UidRanges, SetsBecomeRanges)
{
    EXPECT_EQ(uid_ranges({Uid{7}, Uid{1}, Uid{2}, Uid{4}, Uid{3}, Uid{7}}), "1:4,7");
    EXPECT_EQ(uid_ranges({Uid{4294967295}, Uid{4294967294}}), "4294967294:4294967295");
    EXPECT_EQ(uid_ranges({}), "");
    EXPECT_EQ(uids_of_ranges("1:3,7"), (std::vector{Uid{1}, Uid{2}, Uid{3}, Uid{7}}));
}

TEST(UidRanges, BrokenOrHugeOnesAreRefusedBeforeMemoryIsTaken)
{
    for (std::string_view text : {"", ",", "1,", "0", "1:", ":1", "3:1", "1:2:3", "x", "-1", " 1",
                                  "4294967296", "1:4294967295", "1:9999999,1:9999999"})
        EXPECT_EQ(test::kind_thrown_by([&] { return uids_of_ranges(text); }), ErrorKind::malformed)
            << text;
}

TEST(EntryLine, TheFirstLineOfAnEntry)
{
    std::string line;
    append_entry_line(line, {parse_utc("2026-03-09T08:07:06Z").value(), "run7", 2});
    EXPECT_EQ(line,
              "{\"e\":\"entry\",\"time\":\"2026-03-09T08:07:06Z\",\"run\":\"run7\",\"part\":2}\n");
    const EntryInfo info = parse_entry_line(line);
    EXPECT_EQ(info.run, "run7");
    EXPECT_EQ(info.part, 2u);
    EXPECT_EQ(format_utc(info.time), "2026-03-09T08:07:06Z");
}

TEST(EntryLine, LinesWithoutTheirFirstOrTheirEndAreRefused)
{
    const std::string first =
        "{\"e\":\"entry\",\"time\":\"2026-03-09T08:07:06Z\",\"run\":\"r\",\"part\":1}\n";
    EXPECT_EQ(parse_lines(first + "{\"e\":\"hold\"}\n").second.size(), 1u);
    for (const std::string& lines : {""s, "\n"s, "{\"e\":\"hold\"}\n"s, first + first, first + "\n",
                                     first + "{\"e\":\"hold\"}"})
        EXPECT_EQ(test::kind_thrown_by([&] { return parse_lines(lines); }), ErrorKind::malformed)
            << lines;
}

}  // namespace
}  // namespace mailhold::vault
