// Building shards: whatever a message holds, it is in, and what a worker could not do is said.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include "shard_fixture.hpp"
#include "support/kind_thrown_by.hpp"

namespace mailhold::index {
namespace {

using test::built;
using test::english;
using test::generated_entry;

Found found_in(const FinishedShard& shard, const Query& query)
{
    return Index({test::source_of(shard)}, english).find(query, {});
}

TEST(ShardBuilder, AShardOfNothingIsNone)
{
    const test::TempDir folder;
    ShardBuilder builder(folder.path(), english, 2);
    EXPECT_EQ(builder.documents(), 0u);
    EXPECT_FALSE(builder.finish().has_value());
}

TEST(ShardBuilder, AMessageComesBackWithAllThatAResultShows)
{
    Entry entry = generated_entry(1);
    mail::Searchable& message = entry.message;
    message.from = {"Grace Hopper <grace@navy.example>", "second@navy.example"};
    message.to = {"a@b.example"};
    message.cc = {"李雷 <lilei@x.example>"};
    message.subject = "  Your\t quote \r\n of today ";
    message.references = {"old@x", "near@x", "near@x"};
    message.text = "Dear  Ms\n\nHopper,\nhere it is. ";
    message.attachments = {{"价格表.pdf", "application/pdf", "304"}};
    message.date = InternalDate{1'767'225'600, 480};

    const Found found = found_in(built({entry}), test::everything());

    ASSERT_EQ(found.total, 1u);
    const Hit& hit = found.hits.at(0);
    EXPECT_EQ(hit.id, entry.id);
    EXPECT_EQ(hit.date, 1'767'225'600);
    EXPECT_EQ(hit.size_bytes, entry.size_bytes);
    EXPECT_EQ(hit.card, (Card{.from = "Grace Hopper <grace@navy.example>",
                              .to = {"a@b.example", "李雷 <lilei@x.example>"},
                              .subject = "Your quote of today",
                              .message_id = message.message_id,
                              .references = {"old@x", "near@x"},
                              .attachments = {"价格表.pdf"},
                              .opening = "Dear Ms Hopper, here it is.",
                              .is_whole = true}));
}

TEST(ShardBuilder, OfManyRecipientsAndReferencesAFewAreKept)
{
    Entry entry = generated_entry(1);
    entry.message.to.clear();
    entry.message.references.clear();
    for (int i = 0; i < 30; ++i) {
        entry.message.to.push_back(std::string(290, 'a') + std::to_string(i) + "@b.example");
        entry.message.references.push_back(std::string(240, 'r') + std::to_string(i));
    }
    const std::vector<std::string> references = entry.message.references;
    const Card card = found_in(built({entry}), test::everything()).hits.at(0).card;
    EXPECT_THAT(card.to, testing::SizeIs(20));
    EXPECT_THAT(card.references,
                testing::ElementsAre(references[0], references[25], references[26], references[27],
                                     references[28], references[29]));
}

TEST(ShardBuilder, ALongBodyIsCutBetweenCharactersAndSaysSo)
{
    Entry entry = generated_entry(1);
    entry.message.text = "x";
    for (int i = 0; i < 2'000; ++i)
        entry.message.text += "管";

    const Card card = found_in(built({entry}), test::everything()).hits.at(0).card;

    EXPECT_FALSE(card.is_whole);
    EXPECT_EQ(card.opening.size(), 1 + (max_opening_bytes - 1) / 3 * 3);
    EXPECT_TRUE(card.opening.ends_with("管"));
}

TEST(ShardBuilder, ABodyOfExactlyTheLimitIsWhole)
{
    for (const std::size_t more : {0, 1}) {
        Entry entry = generated_entry(1);
        entry.message.text = std::string(max_opening_bytes + more, 'x') + "  \n";
        const Card card = found_in(built({entry}), test::everything()).hits.at(0).card;
        EXPECT_EQ(card.is_whole, more == 0);
        EXPECT_EQ(card.opening.size(), max_opening_bytes);
    }
}

TEST(ShardBuilder, OddMessagesAreInTheIndexAllTheSame)
{
    std::vector<Entry> entries;
    const std::vector<std::string> texts = {"",
                                            std::string(100'000, 'w'),
                                            std::string("nul\0nul", 7),
                                            "\xff\xfe broken \xe4\xb8",
                                            std::string(300, '\0'),
                                            std::string(5'000'000, ' ') + "far",
                                            "\xf4\x8f\xbf\xbf"};
    for (const std::string& text : texts) {
        Entry& entry = entries.emplace_back(generated_entry(entries.size()));
        entry.message = {};
        entry.message.text = text;
        entry.message.subject = text.substr(0, 200);
        entry.message.from = {text.substr(0, 500)};
        entry.message.message_id = text.substr(0, 2'000);
        entry.message.references.assign(200, text.substr(0, 300));
        entry.message.attachments.assign(40, {text.substr(0, 900), "", text.substr(0, 100)});
    }
    entries.push_back(generated_entry(1'000));
    entries.back().message = {};

    const FinishedShard shard = built(entries);

    EXPECT_EQ(shard.documents(), entries.size());
    const Index index({test::source_of(shard)}, english);
    const std::vector<crypto::ContentId> ids = index.ids(test::everything(), Sort::date);
    for (const Entry& entry : entries)
        EXPECT_THAT(ids, testing::Contains(entry.id));
    EXPECT_EQ(index.count(test::word("far")), 1u);
}

TEST(ShardBuilder, DatesAndSizesOutOfRangeBecomeTheNearest)
{
    std::vector<Entry> entries = {generated_entry(0), generated_entry(1), generated_entry(2)};
    entries[0].message.date = InternalDate{INT64_MIN, 0};
    entries[1].message.date = InternalDate{-5, 0};
    entries[2].message.date = InternalDate{INT64_MAX, 0};
    entries[2].size_bytes = UINT64_MAX;

    const Index index({test::source_of(built(entries))}, english);

    EXPECT_THAT(index.ids(test::everything(), Sort::date),
                testing::ElementsAre(entries[2].id, entries[1].id, entries[0].id));
    EXPECT_EQ(index.find(test::everything(), {}).hits.at(1).date, -5);
}

TEST(ShardBuilder, ManyThreadsAndMessagesLoseNothingAndLeaveNothing)
{
    const test::TempDir folder;
    const std::vector<Entry> entries = test::generated_entries(0, 3'000);
    std::optional<FinishedShard> shard;
    {
        ShardBuilder builder(folder.path(), english, 3);
        for (const Entry& entry : entries)
            builder.add(entry);
        EXPECT_EQ(builder.documents(), entries.size());
        shard = builder.finish();
    }
    ASSERT_TRUE(shard.has_value());
    EXPECT_EQ(shard->documents(), entries.size());
    EXPECT_EQ(Index({test::source_of(*shard)}, english).count(test::everything()), entries.size());
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(ShardBuilder, AbandonedItLeavesNothing)
{
    const test::TempDir folder;
    {
        ShardBuilder builder(folder.path(), english, 2);
        for (std::uint64_t i = 0; i < 500; ++i)
            builder.add(generated_entry(i));
    }
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(ShardBuilder, TwoAtATimeInOneFolderDoNotMeet)
{
    const test::TempDir folder;
    ShardBuilder one(folder.path(), english, 1);
    ShardBuilder other(folder.path(), english, 1);
    for (std::uint64_t i = 0; i < 300; ++i)
        (i < 200 ? one : other).add(generated_entry(i));
    EXPECT_EQ(one.finish().value().documents(), 200u);
    EXPECT_EQ(Index({test::source_of(other.finish().value())}, english).count(test::everything()),
              100u);
}

TEST(ShardBuilder, WhatAWorkerCouldNotDoIsThrownToWhoAdds)
{
    const test::TempDir folder;
    ShardBuilder builder(folder.path() / "missing", english, 2);
    const auto kind = test::kind_thrown_by([&] {
        for (std::uint64_t i = 0; i < 100'000; ++i)
            builder.add(generated_entry(i % 100));
    });
    EXPECT_EQ(kind, ErrorKind::storage);
    EXPECT_EQ(test::kind_thrown_by([&] { return builder.finish(); }), ErrorKind::storage);
}

/// Never returns.
[[noreturn]] void build_with_at_most(rlim_t threads, const std::filesystem::path& folder)
{
    ::alarm(20);
    const rlimit limit{threads, threads};
    const bool limited =
        ::setrlimit(RLIMIT_NPROC, &limit) == 0 && (::getuid() != 0 || ::setuid(65'534) == 0);
    const auto built = [&] {
        ShardBuilder builder(folder, english, 8);
        builder.add(generated_entry(1));
        return builder.finish().has_value();
    };
    try {
        ::_exit(limited && built() ? 0 : 1);
    } catch (const Error& e) {
        ::_exit(e.kind() == ErrorKind::storage ? 0 : 2);
    }
}

TEST(ShardBuilder, WorksWithFewerThreadsOrSaysThatThereIsNone)
{
    const test::TempDir folder;
    std::filesystem::permissions(folder.path(), std::filesystem::perms::all);
    // Other processes of the user count too: which of them fails is not said.
    for (const rlim_t threads : {1, 2, 3})
        EXPECT_EXIT(build_with_at_most(threads, folder.path()), testing::ExitedWithCode(0), "");
}

TEST(ShardBuilder, AnUnknownLanguageIsRefusedAtOnce)
{
    const test::TempDir folder;
    EXPECT_EQ(test::kind_thrown_by([&] { ShardBuilder builder(folder.path(), {"klingon"}, 2); }),
              ErrorKind::usage);
}

TEST(FinishedShard, ReadsExactlyWhatIsAskedFor)
{
    const FinishedShard shard = built(test::generated_entries(0, 50));
    const ByteBuffer all = test::all_bytes(shard);
    EXPECT_EQ(shard.read(100, 50), copy_of(Bytes(all).subspan(100, 50)));
    EXPECT_EQ(shard.read(all.size(), 0).size(), 0u);
    EXPECT_TRUE(test::kind_thrown_by([&] { return shard.read(all.size() - 1, 2); }).has_value());
}

}  // namespace
}  // namespace mailhold::index
