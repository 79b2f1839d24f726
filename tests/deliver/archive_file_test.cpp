// zip and tar.zst exports, read by libarchive.

#include <map>

#include <archive.h>
#include <archive_entry.h>

#include <gtest/gtest.h>

#include "mailhold/deliver/destination.hpp"
#include "outgoing.hpp"
#include "support/temp_dir.hpp"

namespace mailhold::deliver {

namespace fs = std::filesystem;

namespace {

struct Entry {
    std::string path;
    std::string content;
    std::int64_t mtime = 0;
};

std::vector<Entry> entries_of(const fs::path& path)
{
    std::vector<Entry> entries;
    const std::unique_ptr<struct ::archive, decltype(&archive_read_free)> reader(archive_read_new(),
                                                                                 archive_read_free);
    archive_read_support_filter_all(reader.get());
    archive_read_support_format_all(reader.get());
    EXPECT_EQ(archive_read_open_filename(reader.get(), path.c_str(), 65536), ARCHIVE_OK);
    struct ::archive_entry* header = nullptr;
    while (archive_read_next_header(reader.get(), &header) == ARCHIVE_OK) {
        Entry entry{archive_entry_pathname_utf8(header), {}, archive_entry_mtime(header)};
        char buffer[4096];
        la_ssize_t got = 0;
        while ((got = archive_read_data(reader.get(), buffer, sizeof buffer)) > 0)
            entry.content.append(buffer, static_cast<std::size_t>(got));
        entries.push_back(std::move(entry));
    }
    return entries;
}

}  // namespace

TEST(ArchiveFile, MessagesComeBackByteForByteAndTheManifestIsLast)
{
    ::setlocale(LC_CTYPE, "C.UTF-8");
    for (const Format format : {Format::zip, Format::tar_zst}) {
        const test::TempDir dir;
        const fs::path path = dir.path() / "out.archive";
        const auto destination = Destination::open(path, format);
        EXPECT_TRUE(destination->wants_subject());
        for (const std::string& raw : test::odd_messages()) {
            auto message = test::outgoing("已发送/A", raw, {"\\Seen"});
            message.subject = "同";
            destination->add(message);
        }
        destination->add_folder("Empty");
        EXPECT_FALSE(fs::exists(path));
        EXPECT_EQ(destination->finish().messages, test::odd_messages().size());

        const auto entries = entries_of(path);
        ASSERT_EQ(entries.size(), test::odd_messages().size() + 1);
        EXPECT_EQ(entries.back().path, manifest_name);
        const auto lines = test::json_lines(entries.back().content);
        ASSERT_EQ(lines.size(), test::odd_messages().size());
        for (std::size_t i = 0; i < lines.size(); ++i) {
            EXPECT_EQ(entries[i].content, test::odd_messages()[i]) << i;
            EXPECT_EQ(entries[i].path, lines[i].at("path").as_string());
            EXPECT_EQ(entries[i].mtime, 1709222399);
        }
        EXPECT_EQ(entries[0].path, "已发送/A/20240229T155959Z-同-aaaaaaaaaaaa.eml");
        EXPECT_EQ(std::distance(fs::directory_iterator(dir.path()), {}), 1);
    }
}

TEST(ArchiveFile, WithoutFinishNothingStays)
{
    for (const Format format : {Format::zip, Format::tar_zst}) {
        const test::TempDir dir;
        const std::string raw = "Subject: x\n\n";
        {
            const auto destination = Destination::open(dir.path() / "out", format);
            destination->add(test::outgoing("INBOX", raw));
        }
        EXPECT_TRUE(fs::is_empty(dir.path()));
    }
}

TEST(ArchiveFile, OldDatesAreNoTrouble)
{
    for (const Format format : {Format::zip, Format::tar_zst}) {
        const test::TempDir dir;
        const std::string raw = "Subject: x\n\n";
        const auto destination = Destination::open(dir.path() / "out", format);
        auto message = test::outgoing("INBOX", raw);
        message.date = InternalDate{-347155200, 0};
        destination->add(message);
        message.date.reset();
        destination->add(message);
        destination->finish();
        EXPECT_EQ(entries_of(dir.path() / "out").size(), 3U);
    }
}

}  // namespace mailhold::deliver
