// Maildir exports, read back as another program would.

#include <algorithm>
#include <chrono>
#include <map>

#include <sys/stat.h>

#include <gtest/gtest.h>

#include "mailhold/deliver/destination.hpp"
#include "outgoing.hpp"
#include "support/temp_dir.hpp"

namespace mailhold::deliver {

namespace fs = std::filesystem;

namespace {

std::vector<fs::path> files_in(const fs::path& folder)
{
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder))
        files.push_back(entry.path());
    std::ranges::sort(files);
    return files;
}

struct ::stat stat_of(const fs::path& path)
{
    struct ::stat status {};
    EXPECT_EQ(::stat(path.c_str(), &status), 0);
    return status;
}

}  // namespace

TEST(Maildir, BytesAreExactAndTheTimeIsTheInternalDate)
{
    const test::TempDir dir;
    const auto destination = Destination::open(dir.path() / "out", Format::maildir);
    for (const std::string& raw : test::odd_messages())
        destination->add(test::outgoing("INBOX", raw));
    auto old = test::outgoing("Old", test::odd_messages()[4]);
    old.date = InternalDate{-347155200, 0};
    destination->add(old);
    EXPECT_EQ(destination->finish().messages, test::odd_messages().size() + 1);

    const auto files = files_in(dir.path() / "out/INBOX/cur");
    ASSERT_EQ(files.size(), test::odd_messages().size());
    for (std::size_t i = 0; i < files.size(); ++i) {
        EXPECT_EQ(text_of(read_file(files[i])), test::odd_messages()[i]);
        EXPECT_EQ(stat_of(files[i]).st_mtime, 1709222399);
        EXPECT_EQ(stat_of(files[i]).st_mode & 0777U, 0600U);
    }
    EXPECT_EQ(stat_of(files_in(dir.path() / "out/Old/cur").at(0)).st_mtime, -347155200);
    for (const char* part : {"new", "tmp"})
        EXPECT_TRUE(fs::is_empty(dir.path() / "out/INBOX" / part));
}

TEST(Maildir, FlagsStandInTheNameAndKeywordsInTheirFile)
{
    const test::TempDir dir;
    const std::string raw = "Subject: x\r\n\r\n";
    const auto destination = Destination::open(dir.path() / "out", Format::maildir);
    destination->add(test::outgoing("INBOX", raw, {"\\Answered", "\\Seen", "urgent"}));
    destination->add(test::outgoing("INBOX", raw, {"$Forwarded", "urgent"}));
    destination->add(test::outgoing("Other", raw, {"\\Draft", "\\Deleted", "\\Flagged"}));
    destination->finish();

    const auto files = files_in(dir.path() / "out/INBOX/cur");
    ASSERT_EQ(files.size(), 2U);
    EXPECT_TRUE(files[0].string().ends_with(",S=14:2,RSa")) << files[0];
    EXPECT_TRUE(files[1].string().ends_with(",S=14:2,Pab")) << files[1];
    EXPECT_EQ(read_text_file(dir.path() / "out/INBOX/dovecot-keywords"),
              "0 urgent\n1 $Forwarded\n");
    EXPECT_TRUE(files_in(dir.path() / "out/Other/cur").at(0).string().ends_with(":2,DFT"));
    EXPECT_FALSE(fs::exists(dir.path() / "out/Other/dovecot-keywords"));
}

TEST(Maildir, TheSameMessageTwiceGivesTwo)
{
    const test::TempDir dir;
    const std::string raw = "Subject: x\r\n\r\n";
    const auto destination = Destination::open(dir.path() / "out", Format::maildir);
    destination->add(test::outgoing("INBOX", raw));
    destination->add(test::outgoing("INBOX", raw));
    destination->add(test::outgoing("A/B", raw));
    EXPECT_EQ(destination->finish().messages, 3U);
    EXPECT_EQ(files_in(dir.path() / "out/INBOX/cur").size(), 2U);
    EXPECT_EQ(files_in(dir.path() / "out/A/B/cur").size(), 1U);
}

TEST(Maildir, OddFolderNamesStayInsideTheDestination)
{
    const test::TempDir dir;
    const std::string raw = "x";
    const std::vector<std::string> names = {
        "../../up", "/abs", "cur/new/tmp",           "a//b",      "",      std::string("n\0l", 3),
        "..",       ".",    "mailhold-export.jsonl", "INBOX/cur", "INBOX", "dovecot-keywords",
        "%2E%2E",   "a\nb", std::string(5'000, 'z')};
    const auto destination = Destination::open(dir.path() / "out", Format::maildir);
    for (const std::string& name : names) {
        destination->add_folder(name);
        destination->add(test::outgoing(name, raw));
    }
    destination->finish();

    EXPECT_EQ(files_in(dir.path()).size(), 1U);
    std::map<std::string, std::string> folder_of;
    for (const Json& line : test::manifest_in(dir.path() / "out")) {
        const std::string path = line.at("path").as_string();
        EXPECT_TRUE(fs::is_regular_file(dir.path() / "out" / path)) << path;
        folder_of[fs::path(path).parent_path()] = wire_name_from_json(line.at("folder"));
    }
    EXPECT_EQ(folder_of.size(), names.size());  // no two of them share a folder
}

TEST(Maildir, ThousandsOfMessagesTakeSeconds)
{
    const test::TempDir dir;
    const std::string raw(3'000, 'x');
    const auto start = std::chrono::steady_clock::now();
    const auto destination = Destination::open(dir.path() / "out", Format::maildir);
    for (int i = 0; i < 5'000; ++i)
        destination->add(test::outgoing("INBOX", raw, {"\\Seen"}));
    EXPECT_EQ(destination->finish().messages, 5'000U);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(60));
}

}  // namespace mailhold::deliver
