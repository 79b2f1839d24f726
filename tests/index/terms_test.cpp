// Terms of whole messages: fields, stems, special terms, bounds, and input that is no text.

#include <ctime>
#include <random>

#include <gtest/gtest.h>

#include "mailhold/base/error.hpp"
#include "support/kind_thrown_by.hpp"
#include "terms_model.hpp"

namespace mailhold::index {

namespace {

const Languages english{"en"};

mail::Searchable offer()
{
    mail::Searchable message;
    message.from = {"Ann Lee <ann@acme.com>", "Bureau <bureau@acme.com>"};
    message.to = {"Bob <bob@buyer.cn>"};
    message.cc = {"Carl <carl@buyer.cn>"};
    message.bcc = {"Dora <dora@acme.com>"};
    message.subject = "Revised prices: 1,250.00 for 不锈钢管";
    message.list = "Sales <sales.lists.acme.com>";
    message.message_id = "A1.b2@Acme.com";
    message.references = {"first@buyer.cn", " <second@buyer.cn>\r\n"};
    message.text = "Please find our quotations attached.";
    message.attachments = {{"price-list_2026.xlsx", "application/x", "tubes and flanges"},
                           {"drawing.pdf", "application/pdf", "tolerances AB-1234"}};
    return message;
}

bool offer_has(Query::Kind kind, const std::string& text, std::optional<Field> field = std::nullopt)
{
    static const model::TermMap terms = model::terms_of(offer(), english);
    return model::matches(terms, terms_for(model::leaf(kind, text, field), english));
}

bool offer_has_word(const std::string& text, std::optional<Field> field = std::nullopt)
{
    return offer_has(Query::Kind::word, text, field);
}

/// Words of all kinds; each byte is cut somewhere.
constexpr std::string_view mixed_text =
    "AB-1234/5.6 caf\u00e9 U.S.A. MSKU 123456-5 USD1,250.00 1\u202f250,00 不锈钢管304 ｶﾞ "
    "\u1109\u1173\u11ab \ufb03x snake_case_1 C++ o\u2019neill\u0301 ⼈ 𠀀𠀁 re\u00adady";

void expect_consistent(std::string_view text)
{
    std::size_t end = 0;
    for (const Word& word : words_of(text)) {
        ASSERT_GE(word.begin, end);
        ASSERT_GT(word.end, word.begin);
        ASSERT_LE(word.end, text.size());
        ASSERT_FALSE(word.term.empty());
        ASSERT_LE(word.term.size(), 64U);
        end = word.end;
    }
}

/// Every word of a text finds the text, and itself in it.
void expect_found_by_its_words(const std::string& text)
{
    mail::Searchable message;
    message.text = text;
    const model::TermMap terms = model::terms_of(message, english);
    for (const Word& word : words_of(text)) {
        const std::string typed = text.substr(word.begin, word.end - word.begin);
        const Query query = model::leaf(Query::Kind::word, typed);
        EXPECT_TRUE(model::matches(terms, terms_for(query, english))) << typed;
        EXPECT_FALSE(hits_in(text, query, english).empty()) << typed;
    }
}

std::string random_bytes(std::mt19937& random, std::size_t size)
{
    std::string bytes;
    for (std::size_t i = 0; i < size; ++i)
        bytes += static_cast<char>(random() & 0xff);
    return bytes;
}

}  // namespace

TEST(Terms, AFieldIsSearchedAloneOrWithAllOthers)
{
    struct Row {
        std::string word;
        Field field;
    };
    const std::vector<Row> rows{{"quotations", Field::body},
                                {"revised", Field::subject},
                                {"ann@acme.com", Field::from},
                                {"bureau", Field::from},
                                {"bob", Field::to},
                                {"carl@buyer.cn", Field::cc},
                                {"dora", Field::bcc},
                                {"flanges", Field::attachment},
                                {"AB1234", Field::attachment},
                                {"price-list", Field::file_name},
                                {"2026", Field::file_name},
                                {"sales.lists.acme.com", Field::list},
                                {"1250", Field::subject},
                                {"不锈钢", Field::subject}};
    for (const Row& row : rows) {
        EXPECT_TRUE(offer_has_word(row.word)) << row.word;
        for (std::size_t i = 0; i < 9; ++i) {
            const auto field = static_cast<Field>(i);
            EXPECT_EQ(offer_has_word(row.word, field), field == row.field) << row.word << " " << i;
        }
    }
}

TEST(Terms, StemsAreOfTheirField)
{
    EXPECT_TRUE(offer_has_word("price", Field::subject));
    EXPECT_TRUE(offer_has_word("quotation", Field::body));
    EXPECT_TRUE(offer_has_word("tube", Field::attachment));
    EXPECT_FALSE(offer_has_word("tube", Field::body));
    EXPECT_FALSE(offer_has_word("quotation", Field::subject));
    EXPECT_TRUE(offer_has_word("quotation"));
}

TEST(Terms, APhraseDoesNotReachFromOneTextToTheNext)
{
    EXPECT_TRUE(offer_has(Query::Kind::phrase, "tubes and flanges"));
    EXPECT_FALSE(offer_has(Query::Kind::phrase, "flanges tolerances"));
    EXPECT_FALSE(offer_has(Query::Kind::phrase, "acme.com Bureau", Field::from));
    EXPECT_FALSE(offer_has(Query::Kind::phrase, "钢管 Ann"));
}

TEST(Terms, AnIdeographIsThereAloneOrAsTheFirstOfAPair)
{
    mail::Searchable message;
    message.text = "304不锈钢管 and 钢";
    message.attachments = {{"a.pdf", "application/pdf", "锈钢管"}};
    const auto terms = model::terms_of(message, {"en"}).terms;
    using Places = std::set<std::uint32_t>;
    const auto body_begins = *terms.at("304").begin();
    const auto behind = [&](std::uint32_t words) { return Places{body_begins + words}; };
    EXPECT_EQ(terms.at("不锈"), behind(1));
    EXPECT_EQ(terms.at("锈钢"), behind(2));
    EXPECT_EQ(terms.at("钢管"), behind(3));
    EXPECT_EQ(terms.at("管"), behind(4));
    EXPECT_EQ(terms.at("钢"), behind(6));
    EXPECT_EQ(terms.at("管A").size(), 1U);
    for (const char* inner : {"不", "锈", "锈A", "钢A"})
        EXPECT_FALSE(terms.contains(inner)) << inner;
}

TEST(Terms, MessageIdsAreFoundWholeAndAsTheyAreWritten)
{
    EXPECT_TRUE(offer_has(Query::Kind::message_id, "A1.b2@Acme.com"));
    EXPECT_TRUE(offer_has(Query::Kind::message_id, "<A1.b2@Acme.com>"));
    EXPECT_FALSE(offer_has(Query::Kind::message_id, "a1.b2@acme.com"));
    EXPECT_FALSE(offer_has(Query::Kind::message_id, "first@buyer.cn"));
    EXPECT_TRUE(offer_has(Query::Kind::refers_to, "first@buyer.cn"));
    EXPECT_TRUE(offer_has(Query::Kind::refers_to, "second@buyer.cn"));
    EXPECT_FALSE(offer_has(Query::Kind::refers_to, "A1.b2@Acme.com"));
    EXPECT_FALSE(offer_has(Query::Kind::message_id, "<>"));
}

TEST(Terms, AttachmentsAreNoted)
{
    EXPECT_TRUE(offer_has(Query::Kind::has_attachment, ""));
    const model::TermMap terms = model::terms_of({}, english);
    EXPECT_FALSE(
        model::matches(terms, terms_for(model::leaf(Query::Kind::has_attachment, ""), english)));
}

TEST(Terms, OtherKindsOfQueriesHaveNone)
{
    EXPECT_EQ(test::kind_thrown_by([] { terms_for(Query{}, english); }), ErrorKind::bug);
}

TEST(Terms, StemsFollowTheLanguages)
{
    mail::Searchable message;
    message.text = "Lieferungen und invoices";
    const auto finds = [&](const std::string& word, const Languages& languages) {
        return model::matches(model::terms_of(message, languages),
                              terms_for(model::leaf(Query::Kind::word, word), languages));
    };
    EXPECT_TRUE(finds("Lieferung", {"de"}));
    EXPECT_FALSE(finds("Lieferung", {}));
    EXPECT_FALSE(finds("invoice", {}));
    EXPECT_TRUE(finds("invoices", {}));
    EXPECT_TRUE(finds("Lieferung", {"en", "de"}));
    EXPECT_TRUE(finds("invoice", {"en", "de"}));
}

TEST(Terms, AnUnknownLanguageNamesTheKnown)
{
    for (const std::string language : {"xx", "", "english", "EN"}) {
        try {
            const TermMaker maker({"en", language});
            ADD_FAILURE() << language;
        } catch (const Error& e) {
            EXPECT_EQ(e.kind(), ErrorKind::usage);
            EXPECT_NE(std::string(e.what()).find("de, en, es"), std::string::npos) << e.what();
        }
    }
}

TEST(Terms, EachMessageHasItsOwnStems)
{
    TermMaker maker(english);
    mail::Searchable message;
    message.text = "invoices and invoices";
    for (int round = 0; round < 3; ++round) {
        model::TermMap terms;
        maker.add_message(message, terms);
        EXPECT_TRUE(terms.terms.contains("invoicZ")) << round;
        EXPECT_EQ(terms.terms.at("invoices").size(), 2U);
    }
}

TEST(Terms, ALongWordIsFoundByItsBeginning)
{
    const std::string word(100, 'x');
    EXPECT_TRUE(model::finds_typed(word, word));
    EXPECT_TRUE(model::finds_typed(word, std::string(64, 'x') + "y"));
    EXPECT_TRUE(model::finds_typed(word, std::string(10, 'x') + "*"));
    EXPECT_FALSE(model::finds_typed(word, std::string(63, 'x')));
    std::string cyrillic = "a";
    for (int i = 0; i < 50; ++i)
        cyrillic += "ж";
    EXPECT_EQ(words_of(cyrillic).front().term.size(), 63U);  // no letter is cut in two
    EXPECT_TRUE(model::finds_typed(cyrillic, cyrillic));
}

TEST(Terms, TheTermsOfAHugeMessageAreBounded)
{
    std::mt19937 random(7);
    mail::Searchable message;
    message.text = "word";
    message.attachments.resize(3);
    for (auto& attachment : message.attachments)
        while (attachment.text.size() < 2 * mebibyte)
            attachment.text += std::to_string(random()) + "-" + std::to_string(random()) + " ";
    message.attachments.back().text.insert(0, "lastly ");
    const model::TermMap terms = model::terms_of(message, english);
    EXPECT_LE(terms.last, max_positions);
    EXPECT_LE(terms.terms.size(), 2 * max_positions);
    EXPECT_TRUE(terms.terms.contains("lastlyA"));  // the first one does not take it all
}

TEST(Terms, EndlessRowsTakeTimeInStepWithTheirLength)
{
    for (const std::string piece : {"A.", "a-", "a_", "1,", "1'", "a'", "a+", "1 ", "MSKU 1",
                                    "锈\n", "锈", "\u0301", "ｶﾞ", "A.b"}) {
        std::string text = "A";
        while (text.size() < mebibyte / 2)
            text += piece;
        text += "b";
        const std::clock_t begin = std::clock();
        EXPECT_FALSE(model::finds_typed(text, "zzz"));
        EXPECT_LT(std::clock() - begin, 20 * CLOCKS_PER_SEC) << piece;
    }
}

TEST(Terms, NoTermIsTooLongForAShard)
{
    mail::Searchable message;
    message.message_id = std::string(1000, 'm');
    message.references = {std::string(1000, '\x01') + "r", std::string(1000, 'r')};
    message.text = std::string(5000, 'w') + " " + std::string(5000, '1');
    for (int i = 0; i < 500; ++i)
        message.text += ",12345";
    const model::TermMap terms = model::terms_of(message, english);
    EXPECT_LE(terms.longest, 200U);
    for (const auto& [term, places] : terms.terms) {
        EXPECT_EQ(term.find('\0'), std::string::npos);
        EXPECT_FALSE(term.empty());
    }
}

TEST(Terms, EveryTruncationOfATextIsRead)
{
    for (std::size_t size = 0; size <= mixed_text.size(); ++size) {
        const std::string text(mixed_text.substr(0, size));
        expect_consistent(text);
        expect_found_by_its_words(text);
    }
}

TEST(Terms, RandomBytesAreRead)
{
    std::mt19937 random(42);
    for (int round = 0; round < 300; ++round) {
        const std::string text = random_bytes(random, 200);
        expect_consistent(text);
        expect_found_by_its_words(text);
    }
}

TEST(Terms, AFlippedByteInATextIsRead)
{
    for (std::size_t i = 0; i < mixed_text.size(); ++i) {
        std::string text(mixed_text);
        text[i] = static_cast<char>(text[i] ^ 0x81);
        expect_consistent(text);
        expect_found_by_its_words(text);
    }
}

}  // namespace mailhold::index
