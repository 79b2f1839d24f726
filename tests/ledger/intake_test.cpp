// What goes into the intake, and what the vault then holds.

#include <thread>

#include "mailhold/base/file.hpp"
#include "world.hpp"

namespace mailhold::ledger {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class Intaking : public testing::Test {
protected:
    World world;
    Server server;
};

TEST_F(Intaking, EveryMessageComesBackByteForByte)
{
    using namespace std::string_literals;
    const std::vector<std::string> odd = {
        "",
        "\r\n",
        "\r\nstarts with a blank line",
        "no headers at all",
        "Subject: bare\nlf\n\nbody\n",
        "Subject: nul\r\n\r\na\0b\r\n"s,
        "Subject: \xb2\xe2\xca\xd4\r\n\r\n8-bit header\r\n",
        letter_with_attachment(1, 1),
        letter_with_attachment(2, 1),
        letter_with_attachment(3, 2, 3'000'000),
        letter_with_attachment(4, 3) + "trailing text after the last boundary",
    };
    std::uint32_t uid = 1;
    for (const std::string& raw : odd)
        server.messages[uid++] = {raw, {"\\Seen"}};
    auto ledger = world.open();
    back_up(*ledger, server);
    expect_backed_up(*ledger, world.keys(), server);
    expect_tidy_store(*ledger);
}

TEST_F(Intaking, AnAttachmentSentManyTimesIsStoredOnce)
{
    constexpr std::size_t attachment_bytes = 1'000'000;
    for (int n = 1; n <= 30; ++n)
        server.messages[static_cast<std::uint32_t>(n)] = {
            letter_with_attachment(n, 7, attachment_bytes), {}};
    auto ledger = world.open();
    back_up(*ledger, server, small_commits(3'000'000));
    EXPECT_LT(ledger->catalog().totals().stored_bytes, attachment_bytes * 12 / 10);
    EXPECT_GT(ledger->head()->seq, 5u);
    expect_backed_up(*ledger, world.keys(), server);
}

TEST_F(Intaking, OneMessageInSeveralFoldersIsStoredOnce)
{
    server.messages[1] = {letter(1), {}};
    server.messages[2] = {letter(1), {"\\Seen"}};
    auto ledger = world.open();
    back_up(*ledger, server);
    Server other = server;
    other.fid = FolderId{2};
    back_up(*ledger, other);
    EXPECT_EQ(ledger->catalog().totals().messages, 1u);
    EXPECT_EQ(ledger->catalog().totals().placements, 4u);
    EXPECT_THAT(ledger->catalog().archives(), SizeIs(1));
}

TEST_F(Intaking, ARunWithNothingNewWritesOneSmallEntryAndNoArchive)
{
    server.messages[1] = {letter(1), {}};
    auto ledger = world.open();
    back_up(*ledger, server);
    const auto before = ledger->catalog().totals();
    const Commit commit = back_up(*ledger, server);
    EXPECT_EQ(commit.seq, 2u);
    EXPECT_EQ(commit.messages, 0u);
    EXPECT_THAT(ledger->store().list("archives/"), SizeIs(1));
    EXPECT_LT(ledger->catalog().totals().stored_bytes - before.stored_bytes, 2'000u);
}

TEST_F(Intaking, NothingIsVisibleBeforeTheCommitAndAllAfter)
{
    auto ledger = world.open();
    Intake intake(*ledger, "run", {});
    intake.message(arrival(1, 1, letter(1)));
    intake.cursor(anna, FolderId{1},
                  {.highest_modseq = ModSeq{5}, .uid_next = Uid{2}, .exists = 1});
    const catalog::FolderKey key{ledger->kit().writer, FolderId{1}};
    EXPECT_THAT(ledger->catalog().live_uids(key), IsEmpty());
    EXPECT_FALSE(ledger->catalog().cursor(key));
    intake.flush();
    EXPECT_THAT(ledger->catalog().live_uids(key), SizeIs(1));
    EXPECT_EQ(ledger->catalog().cursor(key)->highest_modseq, ModSeq{5});
    EXPECT_EQ(intake.tally(anna).new_messages, 1u);
    EXPECT_EQ(intake.tally(anna).placed, 1u);
    EXPECT_EQ(intake.tally(anna).raw_bytes, letter(1).size());
}

TEST_F(Intaking, AFlushWithOnlyACursorWritesNoEntry)
{
    auto ledger = world.open();
    Intake intake(*ledger, "run", {});
    intake.cursor(anna, FolderId{1},
                  {.highest_modseq = ModSeq{5}, .uid_next = Uid{2}, .exists = 1});
    intake.flush();
    EXPECT_FALSE(ledger->head());
    EXPECT_TRUE(ledger->catalog().cursor({ledger->kit().writer, FolderId{1}}));
}

TEST_F(Intaking, WhatIsNotFinishedIsDropped)
{
    auto ledger = world.open();
    {
        Intake intake(*ledger, "run", {});
        intake.message(arrival(1, 1, letter(1)));
    }
    EXPECT_FALSE(ledger->head());
    expect_tidy_store(*ledger);
}

TEST_F(Intaking, AnOldCommitIsMadeWithoutAnotherCall)
{
    auto ledger = world.open();
    IntakeOptions options;
    options.commit_interval = std::chrono::seconds(0);
    Intake intake(*ledger, "run", options);
    intake.event(anna, vault::Failed{FolderId{1}, Uid{9}, "too large"});
    const catalog::FolderKey key{ledger->kit().writer, FolderId{1}};
    for (int i = 0; i < 500 && ledger->catalog().failed_uids(key).empty(); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    EXPECT_THAT(ledger->catalog().failed_uids(key), SizeIs(1));
}

TEST_F(Intaking, ManyThreadsFillItAtOnce)
{
    constexpr int threads = 4;
    constexpr int each = 100;
    auto ledger = world.open();
    IntakeOptions options = small_commits(50'000);
    options.queue_bytes = 10'000;
    Intake intake(*ledger, "run", options);
    {
        std::vector<std::jthread> fetching;
        for (int t = 0; t < threads; ++t)
            fetching.emplace_back([&, t] {
                for (int n = 0; n < each; ++n) {
                    const int number = n % 10 == 0 ? n : t * each + n;  // some in all threads
                    const std::string raw = n == 50 ? letter_with_attachment(t, t) : letter(number);
                    intake.message(arrival(static_cast<std::uint64_t>(t) + 1,
                                           static_cast<std::uint32_t>(n) + 1, raw));
                }
            });
    }
    intake.finish({});
    EXPECT_EQ(ledger->catalog().totals().placements, std::uint64_t{threads} * each);
    const AccountTally tally = intake.tally(anna);
    EXPECT_EQ(tally.new_messages + tally.known_messages, std::uint64_t{threads} * each);
    EXPECT_EQ(tally.new_messages, ledger->catalog().totals().messages);
    expect_tidy_store(*ledger);
    Library library(ledger->store(), world.keys(), ledger->catalog());
    for (std::uint64_t t = 1; t <= threads; ++t)
        for (const auto& row : ledger->catalog().placements({ledger->kit().writer, FolderId{t}}))
            EXPECT_THAT(text_of(library.message(row.id)), HasSubstr("Subject: "));
}

TEST_F(Intaking, APlacementWithoutBytesNeedsAKnownMessage)
{
    auto ledger = world.open();
    Intake intake(*ledger, "run", {});
    intake.placed(anna, placed_at(1, 1));
    const auto flush = [&] {
        intake.flush();
        return 0;
    };
    EXPECT_EQ(test::kind_thrown_by(flush), ErrorKind::bug);
    EXPECT_EQ(test::kind_thrown_by(flush), ErrorKind::bug);
}

TEST_F(Intaking, AFailedStoreFailsEveryLaterCall)
{
    auto ledger = world.open_mortal(std::make_shared<Fate>(1, Moment::before));
    Intake intake(*ledger, "run", {});
    const auto push = [&] {
        intake.message(arrival(1, 1, letter(1)));
        intake.flush();
        return 0;
    };
    EXPECT_EQ(test::kind_thrown_by(push), ErrorKind::storage);
    EXPECT_EQ(test::kind_thrown_by(push), ErrorKind::storage);
    EXPECT_EQ(test::kind_thrown_by([&] { return intake.finish({}).seq; }), ErrorKind::storage);
    EXPECT_FALSE(ledger->head());
}

TEST_F(Intaking, ManyVanishedMessagesFitIntoLines)
{
    auto ledger = world.open();
    vault::Gone gone{FolderId{1}, {}};
    for (std::uint32_t uid = 1; uid < 600'000; uid += 3)
        gone.uids.push_back(Uid{uid});
    Intake intake(*ledger, "run", {});
    intake.event(anna, gone);
    intake.finish({});
    EXPECT_EQ(intake.tally(anna).gone, 200'000u);
}

TEST_F(Intaking, NoPlainMailStandsInVaultOrState)
{
    server.messages[1] = {"Subject: Secretquotation\r\nFrom: knownbuyer@example.net\r\n\r\nbody",
                          {}};
    {
        auto ledger = world.open();
        back_up(*ledger, server);
    }
    for (const auto& folder : {world.paths().vault, world.paths().state})
        for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
            if (!entry.is_regular_file())
                continue;
            const ByteBuffer file = read_file(entry.path());
            EXPECT_EQ(text_of(file).find("Secretquotation"), std::string_view::npos)
                << entry.path();
            EXPECT_EQ(text_of(file).find("knownbuyer"), std::string_view::npos) << entry.path();
        }
}

}  // namespace
}  // namespace mailhold::ledger
