// Folder names as paths, and back.

#include "names.hpp"

#include <charconv>
#include <set>

#include <gtest/gtest.h>

namespace mailhold::deliver {

namespace {

/// What docs/export.md tells a reader to do.
std::string decoded(std::string_view path, char separator)
{
    std::string out;
    for (std::size_t i = 0; i < path.size(); ++i) {
        if (path[i] == '/') {
            out += separator;
        } else if (path[i] != '%') {
            out += path[i];
        } else if (i + 1 < path.size() && path[i + 1] != '/') {
            unsigned value = 0;
            std::from_chars(path.data() + i + 1, path.data() + i + 3, value, 16);
            out += static_cast<char>(value);
            i += 2;
        }
    }
    return out;
}

}  // namespace

TEST(FolderPath, PlainNamesStayAsTheyAre)
{
    for (const char* name :
         {"INBOX", "已发送", "Customers/ACME", "a b  c ", "we\"ird na*me&", "Cur", "x.mbox.old"})
        EXPECT_EQ(folder_path(name, '/'), name);
    EXPECT_EQ(folder_path("INBOX.a.b", '.'), "INBOX/a/b");
}

TEST(FolderPath, OddNamesAreEscapedAndComeBack)
{
    EXPECT_EQ(folder_path("", '/'), "%");
    EXPECT_EQ(folder_path("..", '/'), "%2E.");
    EXPECT_EQ(folder_path(".hidden/../x", '/'), "%2Ehidden/%2E./x");
    EXPECT_EQ(folder_path("a//b/", '/'), "a/%/b/%");
    EXPECT_EQ(folder_path("a/b.c", '.'), "a%2Fb/c");
    EXPECT_EQ(folder_path("a/b.c", '\0'), "a%2Fb.c");
    EXPECT_EQ(folder_path("cur", '/'), "%63ur");
    EXPECT_EQ(folder_path("100%", '/'), "100%25");
    EXPECT_EQ(folder_path("x.mbox", '/'), "x%2Embox");
    EXPECT_EQ(folder_path("x.eml", '/'), "x%2Eeml");
    EXPECT_EQ(folder_path("gr\xfcn", '/'), "gr%FCn");
    EXPECT_EQ(folder_path("grün", '/'), "grün");

    std::set<std::string> paths;
    std::size_t names = 0;
    for (int a = 0; a < 256; ++a) {
        for (const char* tail : {"", "x", ".", "ur", "%41", ".mbox"}) {
            const std::string name = std::string(1, static_cast<char>(a)) + tail;
            const std::string path = folder_path(name, '/');
            EXPECT_EQ(decoded(path, '/'), name);
            paths.insert(path);
            ++names;
        }
    }
    EXPECT_EQ(paths.size(), names);
}

TEST(FolderPath, LongNamesAreCutAndStayDifferent)
{
    const std::string chinese = [] {
        std::string out;
        for (int i = 0; i < 200; ++i)
            out += "件";
        return out;
    }();
    const std::string a = folder_path(chinese + "a", '/');
    const std::string b = folder_path(chinese + "b", '/');
    EXPECT_NE(a, b);
    EXPECT_LE(a.size(), 200U);
    EXPECT_NE(a.find("%~"), std::string::npos);
    EXPECT_EQ(a.substr(0, 3), "件");
    std::string deep;
    for (int i = 0; i < 2'000; ++i)
        deep += "abc/";
    EXPECT_LE(folder_path(deep, '/').size(), 200U);
    EXPECT_NE(folder_path(deep + "x", '/'), folder_path(deep + "y", '/'));
    EXPECT_EQ(folder_path(std::string(300, '\xff'), '/').find("%F%"), std::string::npos);
}

TEST(FolderPath, AnAccountIsALevelOfItsOwn)
{
    Outgoing message;
    message.folder = "INBOX.x";
    message.separator = '.';
    EXPECT_EQ(folder_path(message), "INBOX/x");
    message.account = "a.b@c.example";
    EXPECT_EQ(folder_path(message), "a.b@c.example/INBOX/x");
    message.account = "../up";
    EXPECT_EQ(folder_path(message), "%2E.%2Fup/INBOX/x");
}

TEST(ReadableName, SaysWhenAndWhatAndWhich)
{
    Outgoing message;
    message.id_hex = std::string(64, 'b');
    EXPECT_EQ(readable_name(message), "undated-bbbbbbbbbbbb");
    message.date = InternalDate{0, 480};
    message.subject = "../a\tb: c?  ";
    EXPECT_EQ(readable_name(message), "19700101T000000Z-.._a_b_c-bbbbbbbbbbbb");
    message.subject = std::string(79, 'x') + "件";
    EXPECT_EQ(readable_name(message), "19700101T000000Z-" + std::string(79, 'x') + "-bbbbbbbbbbbb");
    message.subject = "\xff";
    EXPECT_EQ(readable_name(message), "19700101T000000Z-bbbbbbbbbbbb");
}

TEST(UniquePaths, RepeatedPathsAreNumbered)
{
    UniquePaths paths;
    EXPECT_EQ(paths.claim("a", ".eml"), "a.eml");
    EXPECT_EQ(paths.claim("a", ".eml"), "a-2.eml");
    EXPECT_EQ(paths.claim("a-3", ".eml"), "a-3.eml");
    EXPECT_EQ(paths.claim("a", ".eml"), "a-4.eml");
}

}  // namespace mailhold::deliver
