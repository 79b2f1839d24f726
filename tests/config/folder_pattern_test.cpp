// Exclude patterns.

#include <chrono>

#include <gmock/gmock.h>

#include "mailhold/config/config.hpp"

namespace mailhold::config {
namespace {

TEST(FolderPattern, CoversTheWholeName)
{
    struct Row {
        std::string_view pattern, folder;
        bool matches;
    };
    const Row table[] = {{"Spam", "Spam", true},
                         {"Spam", "spam", false},
                         {"Spam", "Spam/Old", false},
                         {"Spam*", "Spam/Old", true},
                         {"*", "", true},
                         {"*", "anything", true},
                         {"", "", true},
                         {"", "a", false},
                         {"?", "", false},
                         {"?", "a", true},
                         {"?", "ab", false},
                         {"??发*", "草已发送", true},
                         {"?发*", "已发送", true},
                         {"????", "已发送", false},
                         {"???", "已发送", true},
                         {"*/Junk*", "Customers/ACME/Junk mail", true},
                         {"*a*b*c", "xxaxxbxxbxc", true},
                         {"*a*b*c", "xxaxxbxxbx", false},
                         {"a*b", "ab", true},
                         {"a**b", "axb", true},
                         {"*ab", "aab", true},
                         {"[a]", "[a]", true},
                         {"\\*", "*", false},
                         {"Sp?m*", "Spam", true}};
    for (const Row& row : table)
        EXPECT_EQ(matches_folder(row.pattern, row.folder), row.matches)
            << row.pattern << " : " << row.folder;
}

TEST(FolderPattern, ManyStarsTakeNoExponentialTime)
{
    std::string pattern;
    for (int i = 0; i < 50; ++i)
        pattern += "*a";
    const std::string folder(2000, 'a');
    const auto start = std::chrono::steady_clock::now();
    EXPECT_FALSE(matches_folder(pattern + "b", folder));
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}

}  // namespace
}  // namespace mailhold::config
