// Conversations and corrected queries, over a real index.

#include <gmock/gmock.h>

#include "catalog/catalog_fixture.hpp"
#include "index/shard_fixture.hpp"
#include "mailhold/search/conversation.hpp"
#include "mailhold/search/resolve.hpp"

namespace mailhold::search {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr Time noon{1'773'057'600};

/// Message-ID "N", sent in the Nth minute.
index::Entry letter(unsigned char number, std::vector<std::string> references,
                    std::string text = "filler")
{
    index::Entry entry;
    entry.id.value.fill(std::byte{number});
    entry.size_bytes = 100;
    entry.message.from = {"bob@acme.example"};
    entry.message.message_id = std::to_string(number);
    entry.message.references = std::move(references);
    entry.message.date = InternalDate{.epoch_seconds = number * 60, .zone_minutes = 0};
    entry.message.text = std::move(text);
    return entry;
}

index::Index indexed(const std::vector<index::Entry>& entries)
{
    std::vector<index::ShardSource> shards;
    shards.push_back(test::source_of(test::built(entries)));
    return index::Index(std::move(shards), test::english);
}

/// "1 2* 3": Message-IDs of each conversation, with a star at those found.
std::vector<std::string> conversations(const index::Index& index, const std::string& word,
                                       const ConversationLimits& limits = {})
{
    const index::Found found = index.find(test::word(word), {});
    std::vector<std::string> shown;
    for (const Conversation& one : conversations_of(index, found.hits, limits).conversations) {
        std::string line;
        for (const ConversationMessage& message : one.messages)
            line += (line.empty() ? "" : " ") + message.hit.card.message_id +
                    (message.is_found ? "*" : "");
        shown.push_back(line);
    }
    return shown;
}

TEST(Conversation, HasEarlierAndLaterMessages)
{
    const index::Index index = indexed({letter(1, {}), letter(2, {"1"}, "needle"),
                                        letter(3, {"1", "2"}), letter(4, {"3"}), letter(5, {})});
    EXPECT_THAT(conversations(index, "needle"), ElementsAre("1 2* 3 4"));
}

TEST(Conversation, AnswersToAMessageThatIsNotHereHangTogether)
{
    const index::Index index =
        indexed({letter(1, {"lost"}, "needle"), letter(2, {"lost"}), letter(3, {"other"})});
    EXPECT_THAT(conversations(index, "needle"), ElementsAre("1* 2"));
}

TEST(Conversation, HangsTogetherWhereTheMiddleIsMissing)
{
    const std::vector<std::string> all{"1", "b", "c", "d", "e", "f", "g", "h"};
    const index::Index index = indexed({letter(1, {}, "root"), letter(9, all, "last")});
    EXPECT_THAT(conversations(index, "root"), ElementsAre("1* 9"));
    EXPECT_THAT(conversations(index, "last"), ElementsAre("1 9*"));
}

TEST(Conversation, SeveralFoundOfOneAreShownOnceInTheOrderOfTheFirst)
{
    const index::Index index =
        indexed({letter(1, {}, "needle"), letter(2, {"1"}, "needle"), letter(3, {}, "needle"),
                 letter(4, {}), letter(5, {"4"}, "needle")});
    EXPECT_THAT(conversations(index, "needle"), ElementsAre("4 5*", "3*", "1* 2*"));
}

TEST(Conversation, MessagesWithoutIdsStandAlone)
{
    index::Entry one = letter(1, {}, "needle");
    index::Entry two = letter(2, {}, "needle");
    one.message.message_id.clear();
    two.message.message_id.clear();
    const index::Index index = indexed({one, two});
    EXPECT_THAT(conversations(index, "needle"), ElementsAre("*", "*"));
}

TEST(Conversation, LimitsEndItAndSaySo)
{
    std::vector<index::Entry> chain{letter(1, {}, "needle")};
    for (unsigned char number = 2; number <= 40; ++number)
        chain.push_back(letter(number, {std::to_string(number - 1)}));
    const index::Index index = indexed(chain);
    const auto found = index.find(test::word("needle"), {}).hits;
    const Conversations near = conversations_of(index, found, {.messages = 100, .rounds = 3});
    EXPECT_FALSE(near.is_whole);
    EXPECT_LT(near.conversations.at(0).messages.size(), 10);
    const Conversations few = conversations_of(index, found, {.messages = 5, .rounds = 100});
    EXPECT_FALSE(few.is_whole);
    EXPECT_EQ(few.conversations.at(0).messages.size(), 5);
    const Conversations all = conversations_of(index, found, {.messages = 100, .rounds = 100});
    EXPECT_TRUE(all.is_whole);
    EXPECT_EQ(all.conversations.at(0).messages.size(), 40);
}

class Corrected : public catalog::CatalogTest {
protected:
    std::optional<std::string> corrected_query(std::string_view query, const index::Index& index)
    {
        reopen();
        return corrected(query, resolve(parse(query, noon).expression, catalog()), index);
    }
};

TEST_F(Corrected, UnknownWordsAreReplacedWhereTheyStand)
{
    // Suggestions are built when shards are merged.
    std::vector<index::Entry> entries;
    for (unsigned char number = 1; number <= 20; ++number)
        entries.push_back(letter(number, {}, "stainless steel pipe"));
    std::vector<index::ShardSource> parts;
    parts.push_back(test::source_of(test::built(entries)));
    std::vector<index::ShardSource> merged;
    merged.push_back(test::source_of(index::merge(parts)));
    const index::Index index(std::move(merged), test::english);

    EXPECT_EQ(corrected_query("stainles pipe", index), "stainless pipe");
    EXPECT_EQ(corrected_query("pipe body:(stainles OR x) -\"a b\"", index),
              "pipe body:(stainless OR x) -\"a b\"");
    EXPECT_EQ(corrected_query("stainless pipe", index), std::nullopt);
    EXPECT_EQ(corrected_query("zzyzxqqq", index), std::nullopt);
}

}  // namespace
}  // namespace mailhold::search
