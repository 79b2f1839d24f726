// What is there, what arrived, and what the server made of it: told by content, whatever it says.

#include "upload_fixture.hpp"

namespace mailhold::deliver {
namespace {

using test::StoredFolder;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class UploadContent : public UploadTest {};

TEST_F(UploadContent, FlagsAndInstantsGoAlong)
{
    add(letter(1), {"$Forwarded", "\\Foo", "\\Recent", "\\Seen"});
    const UploadReport report = run();
    expect_whole(report);
    EXPECT_EQ(inbox().messages.at(1).flags, "$Forwarded \\Seen");
    EXPECT_EQ(inbox().messages.at(1).date, "09-Sep-2001 01:46:40 +0000");
    EXPECT_THAT(report.warnings, Contains(HasSubstr("\\Foo of 1 messages")));
}

TEST_F(UploadContent, Case51_MailThatAsksForReceiptsIsToldOnce)
{
    add("Disposition-Notification-To: boss@example.com\r\n\r\nold\r\n");
    add("Disposition-Notification-To: boss@example.com\r\n\r\nanswered\r\n", {"$MDNSent"});
    add_letters(3);
    bool was_cut = false;
    server.on_append = [&](const test::AppendCall&) -> std::optional<test::Reply> {
        return std::exchange(was_cut, true) ? std::nullopt
                                            : std::optional(test::Reply{.hangs_up = true});
    };
    const UploadReport report = run();
    expect_whole(report);
    EXPECT_THAT(report.warnings,
                ElementsAre("1 message asks for a read receipt; opening it may send one"));
}

TEST_F(UploadContent, Case47_ASecondRunSendsNothing)
{
    add_letters(25);
    expect_whole(run());
    const std::size_t appends = server.appends();
    UploadReport again = run();
    expect_whole(again);
    EXPECT_EQ(again.already_there, 25U);
    memory.forget();
    again = run();
    expect_whole(again);
    EXPECT_EQ(again.already_there, 25U);
    EXPECT_EQ(server.appends(), appends);
}

// 163 and others count from 1 under UIDVALIDITY 1 in every account.
TEST_F(UploadContent, Case02_AnAccountMadeAnewUnderTheSameNumbersIsReadAnew)
{
    add_letters(20);
    expect_whole(run());
    inbox() = {};
    for (int i = 0; i < 20; ++i)
        inbox().add(letter(100 + i));
    const UploadReport report = run();
    EXPECT_EQ(report.uploaded, 20U);
    EXPECT_TRUE(report.is_whole());
    EXPECT_EQ(inbox().messages.size(), 40U);
}

TEST_F(UploadContent, Case39_WhatTheServerRewritesIsTheSameMessage)
{
    add(std::string("Subject: nul\n\na\0b\n", 18));
    add("Subject: crlf\r\n\r\nplain\r\n");
    server.rewrites = [](const std::string& raw) {
        std::string stored;
        for (const char c : raw) {
            if (c == '\n' && !stored.ends_with('\r'))
                stored += '\r';
            stored += c == 0 ? '\x80' : c;
        }
        return stored;
    };
    UploadReport report = run();
    EXPECT_TRUE(report.is_whole());
    EXPECT_THAT(report.warnings,
                ElementsAre(HasSubstr("1 message: the server rewrote line ends or NUL")));
    memory.forget();
    report = run();
    EXPECT_EQ(report.already_there, 2U);
    EXPECT_EQ(server.appends(), 1U);
}

TEST_F(UploadContent, AMessageThatTheServerChangesIsToldAndNotSentTwice)
{
    add_letters(3);
    server.rewrites = [](const std::string& raw) { return "X-Exchange: yes\r\n" + raw; };
    const UploadReport report = run();
    EXPECT_FALSE(report.is_whole());
    EXPECT_EQ(report.verified, 0U);
    EXPECT_THAT(report.warnings, ElementsAre(HasSubstr("3 messages: the server keeps other")));
    const UploadReport again = run();
    EXPECT_EQ(again.uploaded, 0U);
    EXPECT_EQ(again.already_there, 3U);
    EXPECT_EQ(again.changed, 3U);
    EXPECT_FALSE(again.is_whole()) << "what is not as it was is told each time";
    EXPECT_EQ(inbox().messages.size(), 3U);
}

// Without memory nobody could tell what they were.
TEST_F(UploadContent, ChangedMessagesAreRememberedWhileTheUploadGoesOn)
{
    options.batch_messages = 100;
    add_letters(2'000);
    server.rewrites = [](const std::string& raw) { return "X-Exchange: yes\r\n" + raw; };
    server.on_append = [&](const test::AppendCall&) -> std::optional<test::Reply> {
        server.is_closed = server.is_closed || inbox().messages.size() >= 1'500;
        return server.is_closed ? std::optional(test::Reply{.hangs_up = true}) : std::nullopt;
    };
    EXPECT_EQ(run().end, UploadEnd::lost);
    EXPECT_GE(memory.known("INBOX", UidValidity{7}).size(), 800U);
}

TEST_F(UploadContent, Case46_WithoutAppendUidTheyAreFoundByWhatTheyHold)
{
    server.capabilities = "IMAP4rev1 MULTIAPPEND";
    inbox().add(letter(100));
    add_letters(25);
    const UploadReport report = run();
    EXPECT_TRUE(report.is_whole());
    EXPECT_EQ(report.verified, 25U);
    EXPECT_EQ(inbox().messages.size(), 26U);
    EXPECT_EQ(run().already_there, 25U);
}

TEST_F(UploadContent, AnAppendUidThatLiesIsFoundOut)
{
    const auto next_but_one = [](const StoredFolder& folder,
                                 const std::vector<std::uint32_t>& uids) {
        std::vector<std::uint32_t> off;
        for (const std::uint32_t uid : uids)
            off.push_back(uid + 1);
        return fmt::format("APPENDUID {} {}", folder.uid_validity, fmt::join(off, ","));
    };
    server.append_code = next_but_one;
    add_letters(25);
    expect_whole(run());
    memory.forget();
    EXPECT_EQ(run().already_there, 25U);
}

// Else what was there before would be remembered as ours.
TEST_F(UploadContent, AnAppendUidOfAMessageThatWasThereBeforeIsNotBelieved)
{
    for (int i = 100; i < 103; ++i)
        inbox().add(letter(i));
    server.append_code = [](const StoredFolder& folder, const std::vector<std::uint32_t>&) {
        return fmt::format("APPENDUID {} 1:3", folder.uid_validity);
    };
    add_letters(3);
    const UploadReport report = run();
    EXPECT_TRUE(report.is_whole());
    EXPECT_THAT(report.warnings, IsEmpty());
    for (const UploadMemory::Known& known : memory.known("INBOX", UidValidity{7}))
        EXPECT_GT(known.uid, Uid{3});
}

TEST_F(UploadContent, OneUidForTwoMessagesIsNotTwoMessages)
{
    add(letter(1));
    add(letter(1));
    server.merges_equal = true;
    server.append_code = [](const StoredFolder& folder, const std::vector<std::uint32_t>&) {
        return fmt::format("APPENDUID {} 1,1", folder.uid_validity);
    };
    const UploadReport report = run();
    EXPECT_EQ(report.merged, 1U);
    EXPECT_TRUE(report.is_whole());
}

TEST_F(UploadContent, Case48_TwoEqualMessagesStayTwo)
{
    for (int i = 0; i < 3; ++i)
        add(letter(1));
    inbox().add(letter(1));
    const UploadReport report = run();
    expect_whole(report);
    EXPECT_EQ(report.already_there, 1U);
    EXPECT_EQ(report.uploaded, 2U);
    memory.forget();
    EXPECT_EQ(run().already_there, 3U);
    inbox().messages.erase(inbox().messages.begin());
    EXPECT_EQ(run().uploaded, 1U) << "three are remembered, and two are there";
}

TEST_F(UploadContent, Case48_OfTwoEqualMessagesTheLostOneIsSentAgain)
{
    server.capabilities = "IMAP4rev1 LITERAL+";  // one after the other, and nobody tells UIDs
    add(letter(1));
    add(letter(1));
    bool was_cut = false;
    server.on_append = [&](const test::AppendCall&) -> std::optional<test::Reply> {
        if (std::exchange(was_cut, true))
            return {};
        return test::Reply{.hangs_up = true};
    };
    const UploadReport report = run();
    expect_whole(report);
    EXPECT_EQ(report.merged, 0U);
}

TEST_F(UploadContent, Case49_TheSameMessageIdWithAnotherBodyIsAnotherMessage)
{
    const std::string head = "Message-ID: <1@x>\r\n" + std::string(1'100, 'h') + "\r\n\r\n";
    inbox().add(head + "first body");
    add(head + "other body");
    add(head + "first body");
    const UploadReport report = run();
    expect_whole(report);
    EXPECT_EQ(report.already_there, 1U);
    EXPECT_EQ(report.uploaded, 1U);
}

TEST_F(UploadContent, Case50_WhatGmailMergesCountsAsMerged)
{
    server.merges_equal = true;
    add(letter(1));
    add(letter(1));
    add(letter(2));
    UploadReport report = run();
    EXPECT_TRUE(report.is_whole());
    EXPECT_EQ(report.merged, 1U);
    EXPECT_EQ(report.verified, 3U);
    EXPECT_EQ(inbox().messages.size(), 2U);
    for (int round = 0; round < 2; ++round, memory.forget()) {
        report = run();
        EXPECT_TRUE(report.is_whole()) << testing::PrintToString(reasons(report));
        EXPECT_EQ(inbox().messages.size(), 2U);
    }
}

// What is on the target cannot be read just now, so nobody knows whether ours is among it.
TEST_F(UploadContent, Case45_WhatCannotBeReadBackIsNotSentAgain)
{
    add_letters(5);
    bool cut = false;
    server.on_append = [&](const test::AppendCall&) -> std::optional<test::Reply> {
        if (std::exchange(cut, true))
            return {};
        return test::Reply{.hangs_up = true, .stores = true};
    };
    server.on_line = [&](const std::string& line) -> std::optional<test::Reply> {
        if (line.starts_with("UID FETCH ") && line.find("BODY.PEEK[]") != line.npos)
            return test::Reply{.text = "$ NO [SERVERBUG] cannot read it"};
        return {};
    };
    EXPECT_FALSE(run().is_whole());
    EXPECT_EQ(inbox().messages.size(), 5U);
    server.on_line = {};
    expect_whole(run());
}

TEST_F(UploadContent, AMessageDamagedInTheVaultCostsItselfOnly)
{
    add_letters(3);
    unreadable = messages[1].id;
    const UploadReport report = run();
    EXPECT_THAT(reasons(report), ElementsAre(HasSubstr("damaged")));
    EXPECT_EQ(report.verified, 2U);
}

}  // namespace
}  // namespace mailhold::deliver
