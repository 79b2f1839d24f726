#include <gtest/gtest.h>

#include "fetch_merge.hpp"
#include "parsed.hpp"

namespace mailhold::imap {
namespace {

const FetchItems flags_and_body{.flags = true, .body = true};

/// Feeds responses and keeps what comes out, in words.
class Merging {
public:
    explicit Merging(std::vector<UidRange> wanted = {{Uid{1}, Uid{100}}},
                     const FetchItems& items = flags_and_body)
        : merge_(std::move(wanted), items,
                 {.message = [this](Fetched&& m) { out += test::in_words(m) + "; "; },
                  .failed =
                      [this](Uid uid, const std::string& why) {
                          out +=
                              fmt::format("failed {} {}; ", static_cast<std::uint32_t>(uid), why);
                      }})
    {
    }

    Merging& fetch(std::uint32_t sequence, std::string_view items)
    {
        merge_.take(
            test::parsed_as<FetchData>(fmt::format("* {} FETCH ({})\r\n", sequence, items)));
        return *this;
    }
    Merging& expunge(std::uint32_t sequence)
    {
        merge_.expunged(sequence);
        return *this;
    }
    Merging& finish()
    {
        merge_.finish({{Uid{1}, last}});
        return *this;
    }

    static constexpr Uid last{0xffffffff};
    std::string out;
    FetchMerge merge_;
};

TEST(FetchMerge, HandsOnWhatIsComplete)
{
    Merging m;
    m.fetch(1, "UID 5 FLAGS () BODY[] \"a\"").fetch(2, "UID 6 FLAGS (x) BODY[] \"b\"");
    EXPECT_EQ(m.out, "uid 5 flags [] body <a>; uid 6 flags [x] body <b>; ");
    EXPECT_EQ(m.merge_.handed_on(), 2U);
}

TEST(FetchMerge, Case7_FlagsInASeparateResponseAreMerged)
{
    EXPECT_EQ(Merging().fetch(1, "UID 5 BODY[] \"a\"").fetch(1, "FLAGS (x)").out,
              "uid 5 flags [x] body <a>; ");
    EXPECT_EQ(Merging().fetch(1, "FLAGS (x)").fetch(1, "UID 5 BODY[] \"a\"").out,
              "uid 5 flags [x] body <a>; ");
    EXPECT_EQ(Merging().fetch(1, "BODY[] \"a\"").fetch(1, "UID 5 FLAGS (x)").out,
              "uid 5 flags [x] body <a>; ");
    EXPECT_EQ(Merging()
                  .fetch(1, "UID 5 BODY[] \"a\"")
                  .fetch(2, "UID 6 BODY[] \"b\"")
                  .fetch(2, "FLAGS (y)")
                  .fetch(1, "UID 5 FLAGS (x)")
                  .out,
              "uid 6 flags [y] body <b>; uid 5 flags [x] body <a>; ");
}

TEST(FetchMerge, Case6_FlagsNeverReachAnotherMessage)
{
    // The unsolicited flags of message 2 belong to whoever is number 3 before the EXPUNGE.
    EXPECT_EQ(
        Merging().fetch(3, "FLAGS (x)").expunge(1).fetch(3, "UID 9 BODY[] \"b\"").finish().out,
        "uid 9 body <b>; ");
    EXPECT_EQ(Merging().fetch(3, "FLAGS (x)").expunge(1).fetch(2, "UID 8 BODY[] \"b\"").out,
              "uid 8 flags [x] body <b>; ");
    EXPECT_EQ(
        Merging().fetch(3, "FLAGS (x)").expunge(3).fetch(3, "UID 9 BODY[] \"b\"").finish().out,
        "uid 9 body <b>; ");
    EXPECT_EQ(
        Merging().fetch(3, "UID 8 BODY[] \"b\"").expunge(3).fetch(3, "FLAGS (x)").finish().out,
        "uid 8 body <b>; ");

    Merging vanished;
    vanished.fetch(3, "FLAGS (x)").fetch(4, "UID 9 BODY[] \"b\"");
    vanished.merge_.forget_sequence_numbers();
    vanished.fetch(3, "UID 8 BODY[] \"a\"").fetch(4, "FLAGS (y)").finish();
    EXPECT_EQ(vanished.out, "uid 9 body <b>; uid 8 body <a>; ");
}

TEST(FetchMerge, Case4_WhatNobodyAskedForIsDropped)
{
    Merging m({{Uid{10}, Merging::last}});
    m.fetch(1, "UID 9 FLAGS () BODY[] \"a\"").fetch(2, "UID 10 FLAGS () BODY[] \"b\"");
    m.fetch(1, "FLAGS (x)").fetch(3, "UID 9 FLAGS (y)").finish();
    EXPECT_EQ(m.out, "uid 10 flags [] body <b>; ");
}

TEST(FetchMerge, EachMessageIsHandedOnOnce)
{
    Merging m;
    m.fetch(1, "UID 5 FLAGS () BODY[] \"a\"").fetch(1, "UID 5 FLAGS (x) BODY[] \"a\"");
    m.fetch(1, "UID 5 FLAGS (y)").finish();
    EXPECT_EQ(m.out, "uid 5 flags [] body <a>; ");
}

TEST(FetchMerge, WhatStaysIncompleteIsHandedOnAtTheEnd)
{
    EXPECT_EQ(Merging().fetch(1, "UID 5 BODY[] \"a\"").finish().out, "uid 5 body <a>; ");
    EXPECT_EQ(Merging().fetch(1, "UID 5 FLAGS (x)").finish().out,
              "failed 5 the server sent no body; ");
    EXPECT_EQ(Merging().fetch(1, "BODY[] \"a\" FLAGS ()").finish().out, "") << "no uid, no message";
    Merging other_command;
    other_command.fetch(1, "UID 50 BODY[] \"a\"");
    other_command.merge_.finish({{Uid{1}, Uid{10}}});
    EXPECT_EQ(other_command.out, "");
}

TEST(FetchMerge, AGarbledMessageFailsAlone)
{
    Merging m;
    m.fetch(1, "UID 5 FLAGS x").fetch(2, "UID 6 FLAGS () BODY[] \"b\"");
    EXPECT_TRUE(m.out.starts_with("failed 5 malformed response")) << m.out;
    EXPECT_TRUE(m.out.ends_with("; uid 6 flags [] body <b>; ")) << m.out;
    EXPECT_EQ(m.merge_.take_unattributed_failure(), "");
    m.fetch(3, "UID x");
    EXPECT_NE(m.merge_.take_unattributed_failure(), "");
    EXPECT_EQ(m.merge_.take_unattributed_failure(), "");
}

// A server that never sends flags must not make us hold all bodies.
TEST(FetchMerge, WhatWaitsIsBounded)
{
    Merging m({{Uid{1}, Merging::last}});
    for (std::uint32_t uid = 1; uid <= 1000; ++uid)
        m.fetch(uid, fmt::format("UID {} BODY[] \"x\"", uid));
    EXPECT_EQ(m.merge_.handed_on(), 1000U - 256U);
    m.finish();
    EXPECT_EQ(m.merge_.handed_on(), 1000U);
}

TEST(UidSet, HoldsWhatWasPutIn)
{
    UidSet set;
    for (const std::uint32_t uid : {1U, 1023U, 1024U, 4294967295U}) {
        EXPECT_FALSE(set.contains(Uid{uid}));
        set.insert(Uid{uid});
        EXPECT_TRUE(set.contains(Uid{uid}));
    }
    EXPECT_FALSE(set.contains(Uid{2}));
}

}  // namespace
}  // namespace mailhold::imap
