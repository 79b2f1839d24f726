// Excerpts: the window with the words in it, one clean line, hits that cover whole words.

#include <gmock/gmock.h>

#include "characters.hpp"
#include "mailhold/base/json.hpp"
#include "mailhold/search/excerpt.hpp"

namespace mailhold::search {
namespace {

using QueryKind = index::Query::Kind;

Sought word(std::string text, std::optional<index::Field> field = {},
            QueryKind kind = QueryKind::word)
{
    Sought sought;
    sought.leaf.kind = kind;
    sought.leaf.text = std::move(text);
    sought.leaf.field = field;
    return sought;
}

/// The excerpt with its hits between [ and ].
std::string marked(std::string_view text, const std::vector<Sought>& words,
                   std::size_t columns = 60, Part part = Part::body)
{
    Excerpt excerpt = excerpt_of(text, part, words, {"en"}, columns);
    for (auto hit = excerpt.hits.rbegin(); hit != excerpt.hits.rend(); ++hit) {
        excerpt.text.insert(hit->second, "]");
        excerpt.text.insert(hit->first, "[");
    }
    return excerpt.text;
}

TEST(Excerpt, MarksWordsAsTheyAreFound)
{
    EXPECT_EQ(marked("Steel pipes, cut to length", {word("pipe")}), "Steel [pipes], cut to length");
    EXPECT_EQ(marked("pipe and pipe", {word("pipe")}), "[pipe] and [pipe]");
    EXPECT_EQ(marked("the price list is here", {word("price list", {}, QueryKind::phrase)}),
              "the [price list] is here");
    EXPECT_EQ(marked("nothing of it", {word("pipe")}), "nothing of it");
    EXPECT_EQ(marked("", {word("pipe")}), "");
}

TEST(Excerpt, WordsOfOtherFieldsAreNotMarked)
{
    EXPECT_EQ(marked("pipe", {word("pipe", index::Field::subject)}), "pipe");
    EXPECT_EQ(marked("pipe", {word("pipe", index::Field::subject)}, 60, Part::subject), "[pipe]");
    EXPECT_EQ(marked("pipe", {word("pipe", index::Field::body)}), "[pipe]");
    EXPECT_EQ(marked("Bob <bob@x.example>", {word("bob", index::Field::from)}, 60, Part::from),
              "[Bob] <[bob]@x.example>");
}

TEST(Excerpt, IsOneCleanLine)
{
    EXPECT_EQ(
        marked("  Hi,\r\n\r\n\tthe   pipe\x1b[31m\x07 is\u200b here\u3000now\n", {word("pipe")}),
        "Hi, the [pipe][31m is here now");
    EXPECT_EQ(marked("the\xff\xfe pipe", {word("the")}), "[the] pipe");
}

TEST(Excerpt, ShowsTheWindowWithMostOfTheWords)
{
    std::string text;
    for (int i = 0; i < 50; ++i)
        text += "filler words ";
    text += "pipe alone ";
    for (int i = 0; i < 50; ++i)
        text += "filler words ";
    text += "steel and pipe together";
    const std::string shown = marked(text, {word("pipe"), word("steel")});
    EXPECT_EQ(shown, "\u2026words filler words [steel] and [pipe] together");
    EXPECT_EQ(marked(text, {word("pipe")}),
              "\u2026words filler words [pipe] alone filler words filler words\u2026");
}

TEST(Excerpt, KeepsToItsColumnsInWideCharactersToo)
{
    std::string text;
    for (int i = 0; i < 30; ++i)
        text += "\u6211\u4eec\u62a5\u4ef7\u5982\u4e0b";
    text += "\u4e0d\u9508\u94a2\u7ba1";
    for (int i = 0; i < 30; ++i)
        text += "\u8bf7\u67e5\u6536";
    for (const std::size_t columns : {10U, 23U, 40U, 61U}) {
        const Excerpt excerpt =
            excerpt_of(text, Part::body, {word("\u4e0d\u9508\u94a2")}, {"en"}, columns);
        std::size_t width = 0;
        for (std::size_t at = 0; at < excerpt.text.size();) {
            const Character character = character_at(excerpt.text, at);
            EXPECT_TRUE(character.is_printable);
            width += character.columns;
            at += character.bytes;
        }
        EXPECT_LE(width, columns + 1) << columns;  // … at the end
        EXPECT_THAT(excerpt.hits, testing::Not(testing::IsEmpty())) << columns;
    }
}

TEST(Excerpt, EveryCutOfATextIsHarmless)
{
    const std::string text =
        "Re: \u62a5\u4ef7\u5355 304\u4e0d\u9508\u94a2\u7ba1 \xf0\x9f\x93\x8e price list";
    for (std::size_t size = 0; size <= text.size(); ++size)
        for (std::size_t columns = 2; columns < 40; columns += 5)
            EXPECT_TRUE(is_utf8(marked(std::string_view(text).substr(0, size),
                                       {word("\u4e0d\u9508\u94a2"), word("list")}, columns)));
}

}  // namespace
}  // namespace mailhold::search
