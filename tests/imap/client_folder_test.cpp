#include <gmock/gmock.h>

#include "imap/scripted_connection.hpp"
#include "support/kind_thrown_by.hpp"

namespace mailhold::imap {
namespace {

using test::kind_thrown_by;
using test::Script;
using testing::ElementsAre;

std::vector<std::string> names_of(const std::vector<ListedFolder>& folders)
{
    std::vector<std::string> names;
    for (const ListedFolder& folder : folders)
        names.push_back(folder.name);
    return names;
}

TEST(ClientFolders, OneCommandListsAllWithCounters)
{
    Script script("IMAP4rev1 SPECIAL-USE LIST-EXTENDED LIST-STATUS CONDSTORE");
    script.on("LIST", "* LIST (\\HasChildren) \"/\" inBox\n"
                      "* STATUS INBOX (MESSAGES 3 UIDNEXT 9 UIDVALIDITY 7 HIGHESTMODSEQ 12)\n"
                      "* LIST (\\Sent) \"/\" \"&XfJT0ZAB-\"\n"
                      "* LIST (\\NoSelect) \"/\" x\n$ OK\n");
    auto client = script.client(false);
    const auto folders = client->list_folders();
    EXPECT_EQ(
        script.sent.back(),
        "LIST \"\" \"*\" RETURN (SPECIAL-USE STATUS (MESSAGES UIDNEXT UIDVALIDITY HIGHESTMODSEQ))");
    EXPECT_THAT(names_of(folders), ElementsAre("INBOX", "已发送", "x"));
    ASSERT_TRUE(folders[0].status);
    EXPECT_EQ(folders[0].status->messages, 3U);
    EXPECT_EQ(folders[0].status->highest_modseq, ModSeq{12});
    EXPECT_FALSE(folders[1].status);
    EXPECT_TRUE(folders[1].attributes.contains("\\sent"));
}

TEST(ClientFolders, APlainListIsUsedWhereTheServerKnowsNoBetter)
{
    Script script("IMAP4rev1 SPECIAL-USE");
    script.on("LIST", "* LIST () \"/\" a\n* LIST () \"/\" a\n* LIST (\\Sent) \"/\" INBOX\n"
                      "* LIST () \"/\" Inbox\n* LIST (\\NoSelect) \"/\" \"\"\n$ OK\n");
    const auto folders = script.client(false)->list_folders();
    EXPECT_EQ(script.sent.back(), "LIST \"\" \"*\"");
    EXPECT_THAT(names_of(folders), ElementsAre("a", "INBOX"));

    Script extended("IMAP4rev1 LIST-EXTENDED LIST-STATUS");
    extended.on("LIST", "$ NO not today\n").then("LIST", "* LIST () \"/\" a\n$ OK\n");
    EXPECT_THAT(names_of(extended.client(false)->list_folders()), ElementsAre("a"));
    EXPECT_EQ(extended.sent.back(), "LIST \"\" \"*\"");
}

TEST(ClientFolders, OtherPersonalNamespacesAreListedToo)
{
    Script script("IMAP4rev1 NAMESPACE");
    script.on("NAMESPACE",
              "* NAMESPACE ((\"\" \"/\")(\"#mh/\" \"/\")(\"INBOX.\" \".\")) NIL NIL\n$ OK\n");
    script.on("LIST \"\" \"*\"", "* LIST () \".\" INBOX.a\n$ OK\n");
    script.on("LIST \"\" \"#mh/*\"", "* LIST () \"/\" #mh/b\n* LIST () \".\" INBOX.a\n$ OK\n");
    auto client = script.client(false);
    EXPECT_THAT(names_of(client->list_folders()), ElementsAre("INBOX.a", "#mh/b"));
    EXPECT_EQ(client->personal_namespaces().size(), 3U);
    EXPECT_EQ(std::count(script.sent.begin(), script.sent.end(), "LIST \"\" \"INBOX.*\""), 0);
}

TEST(ClientFolders, Case13_ABrokenListFailsAndDropsNothingSilently)
{
    Script script;
    script.on("LIST", "* LIST () \"/\" a\n* LIST ((( \"/\" b\n$ OK\n");
    auto client = script.client(false);
    EXPECT_EQ(kind_thrown_by([&] { client->list_folders(); }), ErrorKind::malformed);
}

TEST(ClientFolders, StatusIsPipelinedAndMatchedByName)
{
    Script script("IMAP4rev1 CONDSTORE");
    script.on("STATUS \"a\"", "* STATUS a (MESSAGES 1)\n$ OK\n");
    script.on("STATUS \"gone\"", "$ NO no such folder\n");
    script.on("STATUS \"inbox\"", "* STATUS \"INBOX\" (MESSAGES 2)\n$ OK\n");
    script.on("STATUS {3}", "+ go\n");
    script.on("(MESSAGES", "* STATUS {3}\n\xe8\x8d\x89 (MESSAGES 4)\nmh7 OK\n");
    auto client = script.client(false);
    const auto status = client->status({"a", "gone", "inbox", "a", "\xe8\x8d\x89"});
    ASSERT_EQ(status.size(), 5U);
    EXPECT_EQ(status[0]->messages, 1U);
    EXPECT_FALSE(status[1]);
    EXPECT_EQ(status[2]->messages, 2U);
    EXPECT_EQ(status[3]->messages, 1U);
    EXPECT_EQ(status[4]->messages, 4U);
    EXPECT_EQ(script.sent[2], "STATUS \"a\" (MESSAGES UIDNEXT UIDVALIDITY HIGHESTMODSEQ)");
}

TEST(ClientFolders, ManyStatusCommandsAreBoundedInFlight)
{
    Script script;
    script.on("STATUS", "* STATUS x (MESSAGES 1)\n$ OK\n");
    const auto status = script.client(false)->status(std::vector<std::string>(1000, "x"));
    EXPECT_EQ(status.size(), 1000U);
    EXPECT_TRUE(std::all_of(status.begin(), status.end(), [](const auto& s) { return s; }));
}

TEST(ClientFolders, ExamineTellsTheFolder)
{
    Script script("IMAP4rev1 CONDSTORE");
    script.on("EXAMINE", "* FLAGS (\\Seen)\n* 500 EXISTS\n* 0 RECENT\n* OK [UNSEEN 1] x\n"
                         "* OK [UIDVALIDITY 4294967295] x\n* OK [UIDNEXT 12] x\n* 1000 EXISTS\n"
                         "* OK [HIGHESTMODSEQ 90060115205545359] x\n$ OK [READ-ONLY] done\n");
    const ExaminedFolder folder = script.client(false)->examine("INBOX");
    EXPECT_EQ(folder.exists, 1000U) << "case 24: the last one wins";
    EXPECT_EQ(folder.uid_validity, UidValidity{4294967295});
    EXPECT_EQ(folder.uid_next, Uid{12});
    EXPECT_EQ(folder.highest_modseq, ModSeq{90060115205545359});
    EXPECT_FALSE(folder.resynced);
}

TEST(ClientFolders, WhatIsNotToldIsNotMadeUp)
{
    Script script;
    script.on("EXAMINE",
              "* 1 EXISTS\n* OK [UIDVALIDITY 7]\n* OK [NOMODSEQ]\n* OK [UIDNEXT x]\n$ OK\n");
    const ExaminedFolder folder = script.client(false)->examine("INBOX");
    EXPECT_FALSE(folder.uid_next);
    EXPECT_FALSE(folder.highest_modseq);
    for (std::string_view validity :
         {"", "* OK [UIDVALIDITY 0]\n", "* OK [UIDVALIDITY 4294967296]\n"}) {
        script.on("EXAMINE", "* 1 EXISTS\n" + std::string(validity) + "$ OK\n");
        EXPECT_EQ(kind_thrown_by([&] { script.client(); }), ErrorKind::refused) << validity;
    }
}

TEST(ClientFolders, QresyncTellsWhatChanged)
{
    Script script("IMAP4rev1 ENABLE CONDSTORE QRESYNC");
    script.on("EXAMINE \"INBOX\" (QRESYNC (7 20))",
              "* 3 EXISTS\n* OK [UIDVALIDITY 7]\n* OK [HIGHESTMODSEQ 30]\n"
              "* VANISHED (EARLIER) 41,43:116\n* 2 FETCH (UID 5 FLAGS (x) MODSEQ (25))\n$ OK\n");
    auto client = script.client(false);
    const auto folder = client->examine("INBOX", QresyncCursor{UidValidity{7}, ModSeq{20}});
    EXPECT_TRUE(folder.resynced);
    EXPECT_EQ(to_sequence_set(folder.vanished), "41,43:116");
    ASSERT_EQ(folder.changed.size(), 1U);
    EXPECT_EQ(folder.changed[0].uid, Uid{5});
    EXPECT_EQ(client->expunged_since_examine(), 0U);

    script.on("EXAMINE \"INBOX\" (QRESYNC (6 20))",
              "* 3 EXISTS\n* OK [UIDVALIDITY 7]\n* OK [HIGHESTMODSEQ 30]\n$ OK\n");
    EXPECT_FALSE(client->examine("INBOX", QresyncCursor{UidValidity{6}, ModSeq{20}}).resynced);
}

TEST(ClientFolders, Case20_ClosedSeparatesTheOldFolderFromTheNew)
{
    Script script("IMAP4rev1 ENABLE CONDSTORE QRESYNC", 9);
    auto client = script.client();
    script.on("EXAMINE \"b\"", "* 8 EXISTS\n* 3 FETCH (UID 3 FLAGS (old))\n* VANISHED 4\n"
                               "* OK [CLOSED]\n* 2 EXISTS\n* OK [UIDVALIDITY 8]\n"
                               "* OK [HIGHESTMODSEQ 3]\n$ OK\n");
    const auto folder = client->examine("b", QresyncCursor{UidValidity{8}, ModSeq{2}});
    EXPECT_EQ(folder.exists, 2U);
    EXPECT_TRUE(folder.changed.empty());
    EXPECT_TRUE(folder.vanished.empty());
    EXPECT_EQ(client->expunged_since_examine(), 0U);

    script.on("EXAMINE \"c\"", "* OK [CLOSED]\n$ NO gone\n");
    EXPECT_EQ(kind_thrown_by([&] { client->examine("c"); }), ErrorKind::refused);
    EXPECT_EQ(kind_thrown_by([&] { client->all_uids(); }), ErrorKind::bug) << "nothing is open";
}

TEST(ClientFolders, Case31_ARefusedLiteralIsNotSent)
{
    Script script;
    script.on("EXAMINE {3}", "$ NO no literals here\n");
    auto client = script.client();
    EXPECT_EQ(kind_thrown_by([&] { client->examine("\xe8\x8d\x89"); }), ErrorKind::refused);
    EXPECT_EQ(script.sent.back(), "EXAMINE {3}");
    EXPECT_NO_THROW(client->noop());
}

}  // namespace
}  // namespace mailhold::imap
