// Connections that break, are refused, or end; and what is asked of us meanwhile.

#include "upload_fixture.hpp"

namespace mailhold::deliver {
namespace {

using test::AppendCall;
using test::Reply;
using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Le;
using testing::SizeIs;

class UploadConnections : public UploadTest {
protected:
    /// The first APPEND is never answered.
    void cut_first_append(bool stores)
    {
        server.on_append = [this, stores](const AppendCall&) -> std::optional<Reply> {
            if (std::exchange(was_cut_, true))
                return {};
            return Reply{.hangs_up = true, .stores = stores};
        };
    }

private:
    bool was_cut_ = false;
};

TEST_F(UploadConnections, Case45_ABatchStoredBeforeTheCutIsNotSentAgain)
{
    add_letters(10);
    cut_first_append(true);
    const UploadReport report = run();
    expect_whole(report);
    EXPECT_EQ(report.uploaded, 10U);
    EXPECT_EQ(report.reconnections, 1U);
    EXPECT_EQ(server.appends(), 1U);
    EXPECT_EQ(run().already_there, 10U);
}

TEST_F(UploadConnections, Case45_ABatchNotStoredBeforeTheCutIsSentAgain)
{
    add_letters(10);
    cut_first_append(false);
    const UploadReport report = run();
    expect_whole(report);
    EXPECT_EQ(report.uploaded, 10U);
}

TEST_F(UploadConnections, Case45_EqualMessagesInACutBatchStayAsManyAsTheyWere)
{
    for (int i = 0; i < 4; ++i)
        add(letter(1));
    inbox().add(letter(1));
    cut_first_append(true);
    expect_whole(run());
}

// Forty places, on three connections.
TEST_F(UploadConnections, Case45_WhereverTheConnectionIsCutEverythingIsThereOnce)
{
    connections = 3;
    add_letters(60);
    add(letter(3));
    for (std::uint64_t at = 1; at < bytes_wanted(); at += bytes_wanted() / 40) {
        server.folders = {{"INBOX", {}}};
        memory.forget();
        server.cut_after_bytes = at;
        expect_whole(run());
    }
}

TEST_F(UploadConnections, AMessageThatBreaksEveryConnectionComesToBeAlone)
{
    add_letters(30);
    server.on_append = [](const AppendCall& call) -> std::optional<Reply> {
        if (call.holds("text of 17;"))
            return Reply{.hangs_up = true};
        return {};
    };
    const UploadReport report = run();
    ASSERT_THAT(report.failed, SizeIs(1));
    EXPECT_EQ(report.failed[0].message, 17U);
    EXPECT_EQ(inbox().messages.size(), 29U);
    EXPECT_EQ(report.verified, 29U);
}

TEST_F(UploadConnections, AConnectionCutWhileTheTargetIsReadIsMadeAgain)
{
    add_letters(10);
    for (const char* command : {"SELECT", "UID FETCH 1:*", "UID FETCH 1:5"}) {
        inbox() = {};
        for (int i = 0; i < 5; ++i)
            inbox().add(letter(i));
        bool was_cut = false;
        server.on_line = [&](const std::string& line) -> std::optional<Reply> {
            if (!line.starts_with(command) || std::exchange(was_cut, true))
                return {};
            return Reply{.hangs_up = true};
        };
        expect_whole(run());
        EXPECT_TRUE(was_cut) << command;
        memory.forget();
    }
}

TEST_F(UploadConnections, Case54_NoMoreConnectionsThanAllowed)
{
    connections = 1;
    add_letters(100);
    expect_whole(run());
    EXPECT_EQ(server.most_at_once, 1U);
    EXPECT_EQ(server.logins, 1);
}

TEST_F(UploadConnections, Case54_ARefusedSecondConnectionCostsOnlySpeed)
{
    connections = 4;
    server.most_connections = 1;
    add_letters(100);
    const UploadReport report = run();
    expect_whole(report);
    EXPECT_THAT(report.warnings, IsEmpty());
}

// The second connection breaks with BAD and is not let in again; its batch is the first one's.
TEST_F(UploadConnections, Case54_AConnectionLostForGoodLeavesItsWorkToTheOthers)
{
    connections = 2;
    add_letters(100);
    server.on_append = [&](const AppendCall& call) -> std::optional<Reply> {
        if (call.session != 2 || server.most_connections == 1)
            return {};
        server.most_connections = 1;
        return Reply{.text = "$ BAD no more of you"};
    };
    const UploadReport report = run();
    expect_whole(report);
}

TEST_F(UploadConnections, AnotherUidValidityDuringTheUploadCostsNothing)
{
    add_letters(40);
    int appends = 0;
    server.on_append = [&](const AppendCall&) -> std::optional<Reply> {
        if (++appends == 3) {
            test::StoredFolder renumbered{.uid_validity = 8};
            for (const auto& [uid, message] : inbox().messages)
                renumbered.add(message.raw);
            inbox() = renumbered;
        }
        return {};
    };
    const UploadReport report = run();
    expect_whole(report);
    server.on_append = {};
    expect_whole(run());
}

TEST_F(UploadConnections, AnAccountBlockedOnTheWayLosesNoCount)
{
    add_letters(40);
    server.on_append = [&](const AppendCall&) -> std::optional<Reply> {
        if (inbox().messages.size() >= 20)
            server.is_closed = true;
        return server.is_closed ? std::optional(Reply{.hangs_up = true}) : std::nullopt;
    };
    const UploadReport report = run();
    EXPECT_EQ(report.end, UploadEnd::lost);
    EXPECT_FALSE(report.why.empty());
    EXPECT_EQ(report.uploaded, 20U);
    EXPECT_EQ(report.missing_bytes, bytes_wanted() - server.bytes_stored());
    EXPECT_FALSE(report.is_whole());
    server.is_closed = false;
    server.on_append = {};
    expect_whole(run());
}

TEST_F(UploadConnections, TheBudgetOfADayIsKept)
{
    add_letters(60);
    options.budget_bytes = bytes_wanted() / 2;
    const UploadReport today = run();
    EXPECT_EQ(today.end, UploadEnd::budget_spent);
    EXPECT_LE(today.bytes, *options.budget_bytes);
    EXPECT_GT(today.bytes, *options.budget_bytes / 2);
    EXPECT_EQ(today.missing_bytes, bytes_wanted() - today.bytes);
    EXPECT_EQ(today.verified, today.uploaded);
    EXPECT_FALSE(run().is_whole() && today.is_whole());
    options.budget_bytes = bytes_wanted();
    expect_whole(run());
}

TEST_F(UploadConnections, WhatWasRefusedIsNotCountedInTheBudget)
{
    add_letters(10);
    options.budget_bytes = bytes_wanted();
    server.on_append = [](const AppendCall& call) -> std::optional<Reply> {
        return call.items.size() > 1 ? std::optional(Reply{.text = "$ NO one at a time"})
                                     : std::nullopt;
    };
    expect_whole(run());
}

TEST_F(UploadConnections, AskedToStopItStopsSoonAndSaysWhatIsMissing)
{
    add_letters(60);
    server.on_append = [&](const AppendCall&) -> std::optional<Reply> {
        if (inbox().messages.size() >= 20)
            stop.request_stop();
        return {};
    };
    const UploadReport report = run();
    EXPECT_EQ(report.end, UploadEnd::stopped);
    EXPECT_LT(report.uploaded, 60U);
    stop = std::stop_source();
    server.on_append = {};
    expect_whole(run());
}

TEST_F(UploadConnections, Case15_MessagesOnTheirWayAreBoundedInBytes)
{
    connections = 2;
    options.memory_bytes = 400'000;
    options.batch_bytes = 100'000;
    for (int i = 0; i < 60; ++i)
        add(letter(i) + std::string(20'000, 'x'));
    add(letter(60) + std::string(1'000'000, 'x'));
    server.on_append = [&](const AppendCall& call) -> std::optional<Reply> {
        std::uint64_t bytes = 0;
        for (const test::StoredMessage& item : call.items)
            bytes += item.raw.size();
        EXPECT_TRUE(call.items.size() == 1 || bytes <= options.batch_bytes + 25'000) << bytes;
        const std::uint64_t on_their_way = bytes_read - server.bytes_stored();
        EXPECT_TRUE(on_their_way <= options.memory_bytes || on_their_way == bytes) << on_their_way;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));  // reading is faster
        return {};
    };
    expect_whole(run());
    EXPECT_THAT(server.batch_sizes, Each(Le(5U)));
}

TEST_F(UploadConnections, Case29_FoldersThatDifferInCaseOnlyAreKeptApartWhereTheServerDoesNot)
{
    server.is_blind_to_case = true;
    for (const bool is_there : {false, true}) {
        server.folders = {{"INBOX", {}}};
        memory.forget();
        if (is_there)
            server.folders["Trash"];
        folders = {{.levels = {"trash"}, .use = {}}, {.levels = {"Trash"}, .use = {}}};
        messages.clear();
        add(letter(1), {}, 0);
        add(letter(2), {}, 1);
        for (int round = 0; round < 2; ++round) {
            const UploadReport report = run();
            EXPECT_TRUE(report.is_whole());
            EXPECT_THAT(report.warnings, SizeIs(1));
            EXPECT_THAT(server.folders, SizeIs(3)) << "Case 29: no merge unless asked";
            for (const auto& [name, folder] : server.folders)
                EXPECT_THAT(folder.messages, SizeIs(name == "INBOX" ? 0 : 1)) << name;
        }
    }
}

TEST_F(UploadConnections, Case29_ANameThatHasToBeChangedDoesNotBecomeAnothers)
{
    server.separator = '.';
    folders = {{.levels = {"acme.com"}, .use = {}}, {.levels = {"acme_com"}, .use = {}}};
    add(letter(1), {}, 0);
    add(letter(2), {}, 1);
    for (int round = 0; round < 2; ++round) {
        EXPECT_TRUE(run().is_whole());
        EXPECT_EQ(server.folders["acme_com (mail)"].raws(), wanted(0));
        EXPECT_EQ(server.folders["acme_com"].raws(), wanted(1));
        memory.forget();
    }
}

TEST_F(UploadConnections, Case29_AFolderOfOtherCaseIsTakenWhereTheServerDoesNotTellThemApart)
{
    server.is_blind_to_case = true;
    server.folders["TRASH"].add(letter(1));
    folders = {{.levels = {"Trash"}, .use = {}}};
    add_letters(2);
    const UploadReport report = run();
    EXPECT_TRUE(report.is_whole());
    EXPECT_EQ(report.already_there, 1U);
    EXPECT_EQ(server.folders["TRASH"].raws(), wanted());
}

}  // namespace
}  // namespace mailhold::deliver
