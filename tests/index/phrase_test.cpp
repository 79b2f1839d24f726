// Phrases in shards of several stretches: built so, or merged.

#include <fstream>

#include <gtest/gtest.h>

#include <xapian.h>

#include "index_model.hpp"
#include "shard_fixture.hpp"
#include "values.hpp"

namespace mailhold::index {
namespace {

using test::english;
using test::sorted;

Query phrase(std::string text)
{
    Query query = test::word(std::move(text));
    query.kind = Query::Kind::phrase;
    return query;
}

std::vector<Entry> entries_with(std::uint64_t begin, std::uint64_t end, const std::string& text)
{
    std::vector<Entry> entries = test::generated_entries(begin, end);
    for (Entry& entry : entries)
        entry.message.text += text;
    return entries;
}

std::size_t stretches_of(const FinishedShard& shard)
{
    const test::TempDir folder;
    const std::filesystem::path path = folder.path() / "shard";
    const ByteBuffer bytes = test::all_bytes(shard);
    std::ofstream(path).write(reinterpret_cast<const char*>(bytes.data()),
                              static_cast<std::streamsize>(bytes.size()));
    const Xapian::Database database(path);
    std::size_t stretches = 0;
    for (auto stretch = database.valuestream_begin(stretch_slot);
         stretch != database.valuestream_end(stretch_slot); ++stretch)
        ++stretches;
    return stretches;
}

TEST(Phrase, IsFoundInEachStretchOfAShard)
{
    std::vector<Entry> entries = test::generated_entries(0, 1'200);
    std::vector<crypto::ContentId> expected;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        std::string& text = entries[i].message.text;
        for (std::size_t n = 0; n < 100; ++n)  // different ones, so that a stretch is full soon
            text += " w" + std::to_string(i * 100 + n);
        text += i % 3 == 0 ? " cold drawn tube" : " drawn cold tube";
        if (i % 3 == 0)
            expected.push_back(entries[i].id);
    }
    const FinishedShard shard = test::built(entries, 1);
    EXPECT_GT(stretches_of(shard), 1u);
    const Index index({test::source_of(shard)}, english);
    EXPECT_EQ(sorted(index.ids(phrase("cold drawn"), Sort::date)), sorted(expected));
    EXPECT_EQ(sorted(index.ids(phrase("Cold drawn tube"), Sort::relevance)), sorted(expected));
    EXPECT_EQ(index.count(phrase("tube cold")), 0u);
    const Query others = test::combined(Query::Kind::none_of, {phrase("cold drawn")});
    EXPECT_EQ(index.count(others), entries.size() - expected.size());
    const std::string last = std::to_string(1'199 * 100 + 99);
    EXPECT_EQ(index.count(phrase("w" + last + " drawn cold")), 1u);
}

TEST(Phrase, IsFoundWhereMergedShardsHaveStretchesInCommon)
{
    const ShardSource first = test::source_of(test::built(entries_with(0, 40, " net weight")));
    const ShardSource both = test::source_of(test::built(entries_with(40, 90, " weight net")));
    const ShardSource last = test::source_of(test::built(entries_with(90, 120, " net weight")));
    const FinishedShard merged =
        merge({test::source_of(merge({first, both})), test::source_of(merge({both, last}))});
    EXPECT_EQ(merged.documents(), 170u);
    const Index index({test::source_of(merged)}, english);
    EXPECT_EQ(index.count(phrase("net weight")), 70u);
    EXPECT_EQ(index.count(phrase("weight net")), 50u);
}

}  // namespace
}  // namespace mailhold::index
