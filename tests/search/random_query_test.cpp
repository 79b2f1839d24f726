// Random queries from the pieces of the language, and random trees, from a fixed seed.

#include <random>

#include <gtest/gtest.h>

#include "mailhold/search/expression.hpp"

namespace mailhold::search {
namespace {

constexpr Time noon{1'773'057'600};

class Dice {
public:
    std::size_t below(std::size_t limit)
    {
        return std::uniform_int_distribution<std::size_t>(0, limit - 1)(engine_);
    }

    std::string query()
    {
        static constexpr std::string_view pieces[] = {"a",
                                                      "steel",
                                                      "\u4e0d\u9508\u94a2",
                                                      "*",
                                                      "-",
                                                      "--",
                                                      " ",
                                                      " ",
                                                      " ",
                                                      "\u3000",
                                                      "\"",
                                                      "\u201c",
                                                      "(",
                                                      ")",
                                                      ":",
                                                      "from:",
                                                      "subject:",
                                                      "date:",
                                                      "2026-03",
                                                      "..",
                                                      "7d",
                                                      "is:unread",
                                                      "has:attachment",
                                                      "larger:",
                                                      "5M",
                                                      "id:",
                                                      "abcdef",
                                                      "mid:",
                                                      "<x@y>",
                                                      "AND ",
                                                      " OR ",
                                                      "NOT ",
                                                      "foo:",
                                                      "folder:",
                                                      "Sent",
                                                      "\\",
                                                      "\xff",
                                                      "\n",
                                                      "OR",
                                                      "list:",
                                                      "account:",
                                                      "\uff1a"};
        std::string text;
        const std::size_t count = 1 + below(12);
        for (std::size_t i = 0; i < count; ++i)
            text += pieces[below(std::size(pieces))];
        return text;
    }

private:
    std::mt19937_64 engine_{20'260'309};
};

TEST(RandomQuery, IsUnderstoodOrRefusedAndPrintsAsItself)
{
    Dice dice;
    int understood = 0;
    for (int i = 0; i < 100'000; ++i) {
        const std::string query = dice.query();
        try {
            const Expression parsed = parse(query, noon).expression;
            const std::string printed = print(parsed);
            EXPECT_EQ(parse(printed, noon).expression, parsed) << query << "\n" << printed;
            ++understood;
        } catch (const QueryError& e) {
            EXPECT_LE(e.place().begin, e.place().end) << query;
            EXPECT_LE(e.place().end, query.size()) << query;
            EXPECT_FALSE(e.hint().empty()) << query;
        }
    }
    EXPECT_GT(understood, 10'000);
}

}  // namespace
}  // namespace mailhold::search
