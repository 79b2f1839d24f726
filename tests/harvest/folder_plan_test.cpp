// What a folder's comparison finds: to fetch, vanished, flags. The server is a script.

#include "folder_plan.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "imap/scripted_connection.hpp"
#include "support/kind_thrown_by.hpp"

namespace mailhold::harvest {
namespace {

using test::Script;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view condstore = "IMAP4rev1 CONDSTORE";
constexpr std::string_view qresync = "IMAP4rev1 ENABLE CONDSTORE QRESYNC";
const std::string full_listing = "UID FETCH 1:* (UID FLAGS)";

std::string fetched(std::uint32_t uid, std::string_view flags = "")
{
    return fmt::format("* {0} FETCH (UID {0} FLAGS ({1}))\n", uid, flags);
}

std::string examined(std::uint32_t exists, std::uint32_t uid_next, std::uint64_t modseq = 0)
{
    return fmt::format("* {} EXISTS\n* OK [UIDVALIDITY 7]\n* OK [UIDNEXT {}]\n{}$ OK\n", exists,
                       uid_next,
                       modseq == 0 ? "" : fmt::format("* OK [HIGHESTMODSEQ {}]\n", modseq));
}

std::vector<std::pair<Uid, Flags>> live(std::initializer_list<std::uint32_t> uids)
{
    std::vector<std::pair<Uid, Flags>> list;
    for (const std::uint32_t uid : uids)
        list.emplace_back(Uid{uid}, Flags{});
    return list;
}

std::vector<std::uint32_t> numbers(const std::vector<Uid>& uids)
{
    std::vector<std::uint32_t> list;
    for (const Uid uid : uids)
        list.push_back(static_cast<std::uint32_t>(uid));
    return list;
}

catalog::FolderCursor cursor(std::uint64_t modseq, std::uint32_t uid_next, std::uint32_t exists)
{
    return {.highest_modseq = ModSeq{modseq}, .uid_next = Uid{uid_next}, .exists = exists};
}

FolderPlan plan(Script& script, const KnownFolder& known)
{
    const auto client = script.client(false);
    const imap::ListedFolder inbox{.wire_name = "INBOX",
                                   .name = "INBOX",
                                   .status = imap::FolderStatus{.uid_validity = UidValidity{7}}};
    return plan_folder(*client, inbox, known);
}

bool asked_for(const Script& script, const std::string& command)
{
    return std::find(script.sent.begin(), script.sent.end(), command) != script.sent.end();
}

TEST(FolderPlan, ANewFolderIsFetchedWhole)
{
    Script script;
    script.on("EXAMINE", examined(3, 10));
    script.on(full_listing, fetched(2) + fetched(5) + fetched(9) + "$ OK\n");
    const FolderPlan found = plan(script, {});
    EXPECT_THAT(numbers(found.to_fetch), ElementsAre(2, 5, 9));
    EXPECT_THAT(found.vanished, IsEmpty());
    EXPECT_EQ(found.exists, 3U);
    EXPECT_EQ(found.cursor_after.uid_next, Uid{10});
    EXPECT_EQ(found.cursor_after.exists, 3U);
}

TEST(FolderPlan, APlainListingTellsWhatCameWentAndChanged)
{
    Script script;
    script.on("EXAMINE", examined(3, 10));
    script.on(full_listing, fetched(1) + fetched(3, "\\Seen") + fetched(9) + "$ OK\n");
    const FolderPlan found = plan(script, {.live = live({1, 2, 3}), .cursor = cursor(0, 4, 3)});
    EXPECT_THAT(numbers(found.to_fetch), ElementsAre(9));
    EXPECT_THAT(numbers(found.vanished), ElementsAre(2));
    ASSERT_EQ(found.flag_changes.size(), 1U);
    EXPECT_EQ(found.flag_changes[0], std::pair(Uid{3}, Flags{"\\Seen"}));
    EXPECT_EQ(found.live_before, 3U);
}

TEST(FolderPlan, AnEmptiedFolderVanishesWithoutAListing)
{
    Script script;
    script.on("EXAMINE", examined(0, 10));
    const FolderPlan found =
        plan(script, {.live = live({1, 2, 3}), .failed = {Uid{4}}, .cursor = cursor(0, 5, 4)});
    EXPECT_THAT(numbers(found.vanished), ElementsAre(1, 2, 3));
    EXPECT_THAT(numbers(found.failed_gone), ElementsAre(4));
    EXPECT_THAT(found.to_fetch, IsEmpty());
    EXPECT_FALSE(asked_for(script, full_listing));
}

TEST(FolderPlan, CondstoreAsksOnlyForWhatChangedAndCame)
{
    Script script(condstore);
    script.on("EXAMINE", examined(4, 10, 50));
    script.on("UID FETCH 4:* (UID FLAGS)", fetched(9) + "$ OK\n");
    script.on("UID FETCH 1:* (UID FLAGS) (CHANGEDSINCE 40)",
              fetched(2, "\\Seen") + fetched(9) + "$ OK\n");
    const FolderPlan found = plan(script, {.live = live({1, 2, 3}), .cursor = cursor(40, 4, 3)});
    EXPECT_THAT(numbers(found.to_fetch), ElementsAre(9));
    EXPECT_THAT(found.vanished, IsEmpty());
    ASSERT_EQ(found.flag_changes.size(), 1U);
    EXPECT_EQ(found.flag_changes[0].first, Uid{2});
    EXPECT_EQ(found.cursor_after.highest_modseq, ModSeq{50});
    EXPECT_FALSE(asked_for(script, full_listing));
}

TEST(FolderPlan, TheLastMessageInAnswerToARangePastTheEndIsNotNew)
{
    Script script(condstore);
    script.on("EXAMINE", examined(3, 20, 50));
    script.on("UID FETCH 10:* (UID FLAGS)", fetched(3) + "$ OK\n");
    script.on("UID FETCH 1:* (UID FLAGS) (CHANGEDSINCE 40)", "$ OK\n");
    const FolderPlan found = plan(script, {.live = live({1, 2, 3}), .cursor = cursor(40, 10, 3)});
    EXPECT_THAT(found.to_fetch, IsEmpty());
    EXPECT_THAT(found.vanished, IsEmpty());
    EXPECT_FALSE(asked_for(script, full_listing));
}

TEST(FolderPlan, CondstoreDoesNotTellWhatVanishedSoThatIsListed)
{
    Script script(condstore);
    script.on("EXAMINE", examined(2, 4, 50));
    script.on("UID FETCH 1:* (UID FLAGS) (CHANGEDSINCE 40)", "$ OK\n");
    script.on(full_listing, fetched(1) + fetched(3) + "$ OK\n");
    const FolderPlan found = plan(script, {.live = live({1, 2, 3}), .cursor = cursor(40, 4, 3)});
    EXPECT_THAT(numbers(found.vanished), ElementsAre(2));
    EXPECT_TRUE(asked_for(script, full_listing));
}

// One went and one came, so that the count alone is what it was.
TEST(FolderPlan, AnEqualCountDoesNotHideThatOneWentAndOneCame)
{
    Script script(condstore);
    script.on("EXAMINE", examined(3, 5, 50));
    script.on("UID FETCH 4:* (UID FLAGS)", fetched(4) + "$ OK\n");
    script.on("UID FETCH 1:* (UID FLAGS) (CHANGEDSINCE 40)", fetched(4) + "$ OK\n");
    script.on(full_listing, fetched(1) + fetched(3) + fetched(4) + "$ OK\n");
    const FolderPlan found = plan(script, {.live = live({1, 2, 3}), .cursor = cursor(40, 4, 3)});
    EXPECT_THAT(numbers(found.vanished), ElementsAre(2));
    EXPECT_THAT(numbers(found.to_fetch), ElementsAre(4));
}

// The last run stopped before UID 2 was fetched, though UID 3 was; since then UID 1 went. The
// counts agree by accident: the cursor must not be believed.
TEST(FolderPlan, AMessageThatWasNeverStoredIsFoundAlthoughTheCountsAgree)
{
    Script script(condstore);
    script.on("EXAMINE", examined(2, 4, 50));
    script.on("UID FETCH 1:* (UID FLAGS) (CHANGEDSINCE 40)", "$ OK\n");
    script.on(full_listing, fetched(2) + fetched(3) + "$ OK\n");
    const FolderPlan found = plan(script, {.live = live({1, 3}), .cursor = cursor(40, 4, 3)});
    EXPECT_THAT(numbers(found.to_fetch), ElementsAre(2));
    EXPECT_THAT(numbers(found.vanished), ElementsAre(1));
}

// The same, where the interrupted run had fetched beyond the cursor.
TEST(FolderPlan, AGapAboveTheCursorIsFetched)
{
    Script script(condstore);
    script.on("EXAMINE", examined(6, 9, 50));
    script.on("UID FETCH 4:* (UID FLAGS)", fetched(6) + fetched(7) + fetched(8) + "$ OK\n");
    script.on("UID FETCH 1:* (UID FLAGS) (CHANGEDSINCE 40)", "$ OK\n");
    const FolderPlan found =
        plan(script, {.live = live({1, 2, 3, 5, 8}), .cursor = cursor(40, 4, 3)});
    EXPECT_THAT(numbers(found.to_fetch), ElementsAre(6, 7));
    EXPECT_THAT(numbers(found.vanished), ElementsAre(5));
    EXPECT_FALSE(asked_for(script, full_listing));
}

TEST(FolderPlan, ModseqThatWentBackIsNotBelieved)
{
    Script script(condstore);
    script.on("EXAMINE", examined(3, 4, 30));
    script.on(full_listing, fetched(1) + fetched(2, "\\Seen") + fetched(3) + "$ OK\n");
    const FolderPlan found = plan(script, {.live = live({1, 2, 3}), .cursor = cursor(40, 4, 3)});
    EXPECT_EQ(found.flag_changes.size(), 1U);
    EXPECT_TRUE(asked_for(script, full_listing));
}

TEST(FolderPlan, QresyncTellsEverythingInOneAnswer)
{
    Script script(qresync);
    script.on("EXAMINE",
              "* VANISHED (EARLIER) 2,5:6\n" + fetched(3, "\\Flagged") + examined(3, 10, 50));
    script.on("UID FETCH 5:* (UID FLAGS)", fetched(9) + "$ OK\n");
    const FolderPlan found = plan(script, {.live = live({1, 2, 3}), .cursor = cursor(40, 5, 3)});
    EXPECT_TRUE(asked_for(script, "EXAMINE \"INBOX\" (QRESYNC (7 40))"));
    EXPECT_THAT(numbers(found.vanished), ElementsAre(2));
    EXPECT_THAT(numbers(found.to_fetch), ElementsAre(9));
    ASSERT_EQ(found.flag_changes.size(), 1U);
    EXPECT_EQ(found.flag_changes[0], std::pair(Uid{3}, Flags{"\\Flagged"}));
    EXPECT_FALSE(asked_for(script, full_listing));
}

TEST(FolderPlan, AQresyncAnswerThatDoesNotAddUpIsReplacedByAListing)
{
    Script script(qresync);
    script.on("EXAMINE", "* VANISHED (EARLIER) 2\n" + examined(1, 10, 50));
    script.on("UID FETCH 4:* (UID FLAGS)", "$ OK\n");
    script.on(full_listing, fetched(1) + "$ OK\n");
    const FolderPlan found = plan(script, {.live = live({1, 2, 3}), .cursor = cursor(40, 4, 3)});
    EXPECT_THAT(numbers(found.vanished), ElementsAre(2, 3));
}

TEST(FolderPlan, FailedAndUnstoredMessagesAreFetchedAgain)
{
    Script script(condstore);
    script.on("EXAMINE", examined(4, 5, 40));
    const FolderPlan found = plan(script, {.live = live({1, 2, 3}),
                                           .unstored = {Uid{2}},
                                           .failed = {Uid{4}},
                                           .cursor = cursor(40, 5, 4)});
    EXPECT_THAT(numbers(found.to_fetch), ElementsAre(2, 4));
    EXPECT_THAT(found.vanished, IsEmpty());
    EXPECT_FALSE(asked_for(script, full_listing));
}

TEST(FolderPlan, UnstoredMailThatVanishedIsNotAskedFor)
{
    Script script;
    script.on("EXAMINE", examined(1, 5));
    script.on(full_listing, fetched(1) + "$ OK\n");
    const FolderPlan found =
        plan(script, {.live = live({1, 2}), .unstored = {Uid{1}, Uid{2}}, .cursor = {}});
    EXPECT_THAT(numbers(found.to_fetch), ElementsAre(1));
    EXPECT_THAT(numbers(found.vanished), ElementsAre(2));
}

TEST(FolderPlan, AFailedMessageThatVanishedIsForgotten)
{
    Script script;
    script.on("EXAMINE", examined(2, 5));
    script.on(full_listing, fetched(1) + fetched(3) + "$ OK\n");
    const FolderPlan found =
        plan(script, {.live = live({1}), .failed = {Uid{2}, Uid{3}}, .cursor = cursor(0, 4, 3)});
    EXPECT_THAT(numbers(found.failed_gone), ElementsAre(2));
    EXPECT_THAT(numbers(found.to_fetch), ElementsAre(3));
    EXPECT_THAT(found.vanished, IsEmpty());
}

// The server counts three and lists two: what the listing lacks is asked for by its number before
// it is called vanished.
TEST(FolderPlan, AListingThatIsTooShortIsNotBelievedAboutWhatVanished)
{
    Script script;
    script.on("EXAMINE", examined(3, 10));
    script.on(full_listing, fetched(1) + fetched(4) + "$ OK\n");
    script.on("UID FETCH 2:3 (UID FLAGS)", fetched(3) + "$ OK\n");
    const FolderPlan found = plan(script, {.live = live({1, 2, 3}), .cursor = {}});
    EXPECT_THAT(numbers(found.vanished), ElementsAre(2));
    EXPECT_THAT(numbers(found.to_fetch), ElementsAre(4));
}

TEST(FolderPlan, AMessageListedWithoutFlagsIsThere)
{
    Script script;
    script.on("EXAMINE", examined(2, 10));
    script.on(full_listing, "* 1 FETCH (UID 1)\n" + fetched(2) + "$ OK\n");
    const FolderPlan found = plan(script, {.live = live({1}), .cursor = {}});
    EXPECT_THAT(found.vanished, IsEmpty());
    EXPECT_THAT(found.flag_changes, IsEmpty());
    EXPECT_THAT(numbers(found.to_fetch), ElementsAre(2));
}

TEST(FolderPlan, AUidValidityThatChangesWhileOpeningIsRefused)
{
    Script script;
    script.on("EXAMINE", "* 1 EXISTS\n* OK [UIDVALIDITY 8]\n* OK [UIDNEXT 2]\n$ OK\n");
    EXPECT_EQ(test::kind_thrown_by([&] { return plan(script, {}); }), ErrorKind::refused);
}

TEST(FolderPlan, WithoutUidnextTheCursorFollowsTheListing)
{
    Script script;
    script.on("EXAMINE", "* 2 EXISTS\n* OK [UIDVALIDITY 7]\n$ OK\n");
    script.on(full_listing, fetched(4) + fetched(8) + "$ OK\n");
    EXPECT_EQ(plan(script, {}).cursor_after.uid_next, Uid{9});
}

imap::FolderStatus status(std::uint32_t messages, std::uint32_t uid_next, std::uint64_t modseq)
{
    return {.messages = messages, .uid_next = Uid{uid_next}, .highest_modseq = ModSeq{modseq}};
}

TEST(FolderPlan, AFolderIsUnchangedOnlyWhenEveryCounterSaysSoAndAllOfItIsHere)
{
    const catalog::FolderCursor known = cursor(40, 10, 3);
    EXPECT_TRUE(is_unchanged(status(3, 10, 40), known, 3));
    EXPECT_FALSE(is_unchanged(status(3, 10, 41), known, 3));
    EXPECT_FALSE(is_unchanged(status(3, 11, 40), known, 3));
    EXPECT_FALSE(is_unchanged(status(2, 10, 40), known, 3));
    EXPECT_FALSE(is_unchanged(status(3, 10, 40), known, 2)) << "one was listed and never given";
    EXPECT_FALSE(is_unchanged(status(3, 10, 0), cursor(0, 10, 3), 3)) << "0 is no MODSEQ";
    EXPECT_FALSE(is_unchanged({.messages = 3U, .uid_next = Uid{10}}, known, 3));
}

}  // namespace
}  // namespace mailhold::harvest
