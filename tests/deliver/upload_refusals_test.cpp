// Servers that refuse: one message, one folder's name, or all of it.

#include "upload_fixture.hpp"

namespace mailhold::deliver {
namespace {

using test::AppendCall;
using test::Reply;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class UploadRefusals : public UploadTest {
protected:
    /// Everything is there but message `number`, which is named with `why`.
    void expect_only_missing(const UploadReport& report, std::size_t number, const char* why)
    {
        ASSERT_THAT(report.failed, SizeIs(1));
        EXPECT_EQ(report.failed[0].message, number);
        EXPECT_THAT(report.failed[0].why, HasSubstr(why));
        EXPECT_EQ(report.end, UploadEnd::complete);
        EXPECT_FALSE(report.is_whole());
        EXPECT_EQ(report.verified, messages.size() - 1);
        std::vector<std::string> others = wanted();
        std::erase(others, raws.at(messages[number].id));
        EXPECT_EQ(inbox().raws(), others);
    }
};

TEST_F(UploadRefusals, Case38_ARefusedBatchIsSplitUntilTheBadMessageIsAlone)
{
    add_letters(10);
    server.on_append = [](const AppendCall& call) -> std::optional<Reply> {
        if (call.holds("text of 6;"))
            return Reply{.text = "$ NO that one I do not take"};
        return {};
    };
    expect_only_missing(run(), 6, "that one I do not take");
    EXPECT_LE(server.appends(), 9U) << "halves, not one by one";
}

TEST_F(UploadRefusals, Case34_AKeywordThatTheServerRefusesDoesNotCostItsMessage)
{
    add_letters(4);
    add(letter(90), {"\\Seen", "VeryLong", "Hot"});
    server.on_append = [](const AppendCall& call) -> std::optional<Reply> {
        for (const test::StoredMessage& item : call.items)
            if (item.flags.find("VeryLong") != item.flags.npos)
                return Reply{.text = "$ NO [CANNOT] Keyword length too long"};
        return {};
    };
    const UploadReport report = run();
    expect_whole(report);
    EXPECT_THAT(report.warnings,
                Contains("1 message: refused with the keyword VeryLong, and taken without it"));
    for (const auto& [uid, message] : inbox().messages)
        EXPECT_EQ(message.flags, message.raw == letter(90) ? "\\Seen" : "");
}

TEST_F(UploadRefusals, Case34_ARefusalForTheMomentCostsNoKeyword)
{
    server.capabilities = "IMAP4rev1 UIDPLUS";  // one message a command
    add(letter(90), {"\\Seen", "Hot"});
    bool refused = false;
    server.on_append = [&](const AppendCall&) -> std::optional<Reply> {
        if (!std::exchange(refused, true))
            return Reply{.text = "$ NO internal error"};
        return {};
    };
    const UploadReport report = run();
    expect_whole(report);
    EXPECT_THAT(report.warnings, IsEmpty());
    EXPECT_THAT(inbox().messages.begin()->second.flags, HasSubstr("Hot"));
}

TEST_F(UploadRefusals, Case37_AnEmptyMessageIsNamedAndNeverSent)
{
    add_letters(3);
    const std::size_t empty = add("");
    expect_only_missing(run(), empty, "empty");
    for (const std::string& line : server.lines)
        EXPECT_THAT(line, testing::Not(HasSubstr("{0")));
}

TEST_F(UploadRefusals, Case40_WhatIsOverTheAppendLimitIsNotSent)
{
    server.capabilities += " APPENDLIMIT=1000";
    add_letters(3);
    const std::size_t large = add(letter(77) + std::string(2'000, 'x'));
    expect_only_missing(run(), large, "the server takes 1000");
    EXPECT_THAT(server.batch_sizes, ElementsAre(3));
}

TEST_F(UploadRefusals, Case40_ALimitThatIsNotToldCostsOnlyTheLargeMessage)
{
    server.literal_limit = 1'000;
    add_letters(9);
    const std::size_t large = add(letter(77) + std::string(2'000, 'x'));
    expect_only_missing(run(), large, "too large");
}

TEST_F(UploadRefusals, Case31_ALiteralRefusedBeforeItComesIsNotSent)
{
    server.capabilities = "IMAP4rev1 UIDPLUS";  // every literal waits
    server.literal_limit = 100;
    add_letters(2);
    const std::size_t large = add(letter(3) + "\r\nz1 DELETE INBOX\r\n" + std::string(200, 'x'));
    expect_only_missing(run(), large, "too large");
    for (const std::string& line : server.lines)
        EXPECT_THAT(line, testing::Not(HasSubstr("DELETE")));
    EXPECT_EQ(server.logins, 1) << "the session goes on";
}

TEST_F(UploadRefusals, Case30_AfterBadNothingMoreGoesOverThatWire)
{
    add_letters(10);
    bool was_bad = false;
    int lines_after = 0;
    server.on_append = [&](const AppendCall& call) -> std::optional<Reply> {
        if (!call.holds("text of 4;"))
            return {};
        was_bad = true;
        return Reply{.text = "$ BAD Command Argument Error. 11"};
    };
    server.on_line = [&](const std::string& line) -> std::optional<Reply> {
        // The next word after BAD is a new session's.
        if (was_bad && !line.starts_with("NOOP") && !line.starts_with("CAPABILITY") &&
            !line.starts_with("AUTHENTICATE"))
            ++lines_after;
        if (line.starts_with("AUTHENTICATE"))
            was_bad = false;
        return {};
    };
    expect_only_missing(run(), 4, "Command Argument Error");
    EXPECT_EQ(lines_after, 0);
    EXPECT_GE(server.logins, 4);
}

TEST_F(UploadRefusals, Case41_ALineTheServerCannotBearIsIsolated)
{
    add_letters(5);
    const std::size_t long_line = add(letter(77) + std::string(11'000, 'x') + "\r\n");
    server.on_append = [](const AppendCall& call) -> std::optional<Reply> {
        if (call.holds(std::string(10'240, 'x')))
            return Reply{.text = "$ BAD Command Argument Error. 11"};
        return {};
    };
    expect_only_missing(run(), long_line, "Command Argument Error. 11");
}

TEST_F(UploadRefusals, Case42_AMessageWithoutALastLineEndLandsWhereOneIsAskedFor)
{
    add("Subject: no end\r\n\r\nend");
    add_letters(2);
    server.on_append = [](const AppendCall& call) -> std::optional<Reply> {
        for (const test::StoredMessage& item : call.items)
            if (!item.raw.ends_with("\r\n"))
                return Reply{.text = "$ BAD [CLIENTBUG] Additional arguments found after last "
                                     "expected argument"};
        return {};
    };
    const UploadReport report = run();
    EXPECT_TRUE(report.is_whole());
    EXPECT_THAT(inbox().raws(), testing::Contains("Subject: no end\r\n\r\nend\r\n"));
    EXPECT_THAT(report.warnings, ElementsAre(HasSubstr("line ends")));
}

TEST_F(UploadRefusals, Case43_OverQuotaInTheMiddleStopsAtOnceAndGoesOnWithMoreRoom)
{
    add_letters(60);
    server.quota_bytes = bytes_wanted() / 2;
    const UploadReport half = run();
    EXPECT_EQ(half.end, UploadEnd::over_quota);
    EXPECT_THAT(half.why, HasSubstr("Quota exceeded"));
    EXPECT_THAT(half.failed, IsEmpty()) << "no message is to blame";
    EXPECT_FALSE(half.is_whole());
    EXPECT_EQ(half.missing_bytes, bytes_wanted() - server.bytes_stored());
    EXPECT_EQ(half.uploaded, half.verified);
    const std::size_t appends = server.appends();
    EXPECT_LE(appends, half.uploaded / 10 + 1) << "one refusal is enough";

    EXPECT_EQ(run().end, UploadEnd::over_quota) << "still full";
    EXPECT_EQ(server.appends(), appends + 1);

    server.quota_bytes = bytes_wanted();
    const UploadReport rest = run();
    expect_whole(rest);
    EXPECT_EQ(rest.already_there, half.uploaded);
}

TEST_F(UploadRefusals, Case43_SeveralConnectionsStopTogether)
{
    connections = 4;
    add_letters(200);
    server.quota_bytes = bytes_wanted() / 2;
    const UploadReport half = run();
    EXPECT_EQ(half.end, UploadEnd::over_quota);
    EXPECT_EQ(half.missing_bytes, bytes_wanted() - server.bytes_stored());
    EXPECT_EQ(half.verified, inbox().messages.size());
    server.quota_bytes = bytes_wanted();
    expect_whole(run());
}

TEST_F(UploadRefusals, Case44_AFolderThatVanishedIsMadeAgainOnce)
{
    folders = {{.levels = {"Mail"}, .use = {}}};
    add_letters(20);
    bool deleted = false;
    server.on_append = [&](const AppendCall&) -> std::optional<Reply> {
        if (!std::exchange(deleted, true))
            server.folders.erase("Mail");
        return {};
    };
    const UploadReport report = run();
    EXPECT_TRUE(report.is_whole());
    EXPECT_EQ(server.folders["Mail"].raws(), wanted());
}

TEST_F(UploadRefusals, Case44_AVanishedFolderCostsNoMessageOfOtherConnections)
{
    server.capabilities = "IMAP4rev1 UIDPLUS";  // one message a command
    connections = 3;
    options.batch_messages = 2;
    folders = {{.levels = {"Mail"}, .use = {}}};
    add_letters(30);
    bool deleted = false;
    server.on_append = [&](const AppendCall&) -> std::optional<Reply> {
        if (server.logins >= 3 && !std::exchange(deleted, true))
            server.folders.erase("Mail");
        return {};
    };
    const UploadReport report = run();
    for (const std::string& why : reasons(report))
        EXPECT_THAT(why, HasSubstr("does not show it")) << "those that went with the folder";
    EXPECT_EQ(report.verified + report.failed.size(), 30U);
    EXPECT_TRUE(run().is_whole());
    EXPECT_EQ(server.folders["Mail"].raws(), wanted());
}

TEST_F(UploadRefusals, Case44_AReservedNameBecomesAnother)
{
    folders = {{.levels = {"Files"}, .use = {}}};
    add_letters(3);
    server.on_line = [](const std::string& line) -> std::optional<Reply> {
        if (line.starts_with("CREATE \"Files\""))
            return Reply{.text = "$ NO Folder name is reserved."};
        return {};
    };
    const UploadReport report = run();
    EXPECT_TRUE(report.is_whole());
    EXPECT_EQ(server.folders["Files (mail)"].raws(), wanted());
    EXPECT_TRUE(server.folders["Files (mail)"].is_subscribed);
    EXPECT_THAT(report.warnings, ElementsAre(HasSubstr("Folder name is reserved")));
    EXPECT_TRUE(run().is_whole()) << "the other name is found again";
    EXPECT_EQ(server.appends(), 1U);
}

TEST_F(UploadRefusals, Case44_AFolderRefusedOnceKeepsItsName)
{
    folders = {{.levels = {"Mail"}, .use = {}}};
    add_letters(3);
    bool refused = false;
    server.on_line = [&](const std::string& line) -> std::optional<Reply> {
        if (line.starts_with("CREATE ") && !std::exchange(refused, true))
            return Reply{.text = "$ NO [LIMIT] not now"};
        return {};
    };
    const UploadReport report = run();
    EXPECT_TRUE(report.is_whole());
    EXPECT_THAT(report.warnings, ElementsAre());
    EXPECT_EQ(server.folders["Mail"].raws(), wanted());
}

TEST_F(UploadRefusals, Case44_WhatWentUnderAnotherNameIsNotSentAgainUnderItsOwn)
{
    folders = {{.levels = {"Mail"}, .use = {}}};
    add_letters(3);
    server.on_line = [](const std::string& line) -> std::optional<Reply> {
        if (line.starts_with("CREATE \"Mail\""))
            return Reply{.text = "$ NO too many new folders today"};
        return {};
    };
    EXPECT_TRUE(run().is_whole());
    server.on_line = {};
    add(letter(10));
    const UploadReport report = run();
    EXPECT_TRUE(report.is_whole());
    EXPECT_EQ(report.already_there, 3U);
    EXPECT_THAT(report.warnings, ElementsAre(HasSubstr("an earlier upload")));
    EXPECT_FALSE(server.folders.contains("Mail"));
    EXPECT_EQ(server.folders["Mail (mail)"].raws(), wanted());
}

TEST_F(UploadRefusals, Case44_AFolderRefusedUnderEveryNameCostsItsMessagesOnly)
{
    folders.push_back({.levels = {"Files"}, .use = {}});
    add_letters(3);
    add_letters(2, 1);
    server.on_line = [](const std::string& line) -> std::optional<Reply> {
        if (line.starts_with("CREATE "))
            return Reply{.text = "$ NO [NOPERM] no folders for you"};
        return {};
    };
    const UploadReport report = run();
    EXPECT_THAT(reasons(report), ElementsAre(HasSubstr("no folders"), HasSubstr("no folders")));
    EXPECT_EQ(inbox().raws(), wanted());
}

}  // namespace
}  // namespace mailhold::deliver
