// Disks that do not let us: a file that may not grow, a folder where a file stands in the way.

#include <csignal>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "mailhold/objects/store.hpp"
#include "support/kind_thrown_by.hpp"
#include "support/temp_dir.hpp"

namespace mailhold::objects {
namespace {

/// Files of this process may not grow past `bytes`: write fails as on a full disk.
class SmallFiles {
public:
    explicit SmallFiles(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN))
    {
        ::getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit limit{bytes, before_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    SmallFiles(const SmallFiles&) = delete;
    SmallFiles& operator=(const SmallFiles&) = delete;
    ~SmallFiles()
    {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, handler_);
    }

private:
    rlimit before_{};
    void (*handler_)(int);
};

TEST(FailingDisk, AWriteThatFailsIsStorageAndLeavesNothing)
{
    const test::TempDir dir;
    const auto store = open_local_folder(dir.path(), false);
    const std::string content(4096, 'x');
    {
        const SmallFiles limit(1000);
        EXPECT_EQ(test::kind_thrown_by([&] { return store->put_new("a/b", bytes_of(content)); }),
                  ErrorKind::storage);
    }
    EXPECT_THAT(store->list(""), testing::IsEmpty());
    EXPECT_EQ(store->put_new("a/b", bytes_of(content)), PutOutcome::created);
}

TEST(FailingDisk, AFileInTheWayOfAFolderIsStorage)
{
    const test::TempDir dir;
    const auto store = open_local_folder(dir.path(), false);
    std::ofstream(dir.path() / "archives") << "in the way";
    const auto put = [&] { return store->put_new("archives/3f/3fab", bytes_of("x")); };
    EXPECT_EQ(test::kind_thrown_by(put), ErrorKind::storage);
    EXPECT_EQ(store->find("archives/3f/3fab"), std::nullopt);
    EXPECT_THAT(store->list("tmp/"), testing::IsEmpty());
}

TEST(FailingDisk, AVaultWhoseFolderVanishedCannotBeWritten)
{
    const test::TempDir dir;
    const auto store = open_local_folder(dir.path() / "vault", true);
    store->put_new("a/b", bytes_of("x"));
    std::filesystem::remove_all(dir.path() / "vault");
    EXPECT_EQ(test::kind_thrown_by([&] { return store->put_new("a/c", bytes_of("x")); }),
              ErrorKind::storage);
}

}  // namespace
}  // namespace mailhold::objects
