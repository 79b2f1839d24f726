// What is marked in a snippet is what the search found.

#include <gtest/gtest.h>

#include "terms_model.hpp"

namespace mailhold::index {

namespace {

/// `text` with its hits in brackets.
std::string marked(const std::string& text, const Query& query)
{
    std::string result;
    std::size_t at = 0;
    for (const auto& [begin, end] : hits_in(text, query, {"en"})) {
        result += text.substr(at, begin - at) + "[" + text.substr(begin, end - begin) + "]";
        at = end;
    }
    return result + text.substr(at);
}

std::string marked_word(const std::string& text, const std::string& word)
{
    return marked(text, model::leaf(Query::Kind::word, word));
}

}  // namespace

TEST(Hits, MarkWordsAndTheirForms)
{
    EXPECT_EQ(marked_word("Invoices, an invoice.", "invoice"), "[Invoices], an [invoice].");
    EXPECT_EQ(marked_word("un café noir", "cafe"), "un [café] noir");
    EXPECT_EQ(marked_word("for USD 1,250.00 only", "1250"), "for USD [1,250.00] only");
    EXPECT_EQ(marked_word("for USD 1,250.00 only", "USD1250"), "for [USD 1,250.00] only");
    EXPECT_EQ(marked_word("is AB-1234/5.6 there", "AB1234"), "is [AB-1234]/5.6 there");
    EXPECT_EQ(marked_word("is AB-1234/5.6 there", "ab123456"), "is [AB-1234/5.6] there");
    EXPECT_EQ(marked_word("box MSKU 123456-5.", "MSKU1234565"), "box [MSKU 123456-5].");
    EXPECT_EQ(marked_word("nothing", "invoice"), "nothing");
}

TEST(Hits, MarkRunsOfIdeographs)
{
    EXPECT_EQ(marked_word("采购不锈钢管一批", "不锈钢"), "采购[不锈钢]管一批");
    EXPECT_EQ(marked_word("采购304不锈钢管一批", "304不锈钢管"), "采购[304不锈钢管]一批");
    EXPECT_EQ(marked_word("钢和钢管", "钢"), "[钢]和[钢]管");
    EXPECT_EQ(marked_word("不锈的杯子和锈钢混合", "不锈钢"), "不锈的杯子和锈钢混合");
}

TEST(Hits, MarkPhrasesWholeAndPrefixes)
{
    EXPECT_EQ(marked("a price list, price", model::leaf(Query::Kind::phrase, "price list")),
              "a [price list], price");
    EXPECT_EQ(marked("stainless steel stain", model::leaf(Query::Kind::prefix, "stain")),
              "[stainless] steel [stain]");
    EXPECT_EQ(marked("AB-1234, AB 9", model::leaf(Query::Kind::prefix, "AB-12")),
              "[AB-1234], AB 9");
    EXPECT_EQ(marked("invoices invoice", model::leaf(Query::Kind::exact_word, "invoice")),
              "invoices [invoice]");
}

TEST(Hits, AreForAnyFieldsWord)
{
    EXPECT_EQ(marked("Revised prices", model::leaf(Query::Kind::word, "price", Field::subject)),
              "Revised [prices]");
    EXPECT_EQ(marked("ann@acme.com", model::leaf(Query::Kind::word, "acme.com", Field::from)),
              "ann@[acme.com]");
}

TEST(Hits, OfWhatIsNoWordAreNone)
{
    EXPECT_EQ(marked("some text", model::leaf(Query::Kind::has_attachment, "")), "some text");
    EXPECT_EQ(marked("some text", model::leaf(Query::Kind::message_id, "some")), "some text");
    EXPECT_EQ(marked("some -- text", model::leaf(Query::Kind::word, "--")), "some -- text");
    EXPECT_EQ(marked("", model::leaf(Query::Kind::word, "word")), "");
}

TEST(Words, AreWhereTheyStandInTheText)
{
    const std::string text = "Prix: 1,250.00 CAFÉ 钢管";
    std::vector<std::string> words;
    for (const Word& word : words_of(text)) {
        words.push_back(word.term);
        words.push_back(text.substr(word.begin, word.end - word.begin));
    }
    EXPECT_EQ(words, (std::vector<std::string>{"prix", "Prix", "1,250.00", "1,250.00", "cafe",
                                               "CAFÉ", "钢", "钢", "管", "管"}));
}

}  // namespace mailhold::index
