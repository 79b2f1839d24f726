// Exact words: of plain ASCII text the words are those of Xapian's TermGenerator, the tokenizer of
// notmuch, so that counts agree.

#include <algorithm>
#include <random>

#include <gtest/gtest.h>
#include <xapian.h>

#include "terms_model.hpp"

namespace mailhold::index {

namespace {

/// Underscores alone are a word to Xapian and nothing to search for.
bool is_word(const std::string& term)
{
    return std::any_of(term.begin(), term.end(),
                       [](unsigned char c) { return std::isalnum(c) != 0; });
}

std::vector<std::string> words_of_xapian(const std::string& text)
{
    Xapian::Document document;
    Xapian::TermGenerator generator;
    generator.set_document(document);
    generator.index_text(text);
    std::vector<std::string> words;
    for (auto term = document.termlist_begin(); term != document.termlist_end(); ++term)
        if (is_word(*term))
            words.insert(words.end(), term.get_wdf(), *term);
    return words;
}

std::vector<std::string> words_of_ours(const std::string& text)
{
    std::vector<std::string> words;
    for (const Word& word : words_of(text))
        words.push_back(word.term);
    std::sort(words.begin(), words.end());
    return words;
}

std::string random_text(std::mt19937& random, std::string_view letters, std::size_t size)
{
    std::uniform_int_distribution<std::size_t> pick(0, letters.size() - 1);
    std::string text;
    while (text.size() < size)
        text += letters[pick(random)];
    return text;
}

}  // namespace

TEST(ExactWords, AreThoseOfXapianInOddText)
{
    for (const std::string text :
         {"don't AT&T O'Neill's", "U.S.A. P.T.O, J.Smith A.B1 I.B.M-x X.", "1,250.00 10.0.0.1 1;2",
          "v1.2 a.1 1.a 5.a6", "C++ C# a++++ fish+chips C+ + #1", "snake_case _x_ __ a_",
          "john.smith@acme-steel.com", "'quoted' ''x'' &a& a&&b a'&b", "3'4 1&2 a'1 1'a",
          "http://x.com/a?b=c&d=e#f", "A.B.C.D.E", "A.B.c", "1.", ".5", "a.", "tail +"})
        EXPECT_EQ(words_of_ours(text), words_of_xapian(text)) << text;
}

TEST(ExactWords, AreThoseOfXapianInRandomText)
{
    std::mt19937 random(20260301);
    for (int round = 0; round < 20'000; ++round) {
        const std::string text = random_text(random, "abAB12 .,;'&_+#-/@", 24);
        ASSERT_EQ(words_of_ours(text), words_of_xapian(text)) << text;
    }
}

TEST(ExactWords, AreFoundUnstemmedAndUnsquashedInEveryField)
{
    EXPECT_TRUE(model::finds_exact("the invoice", "invoice"));
    EXPECT_TRUE(model::finds_exact("the INVOICE", "Invoice"));
    EXPECT_FALSE(model::finds_exact("the invoices", "invoice"));
    EXPECT_FALSE(model::finds_exact("ACME's", "acme"));
    EXPECT_FALSE(model::finds_exact("1,250.00", "1250"));
    EXPECT_FALSE(model::finds_exact("AB-1234", "AB1234"));
    EXPECT_FALSE(model::finds_exact("USD1250", "usd"));
    EXPECT_FALSE(model::finds_exact("snake_case", "snake"));
    EXPECT_TRUE(model::finds_exact("AB-1234", "AB-1234"));
    EXPECT_TRUE(model::finds_exact("采购不锈钢管", "不锈钢"));

    mail::Searchable message;
    message.from = {"Ann <ann@acme.com>"};
    message.attachments = {{"drawing.pdf", "application/pdf", "tolerances"}};
    const model::TermMap terms = model::terms_of(message, {"en"});
    for (const std::string word : {"ann", "acme", "drawing", "tolerances"})
        EXPECT_TRUE(
            model::matches(terms, terms_for(model::leaf(Query::Kind::exact_word, word), {"en"})))
            << word;
}

}  // namespace mailhold::index
