// The table of forms: what stands in a mail, what people type, and whether it is found.

#include <gtest/gtest.h>

#include "terms_model.hpp"

namespace mailhold::index {

namespace {

struct Row {
    std::string_view text;
    std::string_view query;  ///< words between spaces must all be found
    bool found;
};

constexpr bool yes = true;
constexpr bool no = false;

void check(std::initializer_list<Row> rows)
{
    for (const Row& row : rows)
        EXPECT_EQ(model::finds_typed(row.text, row.query), row.found)
            << "\"" << row.query << "\" in \"" << row.text << "\"";
}

void check_phrases(std::initializer_list<Row> rows)
{
    for (const Row& row : rows)
        EXPECT_EQ(model::finds_phrase(row.text, row.query), row.found)
            << "\"" << row.query << "\" in \"" << row.text << "\"";
}

}  // namespace

TEST(Forms, WordsAreFoundInTheirGrammaticalForms)
{
    check({
        {"Please send the invoices today", "invoice", yes},
        {"Please send the invoice today", "invoices", yes},
        {"Please send the invoice today", "INVOICE", yes},
        {"shipping documents", "shipped", yes},
        {"ACME's offer", "acme", yes},
        {"ACME\u2019s offer", "ACME's", yes},
        {"we do not quote", "quotation", no},
        {"Please send the invoice", "voice", no},
        {"don't", "don", no},
        {"a note by O'Neill", "oneill", yes},
        {"a note by ONeill", "O'Neill", yes},
        {"tubes en acier, l'acier inoxydable", "acier", yes},
        {"AT&T", "att", yes},
        {"the U.S.A. plant", "usa", yes},
        {"the USA plant", "U.S.A.", yes},
        {"written in C++", "c++", yes},
        {"--", "--", no},
    });
}

TEST(Forms, LettersAreFoundWithoutTheirAccentsAndWidths)
{
    check({
        {"un café noir", "cafe", yes},
        {"un cafe noir", "café", yes},
        {"un cafe\u0301 noir", "café", yes},
        {"Müller GmbH", "muller", yes},
        {"Straße 5", "strasse", yes},
        {"STRASSE 5", "straße", yes},
        {"Łódź", "lodz", yes},
        {"Việt Nam", "viet nam", yes},
        {"ÅÄÖ", "aao", yes},
        {"ＡＢＣ１２３４ 型", "abc1234", yes},
        {"ABC1234", "ＡＢＣ１２３４", yes},
        {"the \ufb01nal o\ufb00er", "final offer", yes},
        {"super\u00adduplex", "superduplex", yes},
        {"Счёт выставлен", "счет", yes},
        {"СЧЁТ", "счёт", yes},
        {"Αθήνα", "ΑΘΗΝΑ", yes},
        {"thickness 5㎜", "5mm", yes},
        {"area 20 m²", "m2", yes},
    });
}

TEST(Forms, PartNumbersAreFoundHoweverTheyAreJoined)
{
    check({
        {"order AB-1234/5.6 now", "AB-1234/5.6", yes},
        {"order AB-1234/5.6 now", "AB1234/5.6", yes},
        {"order AB-1234/5.6 now", "ab-1234-5.6", yes},
        {"order AB-1234/5.6 now", "ab123456", yes},
        {"order AB-1234/5.6 now", "AB-1234", yes},
        {"order AB-1234/5.6 now", "AB1234", yes},
        {"order AB-1234/5.6 now", "1234/5.6", yes},
        {"order AB-1234/5.6 now", "1234", yes},
        {"order AB1234 now", "AB-1234", yes},
        {"order AB 1234 now", "AB1234", yes},
        {"order AB 1234 now", "AB-1234", yes},
        {"order AB\u20111234 now", "AB-1234", yes},
        {"order AB-12345 now", "AB-1234", no},
        {"order AB-1234 now", "AB-12345", no},
        {"order AB-1234/5.6 now", "AB-12345", no},
        {"order XAB-1234 now", "AB-1234", no},
        {"order AB-1234/5.6 now", "AB-12*", yes},
        {"order AB1234 now", "AB-12*", yes},
        {"order AB-2234 now", "AB-12*", no},
        {"to EN 10204 3.1", "EN10204", yes},
        {"to EN10204", "EN-10204", yes},
        {"HS code 7306.40.20", "73064020", yes},
        {"HS code 73064020", "7306.40.20", yes},
        {"invoice_2026_AB1234.pdf", "AB1234", yes},
        {"invoice_2026_AB1234.pdf", "invoice", yes},
        {"invoice_2026_AB1234.pdf", "2026-AB1234", yes},
        {"AB-1234_rev2.pdf", "AB1234", yes},
        {"AB-1234_rev2.pdf", "rev2", yes},
        {"due 2026-03-04", "20260304", yes},
        {"due 2026.03.04", "2026/03/04", yes},
        {"open 24/7", "247", no},
        {"M-8 bolts", "M8", yes},
        {"e-mail", "email", no},
    });
}

TEST(Forms, AmountsAreFoundInAnyCountrysWriting)
{
    check({
        {"total 1,250.00", "1250", yes},
        {"total 1.250,00", "1250", yes},
        {"total 1'250.00", "1250", yes},
        {"total 1\u202f250,00", "1250", yes},
        {"total USD1250", "1250", yes},
        {"total USD 1,250.00", "1250", yes},
        {"total USD1,250.00", "1250", yes},
        {"total $1250", "1250", yes},
        {"total €1.250,00", "1250", yes},
        {"total ￥1,250.00元", "1250", yes},
        {"total 1250.00", "1250", yes},
        {"total 1,250.50", "1250", yes},
        {"total 1,250.50", "1250.50", yes},
        {"total 1.250,50", "1250.5", yes},
        {"total 1250", "1,250.00", yes},
        {"total 1.250,00", "1,250.00", yes},
        {"total USD 1,250.00", "USD1250", yes},
        {"total 1,250.00 USD", "USD1250", yes},
        {"total USD1,250.00", "USD 1250", yes},
        {"total 1,250,000", "1250000", yes},
        {"total Rs 1,25,000.00", "125000", yes},
        {"weight 1250kg", "1250", yes},
        {"grade 304L", "304", no},
        {"weight 1250 kg", "1250kg", yes},
        {"1,40012345,250.00", "40012345", yes},
        {"1,40012345,250.00", "250", yes},
        {"total 12500", "1250", no},
        {"total 1250000", "1250", no},
        {"total 1,250,000", "1250", no},
        {"total 1,250.00", "250", no},
        {"total 1,250.00", "1,25", no},
        {"total 1250.50", "1250.60", no},
        {"total EUR 1,250.00", "USD1250", no},
        {"total 31250", "1250", no},
        {"total 12.50", "1250", no},
    });
}

TEST(Forms, SizesAreFoundHoweverTheyAreMultiplied)
{
    check({
        {"tube 25x2.5 mm", "25x2.5", yes},
        {"tube 25x2.5mm", "25x2.5", yes},
        {"tube 25x2,50", "25x2.5", yes},
        {"tube 25x2.5", "25x2,5mm", yes},
        {"tube 25 x 2.5 mm", "25x2.5", yes},
        {"tube 25×2,5 mm", "25x2.5", yes},
        {"tube Ø25*2.5 mm", "25x2.5", yes},
        {"tube 25X2.5X6000", "25x2.5x6000", yes},
        {"tube 25x2.5", "25", yes},
        {"tube Ø25", "25", yes},
        {"管Φ25", "25", yes},
        {"tube 25x2.5", "25x25", no},
        {"tube 25x25", "25x2.5", no},
        {"tube 2.5x25", "25x2.5", no},
    });
}

TEST(Forms, ContainersAreFoundInAnyGrouping)
{
    check({
        {"container MSKU1234565", "MSKU1234565", yes},
        {"container MSKU 123456-5", "MSKU1234565", yes},
        {"container MSKU-123456-5", "MSKU1234565", yes},
        {"container MSKU 1234565", "MSKU1234565", yes},
        {"container MSKU 123456 5", "MSKU1234565", yes},
        {"container MSKU 123 456 5", "msku1234565", yes},
        {"container MSKU1234565", "MSKU 123456-5", yes},
        {"container MSKU1234565", "MSKU-123456-5", yes},
        {"container MSKU 123456-5", "MSKU-123456-5", yes},
        {"container MSKU-123456-5", "MSKU 123456-5", yes},
        {"container MSKU1234565", "MSKU123456", yes},
        {"container MSKU 123456-5", "1234565", yes},
        {"container MSKU 123456-5", "MSKU1234566", no},
        {"container MSKU 123456-5", "MSKU12345", no},
        {"container TGHU 123456-5", "MSKU1234565", no},
    });
    check_phrases({
        {"container MSKU1234565", "MSKU 123456-5", yes},
        {"container MSKU 123456-5", "MSKU1234565", yes},
    });
}

TEST(Forms, AddressesAreFoundWholeAndByTheirParts)
{
    constexpr std::string_view text = "write to <John.Smith@acme-steel.com>, please";
    check({
        {text, "john.smith@acme-steel.com", yes},
        {text, "acme-steel.com", yes},
        {text, "@acme-steel.com", yes},
        {text, "acme", yes},
        {text, "john", yes},
        {text, "john.smith", yes},
        {text, "acme-ste*", yes},
        {text, "smith.john@acme-steel.com", no},
        {text, "acme-steel.org", no},
        {"mail john_smith@acme.com", "smith", yes},
        {"see https://www.acme.com/p/AB-1234", "www.acme.com", yes},
        {"see https://www.acme.com/p/AB-1234", "AB1234", no},  // joined further: by its words
        {"see https://www.acme.com/p/AB-1234", "AB-1234", yes},
    });
}

TEST(Forms, ChineseJapaneseAndKoreanAreFoundByRunsOfCharacters)
{
    check({
        {"采购不锈钢管一批", "不锈钢", yes},
        {"采购不锈钢管一批", "不锈钢管", yes},
        {"采购不锈钢管一批", "钢", yes},
        {"采购不锈钢管一批", "钢管", yes},
        {"不锈的杯子和锈钢混合", "不锈钢", no},
        {"采购不锈钢管一批", "钢锈", no},
        {"采购304不锈钢管一批", "304不锈钢管", yes},
        {"采购304不锈钢管一批", "304", yes},
        {"采购304不锈钢管一批", "不锈钢管", yes},
        {"采购304 不锈钢管一批", "304不锈钢管", yes},
        {"采购316不锈钢管一批", "304不锈钢管", no},
        {"采购不锈钢管304一批", "不锈钢管304", yes},
        {"采购不锈钢管304L一批", "不锈钢管304", no},
        {"采购不锈钢管AB-1234一批", "AB1234", yes},
        {"采购不锈钢板304一批", "不锈钢管304", no},
        {"单价1,250.00元", "1250", yes},
        {"上海。海运", "上海海运", no},  // runs end at marks
        {"上海。海运", "上海。海运", yes},
        {"上海。海运", "海海", no},
        {"不锈\n钢管", "锈钢", no},
        {"ステンレス鋼管", "ステンレス", yes},
        {"ｽﾃﾝﾚｽ鋼管", "ステンレス", yes},
        {"ｶﾞﾗｽ", "ガラス", yes},
        {"カ\u3099ラス", "ガラス", yes},
        {"スチール", "スチ", yes},
        {"스테인리스 강관", "스테인리스", yes},
        {"스테인리스 강관", "강관", yes},
        {"\u1109\u1173\u1110\u1166\u110b\u1175\u11ab", "스테인", yes},
        {"⽤⼾", "用戶", yes},
        {"報價單", "报价单", no},  // traditional and simplified stay apart
        {"不锈钢管", "不锈*", yes},
        {"304不锈钢管", "304不*", yes},
    });
}

TEST(Forms, ChineseThatAProgramWrappedRunsOnInTheNextLine)
{
    const std::string line(60, 'x');
    const std::string wrapped = line + "采购不锈\r\n> 钢管";
    EXPECT_TRUE(model::finds_typed(wrapped, "锈钢"));
    EXPECT_TRUE(model::finds_typed(wrapped, "不锈钢管"));
    EXPECT_FALSE(model::finds_typed(line + "采购不锈\n\n钢管", "锈钢"));
    EXPECT_FALSE(model::finds_typed(line + "강관\n스테", "관스"));
}

TEST(Forms, PhrasesKeepTheirOrderAndAreUnstemmed)
{
    check_phrases({
        {"the price list of May", "price list", yes},
        {"the price-list of May", "price list", yes},
        {"the list price of May", "price list", no},
        {"the price lists of May", "price list", no},
        {"the total 1,250.00 is due", "total 1250", yes},
        {"the total 1,250.00 is due", "1250 is due", yes},
        {"采购 不锈钢管 price", "不锈钢管 price", yes},
        {"采购不锈钢管一批", "不锈 钢管", yes},  // written apart, but a run in the text
        {"采购不锈 钢管一批", "不锈 钢管", yes},
        {"采购不锈钢管一批", "钢 管", yes},
        {"采购不锈 钢管一批", "锈 钢", yes},
        {"采购不锈钢管一批", "锈 管", no},
        {"采购不锈钢管一批", "不 锈 钢 管", yes},
        {"采购不锈钢管304一批", "钢 管 304", yes},
        {"采购304不锈钢管一批", "304 不", yes},
        {"采购304 钢 一批", "304 钢", yes},
        {"采购304不锈钢管一批", "304 锈", no},
        {"采购钢管price list", "钢管 price", yes},
        {"采购A级钢管一批", "A级", yes},
        {"采购A级钢管一批", "购A级", yes},
        {"采购 price 钢管", "购 price 钢", yes},
        {"the invoices", "invoice", no},
        {"AB-1234", "ab1234", yes},
        {"EN10204", "EN 10204", yes},
        {"price", "", no},
    });
}

TEST(Forms, PrefixesFindWordsThatBeginSo)
{
    check({
        {"stainless steel", "stain*", yes},
        {"stainless steel", "STAIN*", yes},
        {"stainless steel", "tain*", no},
        {"stainless steel", "stainless*", yes},
        {"ponies", "poni*", yes},
        {"happy", "happi*", no},  // its stem begins so, but not the word
        {"invoice_AB1234", "ab12*", yes},
        {"1,250.00", "125*", yes},
        {"stainless", "*", no},
        {"a price list of may", "price-li*", yes},
        {"the list of a price", "price-li*", no},
        {"the on line sale", "on-lin*", yes},
        {"in line, on time", "on-lin*", no},
        {"user1@acme.example", "user1@acm*", yes},
        {"bob@163.com", "bob@163*", yes},
        {"from 12-345 on", "12-34*", yes},
        {"AB-1234/5.6", "ab-12*", yes},
        {"AB1234", "ab-12*", yes},
        {"AB1234", "ab－12*", yes},
        {"AB1234", "ab@12*", no},
    });
}

}  // namespace mailhold::index
