// Places: lists that give back what went in, and phrases that are found where they stand and
// nowhere else.

#include "places.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/kind_thrown_by.hpp"

namespace mailhold::index {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using Terms = std::set<std::string>;
using Standing = std::map<std::uint32_t, Terms>;  // by place
using Lists = std::map<std::string, std::string>;

Lists taken(PlaceLists& places)
{
    Lists lists;
    for (auto& [term, list] : places.take())
        lists.emplace(std::move(term), std::move(list));
    return lists;
}

Lists lists_of(const std::vector<Standing>& documents)
{
    PlaceLists places;
    for (const Standing& standing : documents) {
        places.begin_document();
        for (const auto& [place, terms] : standing)
            for (const std::string& term : terms)
                places.add(term, place);
    }
    return taken(places);
}

std::vector<std::uint32_t> found(const Lists& lists, const std::vector<Terms>& phrase)
{
    std::vector<std::vector<std::string>> lists_of_parts;
    for (const Terms& any : phrase) {
        lists_of_parts.emplace_back();
        for (const std::string& term : any)
            lists_of_parts.back().push_back(lists.contains(term) ? lists.at(term) : "");
    }
    return phrase_in(lists_of_parts);
}

bool stands_at(const Standing& standing, std::uint32_t place, const Terms& any)
{
    const auto here = standing.find(place);
    return here != standing.end() && std::ranges::any_of(any, [&](const std::string& term) {
               return here->second.contains(term);
           });
}

bool is_phrase_in(const Standing& standing, const std::vector<Terms>& phrase)
{
    return std::ranges::any_of(standing, [&](const auto& start) {
        for (std::size_t i = 0; i < phrase.size(); ++i)
            if (!stands_at(standing, start.first + static_cast<std::uint32_t>(i), phrase[i]))
                return false;
        return true;
    });
}

class Random {
public:
    std::size_t below(std::size_t limit) { return random_() % limit; }

    Standing standing()
    {
        Standing standing;
        std::uint32_t place = 1;
        for (std::size_t n = below(12); n > 0; --n) {
            standing[place].insert(term());
            place += below(4) == 0 ? 0 : below(8) == 0 ? 2 : 1;
        }
        return standing;
    }

    std::vector<Terms> phrase()
    {
        std::vector<Terms> phrase(1 + below(4));
        for (Terms& any : phrase)
            any = {term(), term()};
        return phrase;
    }

private:
    std::string term() { return std::string(1, static_cast<char>('a' + below(4))); }

    std::mt19937_64 random_{20'261'128};
};

TEST(Places, AnyPhraseIsFoundInTheDocumentsItStandsIn)
{
    Random random;
    std::size_t total = 0;
    for (int i = 0; i < 500; ++i) {
        std::vector<Standing> documents(random.below(20));
        for (Standing& standing : documents)
            standing = random.standing();
        const std::vector<Terms> phrase = random.phrase();
        std::vector<std::uint32_t> expected;
        for (std::uint32_t n = 0; n < documents.size(); ++n)
            if (is_phrase_in(documents[n], phrase))
                expected.push_back(n);
        ASSERT_EQ(found(lists_of(documents), phrase), expected) << i;
        total += expected.size();
    }
    EXPECT_GT(total, 1'000u);
    EXPECT_LT(total, 4'000u);
}

TEST(Places, AreKeptWhateverLiesBetweenThem)
{
    for (const std::uint32_t gap : {1U, 2U, 127U, 128U, 16'383U, 16'384U, 199'999U}) {
        std::vector<Standing> documents(gap + 1);
        documents.front() = {{1, {"a"}}, {1 + gap, {"a"}}};
        documents.back() = {{gap, {"a"}}};
        const std::vector<Place> expected{{0, 1}, {0, 1 + gap}, {gap, gap}};
        EXPECT_EQ(places_in(lists_of(documents)["a"]), expected) << gap;
    }
}

TEST(Places, ComeInAnyOrderAndMoreThanOnce)
{
    PlaceLists places;
    places.begin_document();
    places.begin_document();
    for (const std::uint32_t place : {30U, 30U, 7U, 200U, 7U})
        places.add("a", place);
    const std::vector<Place> expected{{1, 7}, {1, 30}, {1, 200}};
    EXPECT_EQ(places_in(taken(places)["a"]), expected);
}

TEST(Places, OfTheNextStretchBeginAnew)
{
    PlaceLists places;
    EXPECT_THAT(places.take(), IsEmpty());
    places.begin_document();
    places.begin_document();
    places.add("b", 5);
    places.add("a", 4);
    EXPECT_EQ(places.documents(), 2u);
    EXPECT_GT(places.bytes(), 8u);
    EXPECT_THAT(places.take(), ElementsAre(testing::Key("a"), testing::Key("b")));
    EXPECT_EQ(places.documents(), 0u);
    EXPECT_EQ(places.bytes(), 0u);
    places.begin_document();
    places.add("b", 6);
    EXPECT_EQ(places_in(taken(places)["b"]), (std::vector<Place>{{0, 6}}));
}

TEST(Places, AreOfTheBytesThatTheFormatTells)
{
    EXPECT_EQ(lists_of({{}, {{3, {"a"}}, {300, {"a"}}}, {{1, {"a"}}}})["a"],
              std::string("\0\2\3\xa9\2\0\1\1", 8));
}

TEST(Places, ThatAreBrokenAreDamage)
{
    using namespace std::string_literals;
    for (const std::string& list : {"\x05"s, "\0"s, "\0\0\5"s, "\0\1\x80"s, "\0\1\x85\x80\x80\x80"s,
                                    "\0\1\xff\xff\xff\xff\x7f"s, "\0\1\xff\xff\xff\xff\x0f\1"s})
        EXPECT_EQ(test::kind_thrown_by([&] { return places_in(list); }), ErrorKind::damaged)
            << testing::PrintToString(list);
}

}  // namespace
}  // namespace mailhold::index
