// .zip and .tar.zst for people.

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "archive/sample_bytes.hpp"
#include "mailhold/archive/file_writer.hpp"
#include "support/kind_thrown_by.hpp"
#include "support/temp_dir.hpp"

namespace mailhold::archive {
namespace {

namespace fs = std::filesystem;
using Format = ArchiveFileWriter::Format;

const std::string chinese = "已发送/报价 ACME (2).eml";

std::size_t count_files(const fs::path& folder)
{
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

std::string content_of(const fs::path& path)
{
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
}

void write_sample(const fs::path& path, Format format)
{
    ArchiveFileWriter writer(path, format);
    writer.add("INBOX/1.eml", bytes_of("Subject: one\r\n\r\n"), 1'000'000'000);
    writer.add(chinese, test::prose(300'000), 1'700'000'000);
    writer.add("empty.eml", {}, 0);
    writer.finish();
}

class ArchiveFile : public testing::TestWithParam<Format> {
protected:
    test::TempDir dir_;
    fs::path path_ = dir_.path() / "export";
};

TEST_P(ArchiveFile, HasItsNameOnlyWhenFinished)
{
    {
        ArchiveFileWriter writer(path_, GetParam());
        writer.add("1.eml", test::noise(1 << 20), 0);
        EXPECT_FALSE(fs::exists(path_));
    }
    EXPECT_EQ(count_files(dir_.path()), 0U);  // given up: nothing is left
    write_sample(path_, GetParam());
    EXPECT_EQ(count_files(dir_.path()), 1U);
    EXPECT_EQ(fs::status(path_).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_P(ArchiveFile, NeverReplacesAnother)
{
    std::ofstream(path_) << "precious";
    EXPECT_EQ(test::kind_thrown_by([&] { ArchiveFileWriter(path_, GetParam()); }),
              ErrorKind::usage);
    fs::remove(path_);
    ArchiveFileWriter writer(path_, GetParam());
    std::ofstream(path_) << "precious";  // someone was faster
    EXPECT_EQ(test::kind_thrown_by([&] { writer.finish(); }), ErrorKind::usage);
    EXPECT_EQ(content_of(path_), "precious");
}

TEST_P(ArchiveFile, AFolderThatIsNotThereIsSaid)
{
    const auto kind =
        test::kind_thrown_by([&] { ArchiveFileWriter(dir_.path() / "no" / "export", GetParam()); });
    EXPECT_TRUE(kind == ErrorKind::not_found || kind == ErrorKind::storage);
}

/// No file of this process may grow over a size while it lives: a full disk for one test.
class FileSizeLimit {
public:
    explicit FileSizeLimit(rlim_t bytes)
    {
        std::signal(SIGXFSZ, SIG_IGN);
        ::getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit limit{bytes, before_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    FileSizeLimit(const FileSizeLimit&) = delete;
    FileSizeLimit& operator=(const FileSizeLimit&) = delete;
    ~FileSizeLimit() { ::setrlimit(RLIMIT_FSIZE, &before_); }

private:
    rlimit before_{};
};

TEST_P(ArchiveFile, AFullDiskLeavesNothingBehind)
{
    {
        ArchiveFileWriter writer(path_, GetParam());
        const FileSizeLimit limit(1 << 20);
        const auto kind =
            test::kind_thrown_by([&] { writer.add("1.eml", test::noise(5 << 20), 0); });
        EXPECT_EQ(kind, ErrorKind::storage);
        EXPECT_EQ(test::kind_thrown_by([&] { writer.add("2.eml", {}, 0); }), ErrorKind::bug);
        EXPECT_EQ(test::kind_thrown_by([&] { writer.finish(); }), ErrorKind::bug);
    }
    EXPECT_EQ(count_files(dir_.path()), 0U);
}

INSTANTIATE_TEST_SUITE_P(Both, ArchiveFile, testing::Values(Format::zip, Format::tar_zst));

TEST(ArchiveFileTarZst, IsReadByTarAndZstd)
{
    const test::TempDir dir;
    const fs::path path = dir.path() / "export.tar.zst";
    write_sample(path, Format::tar_zst);
    const std::string command = "cd " + dir.path().string() +
                                " && zstd -q -d export.tar.zst && tar xf export.tar 2>/dev/null";
    ASSERT_EQ(std::system(command.c_str()), 0);
    EXPECT_EQ(content_of(dir.path() / "INBOX/1.eml"), "Subject: one\r\n\r\n");
    EXPECT_EQ(content_of(dir.path() / chinese), text_of(test::prose(300'000)));
    EXPECT_EQ(content_of(dir.path() / "empty.eml"), "");
}

TEST(ArchiveFileZip, NamesItsFilesInUtf8)
{
    const test::TempDir dir;
    const fs::path path = dir.path() / "export.zip";
    write_sample(path, Format::zip);
    const std::string zip = content_of(path);
    // Local file header of the second entry: flag bit 11 says that the name is UTF-8.
    const std::size_t name = zip.find(chinese);
    ASSERT_NE(name, std::string::npos);
    const std::size_t header = zip.rfind("PK\x03\x04", name);
    ASSERT_NE(header, std::string::npos);
    EXPECT_NE(static_cast<unsigned char>(zip[header + 7]) & 0x08, 0);

    const std::string check =
        "python3 -c \"import sys,zipfile; z=zipfile.ZipFile(sys.argv[1]); assert z.testzip() is "
        "None; sys.stdout.buffer.write('\\n'.join(z.namelist()).encode())\" " +
        path.string() + " >" + (dir.path() / "names").string();
    ASSERT_EQ(std::system(check.c_str()), 0);
    EXPECT_EQ(content_of(dir.path() / "names"), "INBOX/1.eml\n" + chinese + "\nempty.eml");
}

}  // namespace
}  // namespace mailhold::archive
