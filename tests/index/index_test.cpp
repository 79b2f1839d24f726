// Searching: what real shards answer is what the model of the terms says, in the right order and
// numbers.

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "index_model.hpp"
#include "shard_fixture.hpp"
#include "support/kind_thrown_by.hpp"

namespace mailhold::index {
namespace {

using test::english;
using test::generated_entry;
using test::IndexModel;
using test::Questions;
using test::sorted;
using Kind = Query::Kind;

/// Three shards that overlap: messages 200 to 249 stand in two, 240 to 249 in all.
class OverlappingShards : public testing::Test {
protected:
    static void SetUpTestSuite()
    {
        model_ = new IndexModel(test::generated_entries(0, 700));
        sources_ = new std::vector<ShardSource>{
            test::source_of(test::built(test::generated_entries(0, 250))),
            test::source_of(test::built(test::generated_entries(200, 500))),
            test::source_of(test::built(test::generated_entries(500, 700))),
            test::source_of(test::built(test::generated_entries(240, 250)))};
    }
    static void TearDownTestSuite()
    {
        delete model_;
        delete sources_;
    }

    static IndexModel* model_;
    static std::vector<ShardSource>* sources_;
    Index index_{*sources_, english};
};

IndexModel* OverlappingShards::model_ = nullptr;
std::vector<ShardSource>* OverlappingShards::sources_ = nullptr;

TEST_F(OverlappingShards, AnswerAnyQuestionAsTheModelDoes)
{
    Questions questions(20'261'126);
    std::size_t answers = 0;
    for (int i = 0; i < 400; ++i) {
        const Query query = questions.question(3);
        const std::vector<crypto::ContentId> expected = model_->ids(query);
        const std::vector<crypto::ContentId> ids = index_.ids(query, Sort::date);
        ASSERT_EQ(sorted(ids), expected) << "question " << i;
        ASSERT_TRUE(model_->are_newest_first(ids)) << "question " << i;
        ASSERT_EQ(index_.count(query), expected.size()) << "question " << i;
        answers += expected.empty() || expected.size() == 700 ? 0 : 1;
    }
    EXPECT_GT(answers, 130u);  // most questions are worth asking
}

TEST_F(OverlappingShards, AnswerByRelevanceWithTheSameMessages)
{
    Questions questions(7);
    for (int i = 0; i < 100; ++i) {
        const Query query = questions.question(2);
        const std::vector<crypto::ContentId> expected = model_->ids(query);
        ASSERT_EQ(sorted(index_.ids(query, Sort::relevance)), expected) << "question " << i;
        ASSERT_EQ(index_.find(query, {.sort = Sort::relevance, .limit = 3}).total, expected.size());
    }
}

TEST_F(OverlappingShards, PagesPutTogetherAreAllResultsInOrder)
{
    for (const Sort sort : {Sort::date, Sort::relevance}) {
        const Query query = test::word(test::generated_word(3));
        const std::vector<crypto::ContentId> all = index_.ids(query, sort);
        std::vector<crypto::ContentId> paged;
        for (std::size_t first = 0; first <= all.size(); first += 7) {
            const Found page = index_.find(query, {.sort = sort, .first = first, .limit = 7});
            EXPECT_EQ(page.total, all.size());
            for (const Hit& hit : page.hits)
                paged.push_back(hit.id);
        }
        EXPECT_GT(all.size(), 50u);
        EXPECT_EQ(paged, all);
    }
}

TEST_F(OverlappingShards, PastTheLastResultThereIsNone)
{
    const Found found = index_.find(test::everything(), {.first = 5'000'000'000, .limit = 10});
    EXPECT_EQ(found.total, 700u);
    EXPECT_TRUE(found.hits.empty());
}

TEST_F(OverlappingShards, AreVisitedMessageByMessageOnce)
{
    for (const bool with_cards : {true, false}) {
        std::vector<crypto::ContentId> visited;
        index_.for_each(
            [&](const Hit& hit) {
                visited.push_back(hit.id);
                EXPECT_EQ(hit.card.from.empty(), !with_cards);
                EXPECT_GE(hit.date, 1'700'000'000);
                EXPECT_GE(hit.size_bytes, 500u);
            },
            with_cards);
        EXPECT_EQ(sorted(visited), model_->ids(test::everything()));
    }
}

TEST_F(OverlappingShards, GiveAnotherAnswerAfterAVisitorThrew)
{
    const auto thrown = test::kind_thrown_by([&] {
        index_.for_each([](const Hit&) { throw Error(ErrorKind::interrupted, "enough"); }, true);
        return 0;
    });
    EXPECT_EQ(thrown, ErrorKind::interrupted);
    EXPECT_EQ(index_.count(test::everything()), 700u);
}

/// The same messages, each in one of five shards.
class DistinctShards : public testing::Test {
protected:
    static void SetUpTestSuite()
    {
        sources_ = new std::vector<ShardSource>;
        for (std::uint64_t begin = 0; begin < 700; begin += 140)
            sources_->push_back(
                test::source_of(test::built(test::generated_entries(begin, begin + 140))));
    }
    static void TearDownTestSuite() { delete sources_; }

    static std::vector<ShardSource>* sources_;
    Index compared_{*sources_, english, Repeats::possible};
    Index trusted_{*sources_, english, Repeats::none};
};

std::vector<ShardSource>* DistinctShards::sources_ = nullptr;

TEST_F(DistinctShards, AnswerTheSameWhetherMatchesAreComparedOrNot)
{
    Questions questions(11);
    for (int i = 0; i < 200; ++i) {
        const Query query = questions.question(3);
        const std::vector<crypto::ContentId> all = compared_.ids(query, Sort::date);
        ASSERT_EQ(trusted_.ids(query, Sort::date), all) << "question " << i;
        ASSERT_EQ(trusted_.count(query), all.size()) << "question " << i;
        for (const Sort sort : {Sort::date, Sort::relevance}) {
            const FindOptions options{.sort = sort, .first = 3, .limit = 5};
            const Found expected = compared_.find(query, options);
            const Found found = trusted_.find(query, options);
            ASSERT_EQ(found.total, expected.total) << "question " << i;
            ASSERT_EQ(found.hits, expected.hits) << "question " << i;
        }
    }
}

TEST_F(DistinctShards, GivePagesThatPutTogetherAreAllResults)
{
    const Query query = test::word(test::generated_word(3));
    const std::vector<crypto::ContentId> all = compared_.ids(query, Sort::date);
    std::vector<crypto::ContentId> paged;
    for (std::size_t first = 0; first <= all.size(); first += 7)
        for (const Hit& hit : trusted_.find(query, {.first = first, .limit = 7}).hits)
            paged.push_back(hit.id);
    EXPECT_GT(all.size(), 50u);
    EXPECT_EQ(paged, all);
    EXPECT_TRUE(trusted_.find(query, {.first = SIZE_MAX, .limit = SIZE_MAX}).hits.empty());
}

TEST_F(DistinctShards, TellWhichOfThemCannotBeRead)
{
    std::vector<ShardSource> sources = *sources_;
    bool is_broken = false;
    sources[3].read = [read = sources[3].read, &is_broken](std::size_t chunk) {
        if (is_broken && chunk > 0)
            throw Error(ErrorKind::tampered, "block 3 is not what was sealed");
        return read(chunk);
    };
    const Index index(sources, english, Repeats::none);
    is_broken = true;
    EXPECT_EQ(test::kind_thrown_by([&] { return index.find(test::everything(), {}).total; }),
              ErrorKind::tampered);
    is_broken = false;
    EXPECT_EQ(index.find(test::everything(), {}).total, 700u);
}

TEST(Index, WithoutShardsNothingIsFound)
{
    const Index index({}, english);
    EXPECT_EQ(index.count(test::everything()), 0u);
    EXPECT_EQ(Index({}, english, Repeats::none).count(test::everything()), 0u);
    EXPECT_TRUE(index.find(test::word("a"), {.sort = Sort::relevance}).hits.empty());
    EXPECT_EQ(index.suggestion("quotetion"), std::nullopt);
    index.for_each([](const Hit&) { FAIL(); }, true);
}

TEST(Index, TheBetterMatchIsFirstByRelevance)
{
    std::vector<Entry> entries = test::generated_entries(0, 100);
    entries[40].message.text = "flange flange flange";
    entries[70].message.text += " flange";
    const Index index({test::source_of(test::built(entries))}, english);
    EXPECT_THAT(index.ids(test::word("flange"), Sort::relevance),
                testing::ElementsAre(entries[40].id, entries[70].id));
}

TEST(Index, APhraseOfManyWordsWithManyFormsIsFoundOnce)
{
    std::vector<Entry> entries = test::generated_entries(0, 60);
    const std::string phrase =
        "AB-1234/5.6 costs USD 1,250.00 net of freight for MSKU 123456-5 at 1.250,00 a piece";
    entries[10].message.text = "We say " + phrase + " today";
    entries[20].message.text = "AB-1234/5.6 costs net of freight USD 1,250.00";
    entries[30].message.subject = phrase;
    Query query = test::word(phrase);
    query.kind = Kind::phrase;
    const Index index({test::source_of(test::built(entries))}, english);
    EXPECT_THAT(index.ids(query, Sort::date),
                testing::UnorderedElementsAre(entries[10].id, entries[30].id));
}

TEST(Index, ABeginningOfThousandsOfWordsFindsThemAll)
{
    std::vector<Entry> entries = test::generated_entries(0, 70);
    std::vector<crypto::ContentId> expected;
    for (std::size_t i = 0; i < 60; ++i) {
        for (std::size_t n = 0; n < 50; ++n)
            entries[i].message.text += " zq" + test::generated_word(i * 50 + n);
        expected.push_back(entries[i].id);
    }
    Query query = test::word("zq");
    query.kind = Kind::prefix;
    const std::vector<Entry> half(entries.begin(), entries.begin() + 35);
    const std::vector<Entry> rest(entries.begin() + 35, entries.end());
    const FinishedShard first = test::built(half);
    const FinishedShard second = test::built(rest);
    const Index index({test::source_of(first), test::source_of(second)}, english);
    EXPECT_THAT(index.ids(query, Sort::date), testing::UnorderedElementsAreArray(expected));
    EXPECT_THAT(index.ids(query, Sort::relevance), testing::UnorderedElementsAreArray(expected));
    EXPECT_EQ(index.count(query), 60u);

    Query others;
    others.kind = Kind::none_of;
    others.parts = {query};
    EXPECT_EQ(index.count(others), 10u);

    entries[3].message.text += " before-zqzz";
    query.text = "before-zq";
    const Index one({test::source_of(test::built(entries))}, english);
    EXPECT_THAT(one.ids(query, Sort::relevance), testing::ElementsAre(entries[3].id));
}

TEST(Index, AMisspeltWordHasASuggestion)
{
    std::vector<Entry> entries = test::generated_entries(0, 20);
    for (std::size_t i = 0; i < 6; ++i)
        entries[i].message.text += i < 4 ? " stainless quotation Größe" : " stainlets quotatoin";
    entries[7].message.text += " unique";
    const Index index({test::source_of(test::built(entries))}, english);
    const std::map<std::string, std::optional<std::string>> cases = {
        {"stainles", "stainless"},   {"Quotaton", "quotation"},   {"tsainless", "stainless"},
        {"stianless", "stainless"},  {"größse", "grosse"},        {"uniqe", std::nullopt},
        {"xylophone", std::nullopt}, {"st1inless", std::nullopt}, {"sta", std::nullopt},
        {"不锈钢管", std::nullopt},  {"", std::nullopt},          {"two words", std::nullopt}};
    for (const auto& [word, expected] : cases)
        EXPECT_EQ(index.suggestion(word), expected) << word;
}

}  // namespace
}  // namespace mailhold::index
