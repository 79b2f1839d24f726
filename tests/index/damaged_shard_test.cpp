// Shards that cannot be read: the error says which, and no byte of another file is taken for an
// answer.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pread_hook.hpp"
#include "shard_fixture.hpp"
#include "support/kind_thrown_by.hpp"

namespace mailhold::index {
namespace {

using test::chunk_bytes;
using test::english;

const ByteBuffer& shard_bytes()
{
    static const ByteBuffer bytes =
        test::all_bytes(test::built(test::generated_entries(0, 700, {100, 3'000})));
    return bytes;
}

/// What all messages and many questions give.
std::vector<std::string> answers_of(const Index& index)
{
    std::vector<std::string> answers;
    index.for_each([&](const Hit& hit) { answers.push_back(hit.id.hex() + hit.card.opening); },
                   true);
    for (std::size_t rank = 0; rank < 3'000; rank += 61) {
        Query phrase = test::word(test::generated_word(rank) + " " + test::generated_word(0));
        phrase.kind = Query::Kind::phrase;
        for (const crypto::ContentId& id : index.ids(phrase, Sort::relevance))
            answers.push_back(id.hex());
    }
    return answers;
}

/// What two questions give that only want the newest.
std::vector<Hit> newest_of(const ShardSource& shard)
{
    const Index index({test::source_of(shard_bytes()), shard}, english, Repeats::none);
    std::vector<Hit> newest = index.find(test::everything(), {.limit = 300}).hits;
    for (const Hit& hit : index.find(test::word(test::generated_word(1)), {.limit = 5}).hits)
        newest.push_back(hit);
    return newest;
}

constexpr std::size_t stride = 3;  // of the chunks that are tried: each takes a quarter of a second

/// Asks an index of this shard behind a sound one; nullopt when all answers were right.
std::optional<Error> failure_of(const ShardSource& shard)
{
    static const std::vector<std::string> expected = answers_of(
        Index({test::source_of(shard_bytes()), test::source_of(shard_bytes())}, english));
    static const std::vector<Hit> expected_newest = newest_of(test::source_of(shard_bytes()));
    try {
        EXPECT_TRUE(newest_of(shard) == expected_newest);
        EXPECT_EQ(answers_of(Index({test::source_of(shard_bytes()), shard}, english)), expected);
    } catch (const Error& error) {
        return error;
    }
    return std::nullopt;
}

TEST(DamagedShard, WhatItsSourceThrowsIsThrownWhateverTheChunk)
{
    const std::size_t chunks = (shard_bytes().size() + chunk_bytes - 1) / chunk_bytes;
    ASSERT_GT(chunks, 10u);
    std::size_t failures = 0;
    for (std::size_t bad = 0; bad < chunks; bad += stride) {
        ShardSource source = test::source_of(shard_bytes());
        bool asked = false;
        source.read = [&asked, bad, inner = source.read](std::size_t chunk) {
            if (chunk != bad)
                return inner(chunk);
            asked = true;
            throw Error(ErrorKind::store_unavailable, "the share is away", "mount it");
        };
        const std::optional<Error> failure = failure_of(source);
        EXPECT_EQ(failure.has_value(), asked) << bad;
        if (!failure)
            continue;  // no answer needed it
        ++failures;
        EXPECT_EQ(failure->kind(), ErrorKind::store_unavailable);
        EXPECT_STREQ(failure->what(), "the share is away");
        EXPECT_EQ(failure->hint(), "mount it");
    }
    EXPECT_GT(failures, chunks / stride / 3);
}

TEST(DamagedShard, AStoreThatComesBackIsReadOn)
{
    ShardSource source = test::source_of(shard_bytes());
    bool away = false;
    source.read = [&away, inner = source.read](std::size_t chunk) {
        if (away)
            throw Error(ErrorKind::store_unavailable, "the share is away");
        return inner(chunk);
    };
    const Index index({source}, english);
    EXPECT_EQ(index.count(test::everything()), 700u);
    away = true;
    EXPECT_EQ(test::kind_thrown_by([&] { return answers_of(index); }),
              ErrorKind::store_unavailable);
    away = false;
    EXPECT_EQ(answers_of(index), answers_of(Index({test::source_of(shard_bytes())}, english)));
    EXPECT_EQ(index.count(test::everything()), 700u);
}

TEST(DamagedShard, AChunkOfTheWrongLengthIsDamageAndNamed)
{
    std::size_t failures = 0;
    for (std::size_t bad = 0; bad * chunk_bytes < shard_bytes().size(); bad += 5 * stride) {
        ShardSource source = test::source_of(shard_bytes());
        bool asked = false;
        source.read = [&asked, bad, inner = source.read](std::size_t chunk) {
            ByteBuffer bytes = inner(chunk);
            if (chunk == bad) {
                bytes.pop_back();
                asked = true;
            }
            return bytes;
        };
        const std::optional<Error> failure = failure_of(source);
        EXPECT_EQ(failure.has_value(), asked) << bad;
        if (!failure)
            continue;
        ++failures;
        EXPECT_EQ(failure->kind(), ErrorKind::damaged);
        EXPECT_THAT(failure->what(), testing::HasSubstr(source.object.hex()));
    }
    EXPECT_GT(failures, 2u);
}

TEST(DamagedShard, ABeginningOfOtherBytesIsDamageAndNamed)
{
    for (const std::size_t changed : {0, 3, 13, 15}) {
        ByteBuffer bytes = shard_bytes();
        bytes[changed] ^= std::byte{0x55};
        const ShardSource source = test::source_of(std::move(bytes));
        const std::optional<Error> failure = failure_of(source);
        ASSERT_TRUE(failure.has_value()) << changed;
        EXPECT_THAT(failure->kind(), testing::AnyOf(ErrorKind::damaged, ErrorKind::too_new));
        EXPECT_THAT(failure->what(), testing::HasSubstr(source.object.hex()));
    }
}

/// The shard is either seen to be damaged, and named, or not noticed because no answer needs the
/// bytes; a wrong answer fails the test inside failure_of().
void expect_damage_or_right_answers(ByteBuffer bytes, std::size_t& failures)
{
    const ShardSource source = test::source_of(std::move(bytes));
    const std::optional<Error> failure = failure_of(source);
    if (!failure)
        return;
    ++failures;
    EXPECT_EQ(failure->kind(), ErrorKind::damaged) << failure->what();
    EXPECT_THAT(failure->what(), testing::HasSubstr(source.object.hex()));
}

TEST(DamagedShard, ChunksOfZerosAreDamageAndNamed)
{
    const std::size_t chunks = shard_bytes().size() / chunk_bytes;
    std::size_t failures = 0;
    for (std::size_t bad = 0; bad < chunks; bad += stride) {
        ByteBuffer bytes = shard_bytes();
        std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(bad * chunk_bytes), chunk_bytes,
                    std::byte{0});
        expect_damage_or_right_answers(std::move(bytes), failures);
    }
    EXPECT_GT(failures, chunks / stride / 3);
}

TEST(DamagedShard, CutShortAnywhereItIsDamage)
{
    std::size_t failures = 0;
    for (std::size_t chunk = 0; chunk * chunk_bytes < shard_bytes().size(); chunk += 3) {
        const std::size_t length = chunk * chunk_bytes + chunk;
        expect_damage_or_right_answers(copy_of(Bytes(shard_bytes()).first(length)), failures);
    }
    EXPECT_GT(failures, shard_bytes().size() / chunk_bytes / 4);
}

TEST(DamagedShard, WithoutTheHookItIsDamageToo)
{
    pread_hook::pretend_absent(true);
    ByteBuffer bytes = shard_bytes();
    std::fill(bytes.begin() + chunk_bytes, bytes.end(), std::byte{0});
    const std::optional<Error> failure = failure_of(test::source_of(std::move(bytes)));
    pread_hook::pretend_absent(false);
    ASSERT_TRUE(failure.has_value());
    EXPECT_EQ(failure->kind(), ErrorKind::damaged);
}

}  // namespace
}  // namespace mailhold::index
