// What folders are called on the target.

#include <gmock/gmock.h>

#include "mailhold/base/ascii.hpp"

#include "target_names.hpp"

namespace mailhold::deliver {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

imap::ListedFolder listed(std::string wire_name, char separator,
                          std::set<std::string> attributes = {}, std::uint32_t messages = 0)
{
    imap::ListedFolder folder;
    folder.wire_name = folder.name = std::move(wire_name);
    if (separator != 0)
        folder.separator = separator;
    folder.attributes = std::move(attributes);
    folder.status = imap::FolderStatus{.messages = messages};
    return folder;
}

TargetNames names(char separator, const std::string& prefix = {},
                  std::vector<imap::ListedFolder> more = {})
{
    more.push_back(listed("INBOX", separator));
    imap::Namespace space{.prefix = prefix};
    if (separator != 0)
        space.separator = separator;
    return {std::move(more), {space}};
}

FolderTarget target(const TargetNames& names, std::vector<std::string> levels, std::string use = {})
{
    return names.target_of({.levels = std::move(levels), .use = std::move(use)});
}

std::vector<std::string> wire_names(const std::vector<FolderTarget>& targets)
{
    std::vector<std::string> names;
    for (const FolderTarget& one : targets)
        names.push_back(one.wire_name);
    return names;
}

TEST(TargetNames, Case29_LevelsArePartedAsTheTargetDoes)
{
    const std::vector<std::string> levels{"Customers", "ACME"};
    EXPECT_EQ(target(names('/'), levels).wire_name, "Customers/ACME");
    EXPECT_EQ(target(names('.'), levels).wire_name, "Customers.ACME");
    EXPECT_EQ(target(names('\\'), levels).wire_name, "Customers\\ACME");
    EXPECT_EQ(target(names(0), levels).wire_name, "Customers-ACME") << "a server without levels";
}

TEST(TargetNames, Case29_APrefixStandsBeforeAllButTheInbox)
{
    const TargetNames courier = names('.', "INBOX.");
    EXPECT_EQ(target(courier, {"Sent"}).wire_name, "INBOX.Sent");
    EXPECT_EQ(target(courier, {"INBOX"}).wire_name, "INBOX");
    EXPECT_EQ(target(courier, {"inBox", "Old"}).wire_name, "INBOX.Old");
    EXPECT_EQ(target(courier, {"Sent"}).name, "INBOX.Sent");
}

TEST(TargetNames, Case29_TheInboxIsOneInAnyCase)
{
    const TargetNames server({listed("inBox", '/', {}, 3)}, {});
    for (const char* spelling : {"INBOX", "Inbox", "inBox"}) {
        const FolderTarget inbox = target(server, {spelling});
        EXPECT_EQ(lower_case(inbox.wire_name), "inbox");
        EXPECT_TRUE(inbox.exists);
        EXPECT_EQ(inbox.messages_there, 3U);
    }
}

TEST(TargetNames, SpecialUsesGoToTheTargetsOwn)
{
    const TargetNames chinese = names('/', "", {listed("&XfJT0ZAB-", '/', {"\\sent"}, 8)});
    for (const char* use : {"\\sent", "\\Sent"}) {
        const FolderTarget sent = target(chinese, {"Sent"}, use);
        EXPECT_EQ(sent.wire_name, "&XfJT0ZAB-");
        EXPECT_TRUE(sent.exists);
        EXPECT_EQ(sent.messages_there, 8U);
        EXPECT_THAT(sent.note, IsEmpty());
    }
    EXPECT_EQ(target(chinese, {"Sent"}).wire_name, "Sent") << "no use was asked for";
    EXPECT_EQ(target(chinese, {"Drafts"}, "\\drafts").wire_name, "Drafts") << "it has none";
}

TEST(TargetNames, AllMailAndFoldersThatCannotBeOpenedAreNoTargets)
{
    const TargetNames gmail = names('/', "",
                                    {listed("[Gmail]/All Mail", '/', {"\\all"}),
                                     listed("Parent", '/', {"\\noselect", "\\sent"})});
    EXPECT_EQ(target(gmail, {"All Mail"}, "\\all").wire_name, "All Mail");
    EXPECT_EQ(target(gmail, {"Sent"}, "\\sent").wire_name, "Sent");
    EXPECT_FALSE(target(gmail, {"Parent"}).exists) << "it has to be made";
}

TEST(TargetNames, Case28_WhatNoNameMayHoldIsReplacedAndSaid)
{
    const FolderTarget level = target(names('.'), {"acme.com", "Q1"});
    EXPECT_EQ(level.wire_name, "acme_com.Q1");
    EXPECT_THAT(level.note, HasSubstr("acme.com"));
    EXPECT_EQ(target(names('/'), {"a\r\nz1 DELETE victim"}).wire_name, "a__z1 DELETE victim");
    EXPECT_THAT(target(names('/'), {"fine"}).note, IsEmpty());
}

TEST(TargetNames, Case27_BytesThatAreNoTextBecomeText)
{
    const FolderTarget odd = target(names('/'), {"caf\xe9"});
    EXPECT_TRUE(std::ranges::all_of(odd.wire_name, [](char c) { return c >= ' ' && c < 0x7f; }))
        << odd.wire_name;
    EXPECT_THAT(odd.note, HasSubstr("cannot be a folder's name"));
    EXPECT_EQ(target(names('/'), {"\xe8\x8d\x89\xe7\xa8\xbf\xe7\xae\xb1"}).wire_name, "&g0l6P3ux-");
    EXPECT_EQ(target(names('/'), {"R&D"}).wire_name, "R&-D");
}

TEST(TargetNames, Case28_RefusedNamesArePlainerThenBesides)
{
    EXPECT_THAT(wire_names(names('/').others_for({.levels = {"A^B", " two  blanks "}, .use = {}})),
                ElementsAre("A_B/two blanks", "A_B/two blanks (mail)"));
    EXPECT_THAT(wire_names(names('/').others_for({.levels = {"Files"}, .use = {}})),
                ElementsAre("Files (mail)"))
        << "Case 44: Exchange keeps `Files` to itself";
    EXPECT_THAT(wire_names(names('/').others_for({.levels = {"..."}, .use = {}})),
                ElementsAre("_", "_ (mail)"));
}

TEST(TargetNames, Case29_AFolderOfOtherCaseIsFoundOnlyWhenAsked)
{
    const TargetNames exchange = names('/', "", {listed("Trash", '/')});
    EXPECT_FALSE(target(exchange, {"trash"}).exists);
    ASSERT_NE(exchange.same_but_for_case("trash"), nullptr);
    EXPECT_EQ(exchange.same_but_for_case("trash")->wire_name, "Trash");
    EXPECT_EQ(exchange.same_but_for_case("tras"), nullptr);
}

}  // namespace
}  // namespace mailhold::deliver
