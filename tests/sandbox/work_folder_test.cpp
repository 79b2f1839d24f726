// The folder in memory: usable by us, nowhere to be found by others, gone when it goes.

#include "mailhold/sandbox/work_folder.hpp"

#include <cerrno>
#include <fstream>

#include <gtest/gtest.h>
#include <linux/magic.h>
#include <sys/statfs.h>
#include <sys/wait.h>
#include <unistd.h>

namespace mailhold::sandbox {
namespace {

bool is_in_memory(const std::filesystem::path& path)
{
    struct statfs info {};
    return statfs(path.c_str(), &info) == 0 && info.f_type == TMPFS_MAGIC;
}

std::size_t folders_in_shared_memory()
{
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator("/dev/shm"))
        count += entry.path().filename().string().starts_with("mailhold-");
    return count;
}

TEST(WorkFolder, FilesInItAreReadBackAndStandInMemory)
{
    WorkFolder folder;
    EXPECT_TRUE(is_in_memory(folder.path()));
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
    std::filesystem::create_directory(folder.path() / "inner");
    std::ofstream(folder.path() / "inner" / "file") << "words of a mail";
    std::string line;
    std::getline(std::ifstream(folder.path() / "inner" / "file"), line);
    EXPECT_EQ(line, "words of a mail");
}

TEST(WorkFolder, TwoOfThemAreApartAndNothingStaysBehind)
{
    const std::size_t before = folders_in_shared_memory();
    {
        WorkFolder one;
        WorkFolder other;
        std::ofstream(one.path() / "file") << "x";
        EXPECT_TRUE(std::filesystem::is_empty(other.path()));
    }
    EXPECT_EQ(folders_in_shared_memory(), before);
}

TEST(WorkFolder, APrivateOneHasNoNameThatAnotherProcessCouldUse)
{
    WorkFolder folder;
    if (!folder.is_private()) {
        EXPECT_TRUE(folder.path().string().starts_with("/dev/shm/mailhold-"));
        return;
    }
    std::ofstream(folder.path() / "file") << "x";
    const std::string command = "test -e '" + (folder.path() / "file").string() + "'";
    EXPECT_NE(std::system(command.c_str()), 0);
}

TEST(WorkFolder, OneThatNobodyWantsLeavesNothingBehind)
{
    const std::size_t before = folders_in_shared_memory();
    {
        const WorkFolder unwanted;
    }
    EXPECT_EQ(folders_in_shared_memory(), before);
    EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);  // no child, not even a dead one
    EXPECT_EQ(errno, ECHILD);
}

}  // namespace
}  // namespace mailhold::sandbox
