// Flags as letters of a Maildir name.

#include "flag_letters.hpp"

#include <gtest/gtest.h>

namespace mailhold::deliver {

TEST(FlagLetters, SystemFlagsAreKnownInAnyCase)
{
    FlagLetters letters;
    EXPECT_EQ(letters.letters_of({}), "");
    EXPECT_EQ(letters.letters_of({"\\SEEN", "\\answered", "\\Draft", "\\Flagged", "\\Deleted"}),
              "DFRST");
    EXPECT_EQ(letters.keywords_file(), "");
}

TEST(FlagLetters, KeywordsKeepTheirLetter)
{
    FlagLetters letters;
    EXPECT_EQ(letters.letters_of({"one", "two"}), "ab");
    EXPECT_EQ(letters.letters_of({"three", "two", "\\Seen"}), "Sbc");
    EXPECT_EQ(letters.letters_of({"ONE"}), "d");  // spelled otherwise: both spellings are kept
    EXPECT_EQ(letters.keywords_file(), "0 one\n1 two\n2 three\n3 ONE\n");
}

TEST(FlagLetters, WhatTheListCannotHoldIsLeftToTheManifest)
{
    FlagLetters letters;
    EXPECT_EQ(letters.letters_of({"\\Junk", "", "a b", "a\nb"}), "");
    for (int i = 0; i < 30; ++i)
        letters.letters_of({"k" + std::to_string(i)});
    EXPECT_EQ(letters.letters_of({"k0", "k25", "k26", "k29"}), "az");
    EXPECT_TRUE(letters.keywords_file().ends_with("25 k25\n"));
}

}  // namespace mailhold::deliver
