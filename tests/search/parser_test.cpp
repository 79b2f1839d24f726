// What people type, and the tree it means; what is wrong, and the place it is shown at.

#include <gmock/gmock.h>

#include "mailhold/search/expression.hpp"

namespace mailhold::search {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr Time noon{1'773'057'600};  // 2026-03-09T12:00:00Z

struct Case {
    std::string_view query;
    std::string_view meaning;
};

TEST(Parser, ReadsWhatPeopleType)
{
    constexpr Case cases[] = {
        {"steel", "steel"},
        {"steel pipe", "steel pipe"},
        {"steel\u3000pipe", "steel pipe"},
        {"steel AND pipe", "steel pipe"},
        {"\"price list\"", "\"price list\""},
        {"\u201cprice list\u201d", "\"price list\""},
        {"-304", "NOT 304"},
        {"NOT 304", "NOT 304"},
        {"-\"price list\" steel", "NOT \"price list\" steel"},
        {"a OR b", "a OR b"},
        {"a b OR c d", "a b OR c d"},
        {"a (b OR c) d", "a (b OR c) d"},
        {"(a)", "a"},
        {"((a b)) c", "(a b) c"},
        {"-(a b)", "NOT (a b)"},
        {"-(a OR b)", "NOT (a OR b)"},
        {"stain*", "stain*"},
        {"*", "*"},
        {"* -is:unread", "* NOT is:unread"},
        {"from:bob", "from:bob"},
        {"From:Bob", "from:Bob"},
        {"from:bob@acme.example", "from:bob@acme.example"},
        {"from:(bob OR ann)", "from:bob OR from:ann"},
        {"from:(bob -\"ann lee\") x", "(from:bob NOT from:\"ann lee\") x"},
        {"-from:bob", "NOT from:bob"},
        {"subject:\"price list\"", "subject:\"price list\""},
        {"subject:quot*", "subject:quot*"},
        {"subject:AND", "subject:AND"},
        {"subject:12:30", "subject:12:30"},
        {"subject\uff1a\u62a5\u4ef7\u5355", "subject:\u62a5\u4ef7\u5355"},
        {"304\u4e0d\u9508\u94a2\u7ba1", "304\u4e0d\u9508\u94a2\u7ba1"},
        {"PO\uff1a4711", "PO\uff1a4711"},
        {"12:30", "12:30"},
        {"AB-1234/5.6", "AB-1234/5.6"},
        {"- a", "- a"},
        {"folder:\"Sent Items\"", "folder:\"Sent Items\""},
        {"folder:Archive/*", "folder:\"Archive/*\""},
        {"account:Alice@Company.example", "account:\"alice@company.example\""},
        {"role:flagship", "role:\"flagship\""},
        {"flag:\\Flagged", "flag:\"flagged\""},
        {"flag:$Forwarded", "flag:\"$forwarded\""},
        {"is:read", "flag:\"seen\""},
        {"is:unread is:gone", "is:unread is:gone"},
        {"has:attachment", "has:attachment"},
        {"id:3F9A61", "id:3f9a61"},
        {"mid:<a.b@c>", "mid:\"a.b@c\""},
        {"larger:5M", "larger:5000000"},
        {"smaller:500kB", "smaller:500000"},
        {"larger:10", "larger:10"},
        {"body:x attachment:y filename:z list:l cc:c bcc:b to:t",
         "body:x attachment:y filename:z list:l cc:c bcc:b to:t"},
    };
    for (const Case& c : cases) {
        const Parsed parsed = parse(c.query, noon);
        EXPECT_EQ(print(parsed.expression), c.meaning) << c.query;
        EXPECT_EQ(parse(c.meaning, noon).expression, parsed.expression) << c.query;
        EXPECT_THAT(parsed.notes, IsEmpty()) << c.query;
    }
}

struct WrongCase {
    std::string_view query;
    std::size_t begin;
    std::size_t end;
    std::string_view message;
    std::string_view hint;
};

constexpr WrongCase wrong_cases[] = {
    {"", 0, 0, "empty", "name a word"},
    {"  ", 2, 2, "empty", "name a word"},
    {"a (b", 2, 3, "never closed", "close it"},
    {"a) b", 1, 2, "no parenthesis is open", "open one"},
    {")", 0, 1, "no parenthesis is open", "open one"},
    {"a ()", 2, 4, "nothing stands in parentheses", "words between"},
    {"a \"b c", 2, 3, "quote is never closed", "second quote"},
    {"pipe 5\"", 6, 7, "quote is never closed", "second quote"},
    {"a \"\"", 2, 4, "nothing stands between these quotes", "words between"},
    {"OR a", 0, 2, "nothing stands before this OR", "in quotes"},
    {"a OR", 2, 4, "nothing stands behind this OR", "in quotes"},
    {"a OR OR b", 5, 7, "nothing stands before this OR", "in quotes"},
    {"(a OR ) b", 3, 5, "nothing stands behind this OR", "behind it"},
    {"a AND", 2, 5, "nothing stands behind this AND", "behind it"},
    {"NOT", 0, 3, "nothing stands behind this NOT", "behind it"},
    {"a --limitt", 2, 10, "two dashes", "search --help"},
    {"sta*in", 3, 4, "only at the end", "quote it: \"sta*in\""},
    {"stain**", 5, 6, "only at the end", "quote it"},
    {"subject:*", 8, 9, "needs the beginning", "write word*"},
    {"form:bob", 0, 4, "no field \"form:\"", "did you mean from:"},
    {"sender:bob", 0, 6, "no field \"sender:\"", "did you mean from:"},
    {"see http://x.example/y", 4, 8, "no field \"http:\"", "quote it: \"http://x.example/y\""},
    {"foobar:baz", 0, 6, "no field \"foobar:\"", "quote it: \"foobar:baz\""},
    {"from: bob", 0, 5, "nothing stands behind \"from:\"", "from:word"},
    {"from:", 0, 5, "nothing stands behind", "from:word"},
    {"from:\"\"", 5, 7, "nothing stands between", "words between"},
    {"from:-bob", 5, 9, "dash belongs before", "-from:bob"},
    {"from:bob(ann)", 8, 9, "space is missing", "quotes"},
    {"from:(bob to:ann)", 10, 12, "to: stands inside another", "close the group"},
    {"has:money", 4, 9, "has:money", "has:attachment"},
    {"is:blue", 3, 7, "is:blue", "is:read"},
    {"id:12345", 3, 8, "no message's id", "6 to 64"},
    {"id:12345g", 3, 9, "no message's id", "6 to 64"},
    {"larger:big", 7, 10, "not a size", "500k"},
    {"larger:5T", 7, 9, "not a size", "500k"},
    {"smaller:99999999999G", 8, 20, "not a size", "500k"},
    {"date:2026-02-30", 5, 15, "not a date", "2026-03"},
    {"date:2026-13", 5, 12, "not a date", "2026-03"},
    {"date:2026..soon", 11, 15, "not a date: \"soon\"", "2026-03"},
    {"date:\"2026..soon\"", 12, 16, "not a date: \"soon\"", "2026-03"},
    {"date:..", 5, 7, "not a date", "2026-03"},
    {"date:2026-03..2026-01", 5, 21, "ends before it begins", "date:2026-01..2026-03"},
    {"date:7d", 5, 7, "that day alone", "date:7d.."},
    {"after:9.3.2026", 6, 14, "not a date", "2026-03-09"},
    {"\u4e0d\u9508\u94a2 form:x", 10, 14, "no field", "from:"},
};

TEST(Parser, PointsAtWhatItDoesNotUnderstand)
{
    for (const WrongCase& c : wrong_cases) {
        try {
            static_cast<void>(parse(c.query, noon));
            ADD_FAILURE() << c.query << " was understood";
        } catch (const QueryError& e) {
            EXPECT_EQ(e.kind(), ErrorKind::usage);
            EXPECT_EQ(e.place().begin, c.begin) << c.query;
            EXPECT_EQ(e.place().end, c.end) << c.query;
            EXPECT_THAT(e.what(), HasSubstr(std::string(c.message))) << c.query;
            EXPECT_THAT(e.hint(), HasSubstr(std::string(c.hint))) << c.query;
        }
    }
}

TEST(Parser, SaysWhenAnOperatorIsWrittenAsAWord)
{
    EXPECT_THAT(parse("steel or copper", noon).notes,
                ElementsAre("\"or\" is looked for as a word; the operator is written OR"));
    EXPECT_THAT(parse("black and white", noon).notes, testing::SizeIs(1));
    EXPECT_THAT(parse("\"black and white\"", noon).notes, IsEmpty());
    EXPECT_THAT(parse("whether or", noon).notes, IsEmpty());
}

TEST(Parser, RefusesWhatNestsTooDeepOrIsTooLong)
{
    const std::string deep = std::string(100, '(') + "a" + std::string(100, ')');
    EXPECT_THROW(parse(deep, noon), QueryError);
    std::string negations;
    for (int i = 0; i < 100; ++i)
        negations += "NOT ";
    EXPECT_THROW(parse(negations + "a", noon), QueryError);
    EXPECT_THROW(parse(std::string(20'000, 'a'), noon), QueryError);
    EXPECT_THROW(parse("\xff", noon), QueryError);
}

TEST(Parser, EveryPartKnowsItsPlace)
{
    const std::string query = "steel from:(bob OR ann) -\"price list\"";
    const Expression all = parse(query, noon).expression;
    const auto text = [&](const Expression& part) {
        return query.substr(part.place.begin, part.place.end - part.place.begin);
    };
    ASSERT_EQ(all.parts.size(), 3);
    EXPECT_EQ(text(all), query);
    EXPECT_EQ(text(all.parts[0]), "steel");
    EXPECT_EQ(text(all.parts[1]), "from:(bob OR ann)");
    EXPECT_EQ(text(all.parts[1].parts[1]), "ann");
    EXPECT_EQ(text(all.parts[2]), "-\"price list\"");
}

TEST(Parser, ArgumentsThatTheShellUnquotedAreQuotedAgain)
{
    EXPECT_EQ(query_of({"steel pipe"}), "steel pipe");
    EXPECT_EQ(query_of({"steel", "pipe"}), "steel pipe");
    EXPECT_EQ(query_of({"steel", "price list"}), "steel \"price list\"");
    EXPECT_EQ(query_of({"folder:Sent Items", "x"}), "folder:\"Sent Items\" x");
    EXPECT_EQ(query_of({"x", "-folder:Sent Items"}), "x -folder:\"Sent Items\"");
    EXPECT_EQ(query_of({"x", "-price list"}), "x -\"price list\"");
    EXPECT_EQ(query_of({"a OR b", "c"}), "a OR b c");
    EXPECT_EQ(query_of({"from:bob to:ann", "c"}), "from:bob to:ann c");
    EXPECT_EQ(query_of({"subject:\"price list\"", "c"}), "subject:\"price list\" c");
}

}  // namespace
}  // namespace mailhold::search
