// Files: what is written is there whole, and every failure has the right kind.

#include "mailhold/base/file.hpp"

#include <algorithm>
#include <thread>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/kind_thrown_by.hpp"
#include "support/temp_dir.hpp"

namespace mailhold {
namespace {

using test::kind_thrown_by;

unsigned mode_of(const std::filesystem::path& path)
{
    return static_cast<unsigned>(std::filesystem::status(path).permissions());
}

std::size_t entries_in(const std::filesystem::path& folder)
{
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder),
                                                  std::filesystem::directory_iterator()));
}

TEST(ReplaceFile, TheNewContentStandsAloneAndPrivate)
{
    test::TempDir dir;
    const auto path = dir.path() / "file";
    replace_file(path, bytes_of("one"));
    EXPECT_EQ(read_text_file(path), "one");
    replace_file(path, bytes_of("two, longer"));
    EXPECT_EQ(read_text_file(path), "two, longer");
    replace_file(path, {});
    EXPECT_EQ(read_text_file(path), "");
    EXPECT_EQ(mode_of(path), 0600U);
    EXPECT_EQ(entries_in(dir.path()), 1U) << "no temporary file stays";
}

TEST(ReplaceFile, AFailureLeavesNothingBehind)
{
    test::TempDir dir;
    std::filesystem::create_directories(dir.path() / "target" / "full");
    EXPECT_EQ(kind_thrown_by([&] { replace_file(dir.path() / "target", bytes_of("x")); }),
              ErrorKind::storage);
    EXPECT_EQ(entries_in(dir.path()), 1U);
    EXPECT_EQ(kind_thrown_by([&] { replace_file(dir.path() / "none" / "f", bytes_of("x")); }),
              ErrorKind::not_found);
}

TEST(ReplaceFile, AsRootTheOwnerStays)
{
    if (::geteuid() != 0)
        GTEST_SKIP() << "needs root";
    test::TempDir dir;
    const auto path = dir.path() / "file";
    replace_file(path, bytes_of("one"));
    ASSERT_EQ(::chown(path.c_str(), 12345, 12346), 0);
    replace_file(path, bytes_of("two"));
    struct stat status {};
    ASSERT_EQ(::stat(path.c_str(), &status), 0);
    EXPECT_EQ(status.st_uid, 12345U);
    EXPECT_EQ(status.st_gid, 12346U);
}

TEST(CreateFile, RefusesAnExistingName)
{
    test::TempDir dir;
    const auto path = dir.path() / "file";
    FileDescriptor file = create_file(path);
    write_all(file, bytes_of("abc"), path);
    sync_file(file, path);
    file.close();
    file.close();
    EXPECT_FALSE(file);
    EXPECT_EQ(mode_of(path), 0600U);
    EXPECT_EQ(kind_thrown_by([&] { return create_file(path).get(); }), ErrorKind::storage);
    EXPECT_TRUE(sync_folder(dir.path()));
}

TEST(WriteAll, AFullDiskIsStorageWithAHint)
{
    const FileDescriptor full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
    ASSERT_TRUE(full);
    try {
        write_all(full, bytes_of("x"), "/dev/full");
        FAIL();
    } catch (const Error& e) {
        EXPECT_EQ(e.kind(), ErrorKind::storage);
        EXPECT_STREQ(e.what(), "cannot write /dev/full: No space left on device");
        EXPECT_THAT(e.hint(), testing::HasSubstr("free space"));
    }
}

TEST(ReadFile, TheLimitHolds)
{
    test::TempDir dir;
    const auto path = dir.path() / "file";
    const std::string text(200000, 'x');
    replace_file(path, bytes_of(text));
    EXPECT_EQ(read_text_file(path, text.size()), text);
    EXPECT_EQ(kind_thrown_by([&] { return read_file(path, text.size() - 1); }), ErrorKind::damaged);
    EXPECT_EQ(kind_thrown_by([&] { return read_file(path, 0); }), ErrorKind::damaged);
    EXPECT_EQ(kind_thrown_by([&] { return read_file(dir.path() / "none"); }), ErrorKind::not_found);
    EXPECT_EQ(kind_thrown_by([&] { return read_file(dir.path()); }), ErrorKind::storage);
}

TEST(ReadFile, APipeIsReadToItsEnd)
{
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const FileDescriptor reading(ends[0]);
    const std::string text(300000, 'y');
    std::thread writer([&] {
        FileDescriptor writing(ends[1]);
        write_all(writing, bytes_of(text), "pipe");
    });
    EXPECT_EQ(read_text_file("/dev/fd/" + std::to_string(reading.get())), text);
    writer.join();
}

TEST(ReadRange, GivesExactlyTheBytesOrDamaged)
{
    test::TempDir dir;
    const auto path = dir.path() / "file";
    replace_file(path, bytes_of("0123456789"));
    const FileDescriptor file = open_for_reading(path);
    const auto range = [&](std::uint64_t offset, std::uint64_t length) {
        return read_range(file, offset, length, path);
    };
    EXPECT_EQ(text_of(range(0, 10)), "0123456789");
    EXPECT_EQ(text_of(range(3, 4)), "3456");
    EXPECT_EQ(range(10, 0).size(), 0U);
    EXPECT_EQ(kind_thrown_by([&] { return range(0, 11); }), ErrorKind::damaged);
    EXPECT_EQ(kind_thrown_by([&] { return range(11, 0); }), ErrorKind::damaged);
    EXPECT_EQ(kind_thrown_by([&] { return range(5, UINT64_MAX); }), ErrorKind::damaged);
    EXPECT_EQ(kind_thrown_by([&] { return range(UINT64_MAX, UINT64_MAX); }), ErrorKind::damaged);
}

TEST(CreatePrivateFolders, MakesTheWholePathForItsOwnerOnly)
{
    test::TempDir dir;
    create_private_folders(dir.path() / "a" / "b" / "c");
    create_private_folders(dir.path() / "a" / "b" / "c/");
    EXPECT_EQ(mode_of(dir.path() / "a"), 0700U);
    EXPECT_EQ(mode_of(dir.path() / "a" / "b" / "c"), 0700U);
    replace_file(dir.path() / "file", {});
    EXPECT_EQ(kind_thrown_by([&] { create_private_folders(dir.path() / "file"); }),
              ErrorKind::storage);
    EXPECT_EQ(kind_thrown_by([&] { create_private_folders(dir.path() / "file" / "x"); }),
              ErrorKind::storage);
}

TEST(FileLock, IsHeldOnceAndReleased)
{
    test::TempDir dir;
    const auto path = dir.path() / "lock";
    {
        const auto held = FileLock::try_take(path);
        ASSERT_TRUE(held);
        EXPECT_FALSE(FileLock::try_take(path));
    }
    EXPECT_TRUE(FileLock::try_take(path));
    EXPECT_EQ(kind_thrown_by([&] { FileLock::try_take(dir.path() / "none" / "lock"); }),
              ErrorKind::not_found);
}

TEST(FileDescriptor, MovesAndClosesOnce)
{
    FileDescriptor a(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    const int fd = a.get();
    FileDescriptor b(std::move(a));
    EXPECT_EQ(b.get(), fd);
    FileDescriptor c(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    c = std::move(b);
    EXPECT_EQ(c.get(), fd);
    EXPECT_FALSE(b);
}

}  // namespace
}  // namespace mailhold
