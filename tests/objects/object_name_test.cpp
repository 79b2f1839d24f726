// Names that may leave the vault's folder are refused before anything is touched.

#include <gtest/gtest.h>

#include "object_name.hpp"
#include "support/kind_thrown_by.hpp"

namespace mailhold::objects {
namespace {

void expect_refused(std::string_view name)
{
    const auto kind = test::kind_thrown_by([&] { return require_object_name(name), 0; });
    EXPECT_EQ(kind, ErrorKind::bug) << name;
}

TEST(ObjectName, OnlyPlainPartsArePossible)
{
    for (std::string_view name : {"", "/", "/etc/passwd", "..", "../up", "keys/../../up", "keys//a",
                                  "keys/", ".", "./keys", "keys/."})
        expect_refused(name);
    expect_refused(std::string_view("keys/a\0b", 8));
    expect_refused("keys/" + std::string(256, 'a'));
}

TEST(ObjectName, OurOwnNamesPass)
{
    for (std::string_view name : {"root/0000000001-ab", "archives/3f/3fab", "keys/ab", "tmp/a-b",
                                  "journal/00ff/0000000001-ab", "..hidden", "a"})
        EXPECT_NO_THROW(require_object_name(name)) << name;
}

TEST(ObjectName, APrefixIsEmptyOrEndsWithASlash)
{
    EXPECT_NO_THROW(require_prefix(""));
    EXPECT_NO_THROW(require_prefix("journal/"));
    EXPECT_NO_THROW(require_prefix("journal/00ff/"));
    for (std::string_view prefix : {"journal", "/", "../", "journal//"})
        EXPECT_EQ(test::kind_thrown_by([&] { return require_prefix(prefix), 0; }), ErrorKind::bug)
            << prefix;
}

TEST(ObjectName, AnInterruptedPutNamesItsWriterOrItsKind)
{
    EXPECT_EQ(temporary_owner("journal/00ff/0000000001-ab"), "00ff");
    EXPECT_EQ(temporary_owner("root/0000000001-ab"), "root");
    EXPECT_EQ(temporary_owner("keys/ab"), "keys");
}

}  // namespace
}  // namespace mailhold::objects
