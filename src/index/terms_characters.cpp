// Folding of characters that are not ASCII: case, accents, full and half width, ligatures, and the
// decomposed forms that macOS uses in file names. A small part of Unicode's NFKC, chosen by what
// mail and text drawn from PDF files hold.

#include "terms_characters.hpp"

#include <algorithm>
#include <optional>

#include <xapian.h>

#include "mailhold/index/terms.hpp"

namespace mailhold::index {

namespace {

bool within(char32_t c, char32_t first, char32_t last) noexcept
{
    return c >= first && c <= last;
}

// Letters without their accents, in lower case; '*' where there is no one ASCII letter.
constexpr std::string_view latin_letters  // U+00C0 to U+017F
    = "aaaaaa*ceeeeiiiidnooooo*ouuuuy**aaaaaa*ceeeeiiiidnooooo*ouuuuy*y"
      "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii**jjkk*llllll*"
      "*llnnnnnn***oooooo**rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
constexpr std::string_view rarer_latin_letters  // U+0180 to U+024F
    = "********************************oo*************uu***************"
      "*************aaiioouuuuuuuuuu*aaaa****ggkkoooo**j***gg**nnaa****"
      "aaaaeeeeiiiioooorrrruuuusstt**hh******aaeeooooooooyy************"
      "****************";
constexpr std::string_view more_latin_letters  // U+1E00 to U+1EFF
    = "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmm"
      "mmmmnnnnnnnnoooooooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvv"
      "wwwwwwwwwwxxxxyyzzzzzzhtwy*s****aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee"
      "eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy******";
// Text drawn from PDF files has these radicals (U+2F00 to U+2FD5) in place of characters.
constexpr std::u32string_view radicals =
    U"一丨丶丿乙亅二亠人儿入八冂冖冫几凵刀力勹匕匚匸十卜卩厂厶又口囗土士夂夊夕大女子宀寸小尢尸屮山"
    U"巛工己巾干幺广廴廾弋弓彐彡彳心戈戶手支攴文斗斤方无日曰月木欠止歹殳毋比毛氏气水火爪父爻爿片牙"
    U"牛犬玄玉瓜瓦甘生用田疋疒癶白皮皿目矛矢石示禸禾穴立竹米糸缶网羊羽老而耒耳聿肉臣自至臼舌舛舟艮"
    U"色艸虍虫血行衣襾見角言谷豆豕豸貝赤走足身車辛辰辵邑酉釆里金長門阜隶隹雨靑非面革韋韭音頁風飛食"
    U"首香馬骨高髟鬥鬯鬲鬼魚鳥鹵鹿麥麻黃黍黑黹黽鼎鼓鼠鼻齊齒龍龜龠";
constexpr std::u32string_view half_width_kana  // U+FF66 to U+FF9D
    = U"ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメ"
      U"モヤユヨラリルレロワン";

/// nullopt: no letter of these tables.
std::optional<char> unaccented(char32_t c) noexcept
{
    char letter = '*';
    if (within(c, 0xc0, 0x17f))
        letter = latin_letters[c - 0xc0];
    else if (within(c, 0x180, 0x24f))
        letter = rarer_latin_letters[c - 0x180];
    else if (within(c, 0x1e00, 0x1eff))
        letter = more_latin_letters[c - 0x1e00];
    return letter == '*' ? std::nullopt : std::optional(letter);
}

struct Spelling {
    char32_t character;
    std::string_view text;
};

// By character. Letters that are written as several, ligatures, and units in one square.
constexpr std::array spellings = std::to_array<Spelling>({
    {0xb2, "2"},     {0xb3, "3"},     {0xb9, "1"},     {0xc6, "ae"},    {0xde, "th"},
    {0xdf, "ss"},    {0xe6, "ae"},    {0xfe, "th"},    {0x132, "ij"},   {0x133, "ij"},
    {0x138, "k"},    {0x13f, "l"},    {0x140, "l"},    {0x149, "n"},    {0x14a, "n"},
    {0x14b, "n"},    {0x152, "oe"},   {0x153, "oe"},   {0x1e9e, "ss"},  {0x338e, "mg"},
    {0x338f, "kg"},  {0x3396, "ml"},  {0x339c, "mm"},  {0x339d, "cm"},  {0x339e, "km"},
    {0x339f, "mm2"}, {0x33a0, "cm2"}, {0x33a1, "m2"},  {0x33a2, "km2"}, {0x33a3, "mm3"},
    {0x33a4, "cm3"}, {0x33a5, "m3"},  {0x33a9, "pa"},  {0x33aa, "kpa"}, {0x33ab, "mpa"},
    {0x33b8, "kv"},  {0x33be, "kw"},  {0x33bf, "mw"},  {0xfb00, "ff"},  {0xfb01, "fi"},
    {0xfb02, "fl"},  {0xfb03, "ffi"}, {0xfb04, "ffl"}, {0xfb05, "st"},  {0xfb06, "st"},
});

std::string_view spelling_of(char32_t c) noexcept
{
    const auto* found = std::lower_bound(
        spellings.begin(), spellings.end(), c,
        [](const Spelling& spelling, char32_t wanted) { return spelling.character < wanted; });
    return found != spellings.end() && found->character == c ? found->text : std::string_view();
}

bool is_ignored(char32_t c) noexcept
{
    return within(c, 0x300, 0x36f) || c == 0xad || within(c, 0x200b, 0x200d) || c == 0x2060 ||
           within(c, 0xfe00, 0xfe0f) || c == 0xfeff;
}

/// The ASCII form of a separator; 0: it has none.
char plain_separator(char32_t c) noexcept
{
    if (within(c, 0x2010, 0x2015) || c == 0x2212)
        return '-';
    if (c == 0x2019 || c == 0x201b || c == 0x2bc)
        return '\'';
    if (c == 0xa0 || c == 0x2007 || c == 0x2009 || c == 0x202f)
        return narrow_space;
    return c == 0x3000 ? ' ' : '\0';
}

bool is_ideograph(char32_t c) noexcept
{
    if (within(c, 0x3041, 0x30ff))  // without the dots and marks between them
        return c != 0x30a0 && c != 0x30fb && !within(c, 0x3097, 0x309c);
    return within(c, 0x4e00, 0x9fff) || within(c, 0xac00, 0xd7a3) || within(c, 0x3400, 0x4dbf) ||
           within(c, 0x2e80, 0x2fd5) || within(c, 0x3005, 0x3007) || within(c, 0x3021, 0x3029) ||
           within(c, 0x3105, 0x318e) || within(c, 0x31a0, 0x31ff) || within(c, 0xf900, 0xfaff) ||
           within(c, 0x1100, 0x11ff) || within(c, 0x20000, 0x3fffd);
}

/// `kana` with its voicing mark, or itself where the two make no character.
char32_t voiced(char32_t kana, bool half) noexcept
{
    const char32_t shift = kana >= 0x30a0 ? 0x60 : 0;  // katakana lie like hiragana
    const char32_t c = kana - shift;
    const bool twofold = within(c, 0x306f, 0x307b) && (c - 0x306f) % 3 == 0;  // は to ほ
    if (twofold)
        return kana + (half ? 2 : 1);
    if (half)
        return kana;
    if (c == 0x3046)
        return 0x3094 + shift;
    const bool single = (within(c, 0x304b, 0x3061) && c % 2 == 1)      // か to ち
                        || c == 0x3064 || c == 0x3066 || c == 0x3068;  // つ, て, と
    return single ? kana + 1 : kana;
}

struct Composed {
    char32_t character = 0;  ///< 0: a broken byte, or the end
    std::size_t bytes = 1;
};

Composed decoded(std::string_view text, std::size_t at) noexcept
{
    if (at >= text.size())
        return {};
    Xapian::Utf8Iterator here(text.data() + at, text.size() - at);
    const char32_t character = *here;
    const auto bytes = static_cast<std::size_t>((++here).raw() - (text.data() + at));
    // Xapian takes a broken byte for Latin-1: one byte, not ASCII.
    return bytes == 1 && character >= 0x80 ? Composed{} : Composed{character, bytes};
}

char32_t peek(std::string_view text, std::size_t at) noexcept
{
    return decoded(text, at).character;
}

constexpr std::size_t jamo_bytes = 3;  // in UTF-8, like the voicing marks

Composed with_voicing(Composed kana, std::string_view text, std::size_t at) noexcept
{
    const char32_t mark = peek(text, at + kana.bytes);
    const bool full = mark == 0x3099 || mark == 0xff9e;
    const bool half = mark == 0x309a || mark == 0xff9f;
    if (!full && !half)
        return kana;
    return {voiced(kana.character, half), kana.bytes + jamo_bytes};
}

/// Hangul from its letters (Unicode 3.12).
Composed with_jamo(Composed lead, std::string_view text, std::size_t at) noexcept
{
    const char32_t vowel = peek(text, at + lead.bytes);
    if (!within(lead.character, 0x1100, 0x1112) || !within(vowel, 0x1161, 0x1175))
        return lead;
    const char32_t syllable = 0xac00 + ((lead.character - 0x1100) * 21 + (vowel - 0x1161)) * 28;
    const char32_t tail = peek(text, at + lead.bytes + jamo_bytes);
    if (!within(tail, 0x11a8, 0x11c2))
        return {syllable, lead.bytes + jamo_bytes};
    return {syllable + (tail - 0x11a7), lead.bytes + 2 * jamo_bytes};
}

Composed composed(char32_t c, std::size_t bytes, std::string_view text, std::size_t at) noexcept
{
    if (within(c, 0xff66, 0xff9d))
        c = half_width_kana[c - 0xff66];
    else if (within(c, 0x2f00, 0x2fd5))
        c = radicals[c - 0x2f00];
    if (within(c, 0x3041, 0x30ff))
        return with_voicing({c, bytes}, text, at);
    if ((c == 0x418 || c == 0x438) && peek(text, at + bytes) == 0x306)
        return {c + 1, bytes + 2};  // й: a letter of its own, which stemmers know
    return within(c, 0x1100, 0x1112) ? with_jamo({c, bytes}, text, at) : Composed{c, bytes};
}

/// Case, and the accents of Greek and Cyrillic letters but й.
char32_t lowered(char32_t c) noexcept
{
    switch (const char32_t lower = Xapian::Unicode::tolower(c)) {
    case 0x3ac:
        return 0x3b1;
    case 0x3ad:
        return 0x3b5;
    case 0x3ae:
        return 0x3b7;
    case 0x390:
    case 0x3af:
    case 0x3ca:
        return 0x3b9;
    case 0x3b0:
    case 0x3cd:
    case 0x3cb:
        return 0x3c5;
    case 0x3c2:
        return 0x3c3;
    case 0x3cc:
        return 0x3bf;
    case 0x3ce:
        return 0x3c9;
    case 0x451:
        return 0x435;
    case 0x453:
        return 0x433;
    case 0x45c:
        return 0x43a;
    case 0x457:
        return 0x456;
    case 0x45e:
        return 0x443;
    default:
        return lower;
    }
}

Character with_text(CharacterKind kind, std::uint8_t made, std::string_view text) noexcept
{
    Character character{.kind = kind, .made = made};
    character.size = static_cast<std::uint8_t>(text.size());
    std::copy(text.begin(), text.end(), character.text.begin());
    return character;
}

Character encoded(CharacterKind kind, char32_t c) noexcept
{
    Character character{.kind = kind, .made = made_of::letters};
    character.size = static_cast<std::uint8_t>(Xapian::Unicode::to_utf8(c, character.text.data()));
    return character;
}

std::uint8_t made_of_text(std::string_view text) noexcept
{
    std::uint8_t made = 0;
    for (const char c : text)
        made |= ascii_character(c).made;
    return made;
}

std::optional<char> raised_digit(char32_t c) noexcept
{
    if (c == 0x2070 || within(c, 0x2074, 0x2079))
        return static_cast<char>('0' + (c - 0x2070));
    if (within(c, 0x2080, 0x2089))
        return static_cast<char>('0' + (c - 0x2080));
    return std::nullopt;
}

/// Of characters with an ASCII form.
std::optional<Character> ascii_form(char32_t c) noexcept
{
    if (within(c, 0xff01, 0xff5e))  // full width
        return ascii_character(static_cast<char>(c - 0xfee0));
    if (const auto letter = unaccented(c))
        return ascii_character(*letter);
    if (const auto digit = raised_digit(c))
        return ascii_character(*digit);
    if (const std::string_view spelled = spelling_of(c); !spelled.empty())
        return with_text(CharacterKind::word, made_of_text(spelled), spelled);
    if (const char separator = plain_separator(c); separator != 0)
        return with_text(CharacterKind::separator, 0, {&separator, 1});
    return std::nullopt;
}

/// Ø25 and Φ25 are diameters: the letter is no part of the number.
bool is_diameter(char32_t c, std::string_view behind) noexcept
{
    const bool sign = c == 0xd8 || c == 0xf8 || c == 0x3a6 || c == 0x3c6;
    return sign && !behind.empty() && behind.front() >= '0' && behind.front() <= '9';
}

Character folded(char32_t c) noexcept
{
    if (is_ideograph(c))
        return encoded(CharacterKind::ideograph, c);
    if (const auto ascii = ascii_form(c))
        return *ascii;
    if (is_ignored(c))
        return Character{.kind = CharacterKind::ignored};
    if (!Xapian::Unicode::is_wordchar(c))
        return Character{};
    const char32_t lower = lowered(c);
    if (const auto ascii = ascii_form(lower); ascii && lower != c)  // of signs such as U+212B
        return *ascii;
    return encoded(CharacterKind::word, lower);
}

}  // namespace

Character wide_character_at(std::string_view text, std::size_t at) noexcept
{
    const Composed first = decoded(text, at);
    if (first.character == 0)
        return Character{};
    const Composed whole = composed(first.character, first.bytes, text, at);
    Character character = is_diameter(whole.character, text.substr(at + whole.bytes))
                              ? Character{}
                              : folded(whole.character);
    character.bytes = static_cast<std::uint8_t>(whole.bytes);
    return character;
}

std::string in_lower_case(std::string_view utf8)
{
    std::string lower;
    for (Xapian::Utf8Iterator c(utf8.data(), utf8.size()); c != Xapian::Utf8Iterator(); ++c)
        Xapian::Unicode::append_utf8(lower, Xapian::Unicode::tolower(*c));
    return lower;
}

bool runs_across_lines(std::string_view ideograph) noexcept
{
    const char32_t c = peek(ideograph, 0);
    return !within(c, 0xac00, 0xd7a3) && !within(c, 0x1100, 0x11ff) && !within(c, 0x3131, 0x318e);
}

}  // namespace mailhold::index
