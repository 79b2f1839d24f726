// Folding of single characters, over all of Unicode.

#include <gtest/gtest.h>
#include <xapian.h>

#include "terms_characters.hpp"

namespace mailhold::index {

namespace {

std::string utf8(unsigned c)
{
    std::string text;
    Xapian::Unicode::append_utf8(text, c);
    return text;
}

bool has_ascii_capital(std::string_view text)
{
    return text.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") != std::string_view::npos;
}

std::string folded(std::string_view text)
{
    std::string result;
    for (std::size_t at = 0; at < text.size(); at += character_at(text, at).bytes)
        result += character_at(text, at).folded();
    return result;
}

}  // namespace

TEST(Characters, FoldToWhatFoldsToItselfAndHasNoCapitals)
{
    for (unsigned c = 1; c <= 0x10ffff; ++c) {
        if (c >= 0xd800 && c <= 0xdfff)
            continue;
        const std::string text = utf8(c);
        const Character character = character_at(text, 0);
        ASSERT_EQ(character.bytes, text.size()) << std::hex << c;
        ASSERT_LE(character.size, 4U);
        if (character.kind != CharacterKind::word && character.kind != CharacterKind::ideograph)
            continue;
        ASSERT_GT(character.size, 0U) << std::hex << c;
        ASSERT_FALSE(has_ascii_capital(character.folded())) << std::hex << c;
        ASSERT_EQ(folded(character.folded()), character.folded()) << std::hex << c;
        ASSERT_EQ(character_at(character.folded(), 0).kind, character.kind) << std::hex << c;
    }
}

TEST(Characters, AreOneComposedOrNot)
{
    for (const auto& [composed, apart] :
         std::vector<std::pair<std::string, std::string>>{{"é", "e\u0301"},
                                                          {"ș", "s\u0326"},
                                                          {"ứ", "u\u031b\u0301"},
                                                          {"й", "и\u0306"},
                                                          {"ё", "е\u0308"},
                                                          {"ї", "і\u0308"},
                                                          {"ώ", "ω\u0301"},
                                                          {"が", "か\u3099"},
                                                          {"ぱ", "は\u309a"},
                                                          {"ヴ", "ウ\u3099"},
                                                          {"ド", "ト\u3099"},
                                                          {"パ", "ﾊﾟ"},
                                                          {"가", "\u1100\u1161"},
                                                          {"각", "\u1100\u1161\u11a8"}})
        EXPECT_EQ(folded(apart), folded(composed));
}

TEST(Characters, BrokenBytesAreSeparators)
{
    for (const std::string_view text :
         {"\xff", "\xc3", "\xe4\xb8", "\xed\xa0\x80", "\x80", "\xc0\x80"})
        EXPECT_EQ(character_at(text, 0).kind, CharacterKind::separator);
}

}  // namespace mailhold::index
