// Words by Xapian's rules: initials lose their dots, some marks stand inside words and numbers, and
// up to three + or # behind one (C++, C#).

#include "terms_scan.hpp"

#include <algorithm>

namespace mailhold::index {

namespace {

// A line this long was broken by a program, not by its author: Chinese goes on in the next.
constexpr std::size_t wrapped_line_bytes = 60;
// A list such as "1,2,3" is one word by Xapian's rules; beyond this it is cut at a comma.
constexpr std::size_t long_list_bytes = 40;
constexpr int most_suffixes = 3;

bool is_upper(std::string_view text, std::size_t at) noexcept
{
    return at < text.size() && text[at] >= 'A' && text[at] <= 'Z';
}

}  // namespace

bool Scanner::next(Token& token) noexcept
{
    while (at_ < text_.size()) {
        const Character character = character_at(text_, at_);
        if (character.kind == CharacterKind::ideograph) {
            take_ideograph(character, token);
            return true;
        }
        if (character.kind != CharacterKind::word) {
            at_ += character.bytes;
            continue;
        }
        take_word(token);
        if ((token.made & (made_of::letters | made_of::digits)) != 0)
            return true;
    }
    return false;
}

void Scanner::take_ideograph(const Character& character, Token& token) noexcept
{
    token.begin = at_;
    token.joint = joint_before(at_);
    token.follows = goes_on(at_, character.folded());
    token.ideograph = true;
    token.made = 0;
    std::copy_n(character.text.data(), character.size, word_.data());
    token.text = {word_.data(), character.size};
    at_ += character.bytes;
    token.end = at_;
    skip_ignored();
    previous_end_ = at_;
    after_token_ = after_ideograph_ = true;
}

void Scanner::take_word(Token& token) noexcept
{
    token.begin = at_;
    token.joint = joint_before(at_);
    token.ideograph = token.follows = false;
    size_ = 0;
    made_ = 0;
    full_ = false;
    if (take_initials()) {
        previous_end_ = at_;
    } else {
        take_parts();
        take_suffix();
    }
    token.text = {word_.data(), size_};
    token.made = made_;
    token.end = previous_end_;
    after_token_ = true;
    after_ideograph_ = false;
}

/// "U.S.A." is "usa"; "J.Smith" are no initials, nor is a single letter. More than a word holds are
/// none either: each letter of an endless row would look through the rest of it.
bool Scanner::take_initials() noexcept
{
    if (!is_upper(text_, at_) || at_ + 1 >= text_.size() || text_[at_ + 1] != '.')
        return false;
    std::size_t at = at_;
    do {
        append(character_at(text_, at++));
    } while (!full_ && at < text_.size() && text_[at] == '.' && is_upper(text_, ++at));
    if (!full_ && size_ > 1 && look(at).kind != CharacterKind::word) {
        at_ = at;
        return true;
    }
    size_ = 0;
    made_ = 0;
    full_ = false;
    return false;
}

/// Most words are ASCII and short.
void Scanner::take_ascii_run() noexcept
{
    while (at_ < text_.size() && size_ < max_word_bytes) {
        const auto byte = static_cast<unsigned char>(text_[at_]);
        if (byte >= 0x80 || ascii_characters[byte].kind != CharacterKind::word)
            return;
        word_[size_++] = ascii_characters[byte].text[0];
        made_ |= ascii_characters[byte].made;
        ++at_;
    }
}

void Scanner::take_parts() noexcept
{
    while (true) {
        take_ascii_run();
        skip_ignored();
        Character character = look(at_);
        while (character.kind == CharacterKind::word) {
            append(character);
            at_ += character.bytes;
            skip_ignored();
            character = look(at_);
        }
        const bool after_digit = size_ > 0 && word_[size_ - 1] >= '0' && word_[size_ - 1] <= '9';
        if (character.kind != CharacterKind::separator || !take_infix(after_digit))
            return;
    }
}

/// Steps over a mark inside the word.
bool Scanner::take_infix(bool after_digit) noexcept
{
    const Character mark = look(at_);
    const Character next = look(at_ + mark.bytes);
    if (mark.size != 1 || next.kind != CharacterKind::word)
        return false;
    const char c = mark.text[0];
    const bool in_number = after_digit && (next.made & made_of::digits) != 0;
    const bool fits = in_number ? c == ',' || c == '.' || c == ';' : c == '\'' || c == '&';
    if (!fits || size_ >= long_list_bytes)
        return false;
    append(mark);
    made_ |= in_number ? made_of::number_marks : made_of::joints;
    at_ += mark.bytes;
    return true;
}

/// Steps over more than it takes, and sets the word's end.
void Scanner::take_suffix() noexcept
{
    const std::size_t bare = size_;
    previous_end_ = at_;
    int count = 0;
    for (Character mark = look(at_); mark.size == 1 && (mark.text[0] == '+' || mark.text[0] == '#');
         mark = look(at_)) {
        if (++count > most_suffixes)
            break;
        append(mark);
        at_ += mark.bytes;
    }
    // "fish+chips" are two words.
    if (count > most_suffixes || look(at_).kind == CharacterKind::word)
        size_ = bare;
    if (size_ == bare)
        return;
    made_ |= made_of::suffix;
    previous_end_ = at_;
}

/// The rest of a word that is too long is dropped.
void Scanner::append(const Character& character) noexcept
{
    made_ |= character.made;
    full_ = full_ || size_ + character.size > max_word_bytes;
    if (full_)
        return;
    // All four bytes, whatever they hold, where there is room: a fixed length is one instruction.
    if (size_ + character.text.size() <= word_.size())
        std::copy_n(character.text.data(), character.text.size(), word_.data() + size_);
    else
        std::copy_n(character.text.data(), character.size, word_.data() + size_);
    size_ += character.size;
}

void Scanner::skip_ignored() noexcept
{
    while (at_ < text_.size() && static_cast<unsigned char>(text_[at_]) >= 0x80) {
        const Character character = wide_character_at(text_, at_);
        if (character.kind != CharacterKind::ignored)
            return;
        at_ += character.bytes;
    }
}

/// A separator that is nothing, at the end.
Character Scanner::look(std::size_t at) const noexcept
{
    return at < text_.size() ? character_at(text_, at) : Character{};
}

char Scanner::joint_before(std::size_t begin) const noexcept
{
    if (!after_token_ || begin == previous_end_)
        return 0;
    const Character gap = character_at(text_, previous_end_);
    return gap.size == 1 && previous_end_ + gap.bytes == begin ? gap.text[0] : '\0';
}

bool Scanner::goes_on(std::size_t begin, std::string_view ideograph) const noexcept
{
    if (!after_ideograph_ || begin == previous_end_)
        return after_ideograph_;
    const std::string_view gap = text_.substr(previous_end_, begin - previous_end_);
    if (gap.find_first_not_of(" \t\r\n>") != std::string_view::npos ||
        std::count(gap.begin(), gap.end(), '\n') != 1 || !runs_across_lines(ideograph))
        return false;
    const std::size_t looked_at = std::min(previous_end_, wrapped_line_bytes);
    const std::string_view line = text_.substr(previous_end_ - looked_at, looked_at);
    return looked_at == wrapped_line_bytes && line.find('\n') == std::string_view::npos;
}

}  // namespace mailhold::index
