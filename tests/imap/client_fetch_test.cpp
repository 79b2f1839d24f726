#include <gmock/gmock.h>

#include "imap/parsed.hpp"
#include "imap/scripted_connection.hpp"
#include "support/kind_thrown_by.hpp"

namespace mailhold::imap {
namespace {

using test::kind_thrown_by;
using test::Script;
using testing::ElementsAre;

UidRange range(std::uint32_t first, std::uint32_t last)
{
    return {Uid{first}, Uid{last}};
}

std::string message(unsigned uid, std::string_view body = "x")
{
    return fmt::format("* {} FETCH (UID {} FLAGS () BODY[] {{{}}}\n{})\n", uid, uid, body.size(),
                       body);
}

struct Fetch {
    std::vector<std::uint32_t> uids;
    std::map<std::uint32_t, std::string> failed;
    std::string vanished;

    void run(Client& client, const std::vector<UidRange>& wanted,
             const FetchItems& items = {.flags = true, .body = true})
    {
        client.fetch(
            wanted, items,
            {.message = [&](Fetched&& m) { uids.push_back(static_cast<std::uint32_t>(*m.uid)); },
             .failed =
                 [&](Uid uid, const std::string& why) {
                     failed[static_cast<std::uint32_t>(uid)] = why;
                 },
             .vanished = [&](const UidRange& r) { vanished += to_sequence_set({r}) + ";"; }});
    }
};

TEST(ClientFetch, AsksForWhatIsWantedAndKnown)
{
    Script script("IMAP4rev1 CONDSTORE ENABLE QRESYNC X-GM-EXT-1");
    script.on("UID FETCH", "$ OK\n");
    auto client = script.client();
    const FetchItems all{.flags = true,
                         .internal_date = true,
                         .size = true,
                         .modseq = true,
                         .gmail = true,
                         .body = true,
                         .changed_since = ModSeq{9}};
    Fetch().run(*client, {range(5, 6), range(1, 2)}, all);
    EXPECT_EQ(script.sent.back(),
              "UID FETCH 1:2,5:6 (UID FLAGS INTERNALDATE RFC822.SIZE MODSEQ X-GM-MSGID "
              "X-GM-LABELS BODY.PEEK[]) (CHANGEDSINCE 9 VANISHED)");

    Script plain;
    plain.on("UID FETCH", "$ OK\n");
    Fetch().run(*plain.client(), {range(1, 2)}, all);
    EXPECT_EQ(plain.sent.back(), "UID FETCH 1:2 (UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[])");
}

TEST(ClientFetch, AllUidsComeSorted)
{
    Script script;
    script.on("UID FETCH 1:* (UID)",
              "* 1 FETCH (UID 9)\n* 2 FETCH (UID 3)\n* 3 FETCH (UID 4)\n$ OK\n");
    EXPECT_THAT(script.client()->all_uids(), ElementsAre(Uid{3}, Uid{4}, Uid{9}));
    Script empty("IMAP4rev1", 0);
    EXPECT_TRUE(empty.client()->all_uids().empty());
    EXPECT_EQ(empty.sent.back(), "EXAMINE \"INBOX\"") << "an empty folder is not asked";
}

TEST(ClientFetch, KeepsSeveralCommandsInFlight)
{
    Script script("IMAP4rev1", 2000);
    script.on("UID FETCH", "");  // the server takes its time
    auto client = script.client();
    EXPECT_EQ(kind_thrown_by([&] { Fetch().run(*client, {range(1, 2000)}); }),
              ErrorKind::unreachable);
    EXPECT_EQ(script.sent.size(), 3U + 3U);
    EXPECT_EQ(script.sent[3], "UID FETCH 1:250 (UID FLAGS BODY.PEEK[])");
    EXPECT_EQ(script.sent[5], "UID FETCH 501:750 (UID FLAGS BODY.PEEK[])");
}

TEST(ClientFetch, Case5_AVanishedUidIsNoError)
{
    Script script;
    script.on("UID FETCH", message(1) + message(3) + "$ OK\n");
    Fetch fetch;
    fetch.run(*script.client(), {range(1, 3)});
    EXPECT_THAT(fetch.uids, ElementsAre(1, 3));
    EXPECT_TRUE(fetch.failed.empty());
}

TEST(ClientFetch, Case6_UnsolicitedResponsesAreFoldedIn)
{
    Script script("IMAP4rev1", 5);
    script.on("UID FETCH", "* 9 EXISTS\n* 1 FETCH (FLAGS (a))\n" + message(2) +
                               "* 1 EXPUNGE\n* 4 FETCH (FLAGS (b))\n" + message(3) +
                               "* OK still here\n* 2 FETCH (UID 77 FLAGS ())\n$ OK\n");
    auto client = script.client();
    Fetch fetch;
    fetch.run(*client, {range(2, 3)});
    EXPECT_THAT(fetch.uids, ElementsAre(2, 3));
    EXPECT_EQ(client->expunged_since_examine(), 1U);
}

TEST(ClientFetch, Case6_AnExpungeMovesTheNumbersOfWhatCameBefore)
{
    Script script;
    script.on("UID FETCH", "* 3 FETCH (FLAGS (x))\n* 1 EXPUNGE\n"
                           "* 3 FETCH (UID 9 BODY[] \"b\")\n$ OK\n");
    std::optional<Flags> flags;
    script.client()->fetch({range(9, 9)}, {.flags = true, .body = true},
                           {.message = [&](Fetched&& m) { flags = std::move(m.flags); }});
    EXPECT_EQ(flags, std::nullopt) << "they were another message's";
}

TEST(ClientFetch, Case11_AHugeLiteralEndsTheSession)
{
    Script script;
    script.on("UID FETCH", message(1) + "* 2 FETCH (UID 2 FLAGS () BODY[] {4294967296}\n");
    auto client = script.client();
    Fetch fetch;
    EXPECT_EQ(kind_thrown_by([&] { fetch.run(*client, {range(1, 3)}); }), ErrorKind::malformed);
    EXPECT_THAT(fetch.uids, ElementsAre(1)) << "what was complete is kept";
    EXPECT_EQ(client->interrupted_message(), Uid{2});
    EXPECT_EQ(kind_thrown_by([&] { client->noop(); }), ErrorKind::unreachable);
}

TEST(ClientFetch, Case16_AConnectionCutMidLiteralGivesNoHalfMessage)
{
    const std::string whole = message(1) + message(2, std::string(100'000, 'y'));
    Script script;
    script.on("UID FETCH", whole.substr(0, whole.size() - 50'000));
    auto client = script.client();
    Fetch fetch;
    EXPECT_EQ(kind_thrown_by([&] { fetch.run(*client, {range(1, 3)}); }), ErrorKind::unreachable);
    EXPECT_THAT(fetch.uids, ElementsAre(1));
    EXPECT_EQ(client->interrupted_message(), Uid{2});
}

TEST(ClientFetch, Case17_ByeMidFetchKeepsWhatWasComplete)
{
    Script script;
    script.on("UID FETCH", message(1) + "* BYE shutting down\n");
    auto client = script.client();
    Fetch fetch;
    EXPECT_EQ(kind_thrown_by([&] { fetch.run(*client, {range(1, 3)}); }), ErrorKind::unreachable);
    EXPECT_THAT(fetch.uids, ElementsAre(1));
    EXPECT_EQ(client->interrupted_message(), std::nullopt);
}

TEST(ClientFetch, Case32_AContinuationInsideAFetchIsAProtocolError)
{
    Script script;
    script.on("UID FETCH", message(1) + "+ go on\n" + message(2) + "$ OK\n");
    auto client = script.client();
    Fetch fetch;
    EXPECT_EQ(kind_thrown_by([&] { fetch.run(*client, {range(1, 2)}); }), ErrorKind::malformed);
    EXPECT_THAT(fetch.uids, ElementsAre(1));
}

TEST(ClientFetch, LargeBodiesArriveWhole)
{
    for (const std::size_t piece : {std::size_t{1000}, std::size_t{70'000}, std::size_t{1} << 20}) {
        Script script;
        script.piece_bytes = piece;
        const std::string body(300'000, 'z');
        script.on("UID FETCH", message(1, "a") + message(2, body) + message(3, "b") + "$ OK\n");
        auto client = script.client();
        std::vector<std::size_t> sizes;
        client->fetch({range(1, 3)}, {.body = true}, {.message = [&](Fetched&& m) {
                          sizes.push_back(m.body->size());
                          EXPECT_EQ(m.body->capacity(), m.body->size());
                      }});
        EXPECT_THAT(sizes, ElementsAre(1, 300'000, 1)) << piece;
    }
}

TEST(ClientFetch, ABadMessageIsIsolated)
{
    Script script("IMAP4rev1", 8);
    script.on("UID FETCH 1:8", message(1) + "$ NO [SERVERBUG] cannot read\n");
    script.on("UID FETCH 2:4", message(2) + message(3) + message(4) + "$ OK\n");
    script.on("UID FETCH 5:8", "$ NO [SERVERBUG] cannot read\n");
    script.on("UID FETCH 5:6", message(5) + "$ NO [SERVERBUG] cannot read\n");
    script.on("UID FETCH 6", "$ NO [SERVERBUG] cannot read\n");
    script.on("UID FETCH 7:8", message(7) + message(8) + "$ OK\n");
    auto client = script.client();
    Fetch fetch;
    fetch.run(*client, {range(1, 8)});
    EXPECT_THAT(fetch.uids, testing::UnorderedElementsAre(1, 2, 3, 4, 5, 7, 8));
    ASSERT_EQ(fetch.failed.size(), 1U);
    EXPECT_EQ(fetch.failed[6], "the server refused UID FETCH: [SERVERBUG] cannot read");
    EXPECT_NO_THROW(client->noop());
}

TEST(ClientFetch, AGarbledMessageIsIsolated)
{
    Script script;
    script.on("UID FETCH 1:3", message(1) + "* 2 FETCH (BROKEN\n" + message(3) + "$ OK\n");
    script.on("UID FETCH 2", "* 2 FETCH (BROKEN\n$ OK\n");
    Fetch fetch;
    fetch.run(*script.client(), {range(1, 3)});
    EXPECT_THAT(fetch.uids, ElementsAre(1, 3));
    EXPECT_EQ(fetch.failed.count(2), 1U);
}

TEST(ClientFetch, NoForAMessageThatIsGoneIsNoFailure)
{
    Script script;
    script.on("UID FETCH", "$ NO [EXPUNGEISSUED] some messages are gone\n");
    Fetch fetch;
    fetch.run(*script.client(), {range(1, 3)});
    EXPECT_TRUE(fetch.uids.empty());
    EXPECT_TRUE(fetch.failed.empty());
}

TEST(ClientFetch, AServerThatAsksToWaitIsNotPestered)
{
    Script script("IMAP4rev1", 1000);
    script.on("UID FETCH", "$ NO [LIMIT] come back later\n");
    auto client = script.client();
    Fetch fetch;
    EXPECT_EQ(kind_thrown_by([&] { fetch.run(*client, {range(1, 1000)}); }), ErrorKind::refused);
    EXPECT_EQ(script.sent.size(), 3U + 3U);
    EXPECT_TRUE(fetch.failed.empty());
    EXPECT_NO_THROW(client->noop()) << "the answers in flight were read";
}

TEST(ClientFetch, RefusalAfterRefusalEndsTheFetch)
{
    Script script("IMAP4rev1", 1000);
    script.on("UID FETCH", "$ NO no\n");
    Fetch fetch;
    auto client = script.client();
    EXPECT_EQ(kind_thrown_by([&] { fetch.run(*client, {range(1, 1000)}); }), ErrorKind::refused);
    EXPECT_LE(fetch.failed.size(), 23U);
    EXPECT_NO_THROW(client->noop());
}

TEST(ClientFetch, VanishedEarlierIsHandedOn)
{
    Script script("IMAP4rev1 CONDSTORE ENABLE QRESYNC");
    script.on("UID FETCH", "* VANISHED (EARLIER) 4:6,9\n* VANISHED 3\n"
                           "* 1 FETCH (UID 1 FLAGS () MODSEQ (12))\n$ OK\n");
    auto client = script.client();
    Fetch fetch;
    fetch.run(*client, {range(1, 9)}, {.modseq = true, .changed_since = ModSeq{5}});
    EXPECT_EQ(fetch.vanished, "4:6;9;");
    EXPECT_THAT(fetch.uids, ElementsAre(1));
    EXPECT_EQ(client->expunged_since_examine(), 1U);
}

TEST(ClientFetch, AFailingSinkSpendsTheSession)
{
    Script script;
    script.on("UID FETCH", message(1) + "$ OK\n");
    auto client = script.client();
    const auto fetch = [&] {
        client->fetch({range(1, 1)}, {.body = true},
                      {.message = [](Fetched&&) { throw Error(ErrorKind::storage, "disk full"); }});
    };
    EXPECT_EQ(kind_thrown_by(fetch), ErrorKind::storage);
    EXPECT_EQ(kind_thrown_by([&] { client->noop(); }), ErrorKind::unreachable);
}

}  // namespace
}  // namespace mailhold::imap
