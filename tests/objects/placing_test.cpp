// Naming a file: each of the three ways alone, and what place() makes of them.

#include <fstream>

#include <gtest/gtest.h>

#include "mailhold/base/file.hpp"
#include "placing.hpp"
#include "support/kind_thrown_by.hpp"
#include "support/temp_dir.hpp"

namespace mailhold::objects {
namespace {

class Placing : public testing::Test {
protected:
    std::filesystem::path file(const std::string& name, std::string_view content) const
    {
        const auto path = dir_.path() / name;
        std::ofstream(path) << content;
        return path;
    }
    std::filesystem::path nothing(const std::string& name) const { return dir_.path() / name; }

    test::TempDir dir_;
};

using Way = std::optional<bool> (*)(const std::filesystem::path&, const std::filesystem::path&);
constexpr Way ways[] = {rename_no_replace, link_and_unlink, rename_if_absent};

TEST_F(Placing, EachWayNamesAFileThatHasNoName)
{
    for (const Way way : ways) {
        const auto from = file("from", "text");
        const auto to = nothing("to");
        EXPECT_EQ(way(from, to), true);
        EXPECT_FALSE(std::filesystem::exists(from));
        EXPECT_EQ(read_text_file(to), "text");
        std::filesystem::remove(to);
    }
}

TEST_F(Placing, NoWayOverwritesAnother)
{
    for (const Way way : ways) {
        const auto from = file("from", "new");
        const auto to = file("to", "old");
        EXPECT_EQ(way(from, to), false);
        EXPECT_EQ(read_text_file(from), "new");
        EXPECT_EQ(read_text_file(to), "old");
    }
}

TEST_F(Placing, EachWayReportsAFolderThatIsMissing)
{
    for (const Way way : ways) {
        const auto from = file("from", "text");
        const auto kind =
            test::kind_thrown_by([&] { return way(from, nothing("no") / "such" / "folder"); });
        EXPECT_EQ(kind, ErrorKind::storage);
    }
}

TEST_F(Placing, EqualBytesStayAndTheTemporaryFileGoes)
{
    const auto from = file("from", "same");
    const auto to = file("to", "same");
    EXPECT_EQ(place(from, to), PutOutcome::already_there);
    EXPECT_FALSE(std::filesystem::exists(from));
    EXPECT_EQ(read_text_file(to), "same");
}

TEST_F(Placing, OtherBytesUnderTheNameAreReplaced)
{
    for (std::string_view damage : {"rigHt", "", "longer than right"}) {
        const auto from = file("from", "right");
        const auto to = file("to", damage);
        EXPECT_EQ(place(from, to), PutOutcome::replaced) << damage;
        EXPECT_EQ(read_text_file(to), "right");
    }
}

TEST_F(Placing, ALinkToNothingIsReplaced)
{
    const auto from = file("from", "right");
    std::filesystem::create_symlink("nowhere", nothing("to"));
    EXPECT_EQ(place(from, nothing("to")), PutOutcome::replaced);
    EXPECT_EQ(read_text_file(nothing("to")), "right");
}

TEST_F(Placing, AFolderUnderTheNameIsAFailureToWrite)
{
    const auto from = file("from", "right");
    std::filesystem::create_directory(nothing("to"));
    EXPECT_EQ(test::kind_thrown_by([&] { return place(from, nothing("to")); }), ErrorKind::storage);
}

}  // namespace
}  // namespace mailhold::objects
