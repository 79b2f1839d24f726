// Reading what strangers packed: contents, budgets, and what is no archive.

#include "mailhold/archive/unpack.hpp"

#include <fstream>
#include <map>
#include <sstream>

#include <gtest/gtest.h>

#include "mailhold/archive/file_writer.hpp"
#include "support/temp_dir.hpp"

namespace mailhold::archive {
namespace {

using Format = ArchiveFileWriter::Format;

std::string packed(const std::map<std::string, std::string>& files, Format format)
{
    const test::TempDir dir;
    ArchiveFileWriter writer(dir.path() / "archive", format);
    for (const auto& [name, content] : files)
        writer.add(name, bytes_of(content), 0);
    writer.finish();
    std::ostringstream bytes;
    bytes << std::ifstream(dir.path() / "archive", std::ios::binary).rdbuf();
    return bytes.str();
}

std::string whole(Member& member)
{
    std::string content(100'000, '\0');
    content.resize(member.read(std::as_writable_bytes(std::span(content))));
    return content;
}

struct Found {
    Unpacked outcome = Unpacked::whole;
    std::map<std::string, std::string> files;
    UnpackBudget left;
};

Found unpacked(std::string_view archive, UnpackBudget budget = {1 * mebibyte, 100})
{
    Found found;
    found.outcome = unpack(bytes_of(archive), budget, [&](Member& member) {
        found.files[member.name()] = whole(member);
        return true;
    });
    found.left = budget;
    return found;
}

const std::map<std::string, std::string> sample = {
    {"a.txt", "first"}, {"folder/b.txt", "second"}, {"empty", ""}};

class Unpack : public testing::TestWithParam<Format> {};

TEST_P(Unpack, GivesEveryFileWithItsContent)
{
    const Found found = unpacked(packed(sample, GetParam()));
    EXPECT_EQ(found.outcome, Unpacked::whole);
    EXPECT_EQ(found.files, sample);
    EXPECT_EQ(found.left.bytes, 1 * mebibyte - 11);
    EXPECT_EQ(found.left.entries, 97U);
}

TEST_P(Unpack, StopsWhereTheBudgetOfBytesEnds)
{
    const std::string archive = packed({{"a", std::string(5'000, 'x')}}, GetParam());
    const Found found = unpacked(archive, {4'999, 100});
    EXPECT_EQ(found.outcome, Unpacked::shortened);
    EXPECT_EQ(found.files.at("a").size(), 4'999U);
    EXPECT_EQ(found.left.bytes, 0U);
    EXPECT_EQ(unpacked(archive, {5'000, 100}).outcome, Unpacked::whole);
}

TEST_P(Unpack, StopsWhereTheBudgetOfFilesEnds)
{
    const Found found = unpacked(packed(sample, GetParam()), {1 * mebibyte, 2});
    EXPECT_EQ(found.outcome, Unpacked::shortened);
    EXPECT_EQ(found.files.size(), 2U);
}

TEST_P(Unpack, ShowsNoMoreThanItsVisitorWants)
{
    UnpackBudget budget{1 * mebibyte, 100};
    int seen = 0;
    const std::string archive = packed(sample, GetParam());
    EXPECT_EQ(unpack(bytes_of(archive), budget, [&](Member&) { return ++seen < 2; }),
              Unpacked::whole);
    EXPECT_EQ(seen, 2);
}

TEST_P(Unpack, PassesOnWhatItsVisitorThrows)
{
    UnpackBudget budget{1 * mebibyte, 100};
    const std::string archive = packed(sample, GetParam());
    EXPECT_THROW(unpack(bytes_of(archive), budget,
                        [](Member&) -> bool { throw std::runtime_error("mine"); }),
                 std::runtime_error);
}

TEST_P(Unpack, EveryCutIsDamageOrShowsWhatIsThere)
{
    const std::string archive = packed(sample, GetParam());
    for (std::size_t size = 0; size < archive.size(); ++size)
        for (const auto& [name, content] : unpacked(archive.substr(0, size)).files)
            EXPECT_TRUE(sample.contains(name) && sample.at(name).starts_with(content)) << size;
}

INSTANTIATE_TEST_SUITE_P(Formats, Unpack, testing::Values(Format::zip, Format::tar_zst),
                         [](const auto& tested) {
                             return std::string(tested.param == Format::zip ? "zip" : "tar_zst");
                         });

TEST(UnpackOther, ACompressedFileHasOneMemberWithoutAName)
{
    const std::string gzip(
        "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xcb\x48\xcd\xc9\xc9\x07\x00\x86"
        "\xa6\x10\x36\x05\x00\x00\x00",
        25);
    const Found found = unpacked(gzip);
    EXPECT_EQ(found.outcome, Unpacked::whole);
    EXPECT_EQ(found.files, (std::map<std::string, std::string>{{"", "hello"}}));
}

TEST(UnpackOther, WhatIsNoArchiveIsDamage)
{
    for (const std::string_view content : {"plain words", "PK\3\4", "Rar!\x1a\x07"})
        EXPECT_EQ(unpacked(content).outcome, Unpacked::damaged) << content;
}

}  // namespace
}  // namespace mailhold::archive
