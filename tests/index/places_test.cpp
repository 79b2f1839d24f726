// Places: a phrase is found where its terms are neighbours, and nowhere else.

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include <gtest/gtest.h>

#include "places.hpp"
#include "support/kind_thrown_by.hpp"

namespace mailhold::index {
namespace {

using Standing = std::map<std::uint32_t, std::set<std::string>>;  // terms by place

std::string value_of(const Standing& standing)
{
    PlacesWriter writer;
    for (const auto& [place, terms] : standing)
        for (const std::string& term : terms)
            writer.add(term, place);
    return writer.value();
}

bool finds(const PhrasePlaces& phrase, const std::string& value)
{
    return PhraseFinder(phrase).finds_in(value);
}

bool stands_at(const Standing& standing, std::uint32_t place, const std::vector<std::string>& any)
{
    const auto here = standing.find(place);
    return here != standing.end() && std::ranges::any_of(any, [&](const std::string& term) {
               return here->second.contains(term);
           });
}

bool is_phrase_in(const Standing& standing, const PhrasePlaces& phrase)
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
    std::string term() { return std::string(1, static_cast<char>('a' + below(4))); }

private:
    std::mt19937_64 random_{20'261'128};
};

TEST(Places, AnyPhraseIsFoundWhereItStands)
{
    Random random;
    std::size_t found = 0;
    for (int i = 0; i < 5'000; ++i) {
        Standing standing;
        std::uint32_t place = 1;
        for (std::size_t n = random.below(12); n > 0; --n) {
            standing[place].insert(random.term());
            place += random.below(4) == 0 ? 0 : random.below(8) == 0 ? 2 : 1;
        }
        PhrasePlaces phrase(1 + random.below(4));
        for (std::vector<std::string>& any : phrase)
            for (std::size_t n = 1 + random.below(2); n > 0; --n)
                any.push_back(random.term());
        const bool expected = is_phrase_in(standing, phrase);
        ASSERT_EQ(finds(phrase, value_of(standing)), expected) << i;
        found += expected ? 1 : 0;
    }
    EXPECT_GT(found, 1'000u);
    EXPECT_LT(found, 4'000u);
}

TEST(Places, AreKeptWhateverLiesBetweenThem)
{
    for (const std::uint32_t gap : {1U, 2U, 13U, 14U, 15U, 16U, 100U, 65'536U, 199'990U}) {
        const std::string value =
            value_of({{gap, {"before"}}, {2 * gap, {"ab"}}, {2 * gap + 1, {"1234"}}});
        EXPECT_TRUE(finds({{"ab"}, {"1234"}}, value)) << gap;
        EXPECT_FALSE(finds({{"1234"}, {"ab"}}, value)) << gap;
        EXPECT_EQ(finds({{"before"}, {"ab"}}, value), gap == 1) << gap;
        EXPECT_EQ(finds({{"before"}, {"ab"}, {"1234"}}, value), gap == 1) << gap;
    }
}

TEST(Places, ComeInAnyOrderAndMoreThanOnce)
{
    PlacesWriter writer;
    for (const std::uint32_t place : {3U, 1U, 2U, 3U, 1U})
        writer.add(std::to_string(place), place);
    EXPECT_EQ(writer.value(), value_of({{1, {"1"}}, {2, {"2"}}, {3, {"3"}}}));
    EXPECT_TRUE(finds({{"1"}, {"2"}, {"3"}}, writer.value()));
}

TEST(Places, AFinderMayBeAskedAgain)
{
    PhraseFinder finder({{"a"}, {"b"}});
    EXPECT_FALSE(finder.finds_in(value_of({{1, {"a"}}})));
    EXPECT_FALSE(finder.finds_in(value_of({{2, {"b"}}})));  // place 1 was another one's
    EXPECT_TRUE(finder.finds_in(value_of({{7, {"a"}}, {8, {"b"}}})));
}

TEST(Places, OfNoTermsAreNone)
{
    EXPECT_EQ(PlacesWriter().value(), "");
    EXPECT_FALSE(finds({{"a"}}, ""));
}

TEST(Places, AreOfTheBytesThatTheFormatTells)
{
    // FNV-1a of "a" is af63dc4c8601ec8c: 296230c0 folded, of which 28 bits count.
    EXPECT_EQ(value_of({{1, {"a"}}, {21, {"a"}}}),
              std::string("\xc0\x30\x62\x19\x14\x00\x00\xf0\xc0\x30\x62\x09", 12));
}

TEST(Places, CutShortAreDamage)
{
    const std::string value = value_of({{1, {"a"}}, {2, {"b"}}});
    EXPECT_EQ(test::kind_thrown_by([&] { return finds({{"b"}}, value.substr(0, 7)); }),
              ErrorKind::damaged);
}

}  // namespace
}  // namespace mailhold::index
