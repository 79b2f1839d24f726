// Spellings that span several words, and parts of one.

#include "terms_compounds.hpp"

#include <algorithm>

#include "terms_numbers.hpp"

namespace mailhold::index {

namespace {

constexpr std::size_t short_pieces = 4;
constexpr std::size_t fewest_digits_alone = 6;  // 24/7 and 1/2 are not 247 and 12
constexpr std::size_t container_letters = 4;
constexpr std::size_t container_digits = 7;  // the last one checks the others
constexpr std::size_t shortest_part = 3;     // behind an apostrophe

bool is_made_of(const Token& word, std::uint8_t what) noexcept
{
    return word.made == what;
}

bool is_upper(char c) noexcept
{
    return c >= 'A' && c <= 'Z';
}

bool is_lower(char c) noexcept
{
    return c >= 'a' && c <= 'z';
}

bool is_digit(char c) noexcept
{
    return c >= '0' && c <= '9';
}

/// Owner code and category (U, J, Z) of ISO 6346.
bool begins_container(std::string_view word) noexcept
{
    return word.size() >= container_letters &&
           std::all_of(word.begin(), word.begin() + container_letters, is_lower) &&
           (word[3] == 'u' || word[3] == 'j' || word[3] == 'z');
}

bool is_container(std::string_view word) noexcept
{
    return word.size() == container_letters + container_digits && begins_container(word) &&
           std::all_of(word.begin() + container_letters, word.end(), is_digit);
}

std::string_view without_suffix(std::string_view word) noexcept
{
    return word.substr(0, word.find_last_not_of("+#") + 1);
}

void add_container_parts(std::string_view container, const FormsOfPlace& forms)
{
    forms.part(container.substr(0, container_letters));
    forms.part(container.substr(container_letters));
    forms.part(container.substr(0, container.size() - 1));
}

/// O'Neill, l'acier, ACME's, AT&T; but "don't" has no parts.
void add_joint_forms(std::string_view word, const FormsOfPlace& forms)
{
    const std::size_t joint = word.find_first_of("'&");
    const std::string_view behind = word.substr(joint + 1);
    std::string squashed(word);
    if (word[joint] == '\'' && behind == "s")
        forms.part(word.substr(0, joint));
    if (word[joint] == '\'' && behind.size() < shortest_part)
        return;
    if (word[joint] == '\'')
        forms.part(behind);
    std::erase_if(squashed, [](char c) { return c == '\'' || c == '&'; });
    forms.spelling(squashed);
}

/// Calls `visit` with what stands between underscores.
template <class Visit>
void for_each_piece(std::string_view word, const Visit& visit)
{
    while (!word.empty()) {
        const std::size_t end = std::min(word.find('_'), word.size());
        if (end > 0)
            visit(word.substr(0, end));
        word.remove_prefix(std::min(end + 1, word.size()));
    }
}

}  // namespace

bool joins(char joint) noexcept
{
    return joint == '-' || joint == '/' || joint == '.';
}

void add_inner_forms(const Token& word, const FormsOfPlace& forms)
{
    const std::string_view bare = without_suffix(word.text);
    for_each_piece(bare, [&](std::string_view piece) {
        if (piece.size() != word.text.size())
            forms.part(piece);
        if (piece.find_first_of("'&") != std::string_view::npos)
            add_joint_forms(piece, forms);
        else if (is_container(piece))
            add_container_parts(piece, forms);
        else if (std::any_of(piece.begin(), piece.end(), is_digit))
            add_number_forms(piece, forms);
    });
}

void PartNumber::follow(const Token& word, std::uint32_t position, FormReceiver& receiver)
{
    if (count_ > 0 && !joins(word.joint))
        end(receiver);
    append(word, position);
}

void PartNumber::append(const Token& word, std::uint32_t position)
{
    made_ |= word.made;
    if ((word.made & ~(made_of::letters | made_of::digits)) == 0) {
        append_piece(word.text, word, position);
        return;
    }
    for_each_piece(without_suffix(word.text),
                   [&](std::string_view piece) { append_piece(piece, word, position); });
}

void PartNumber::append_piece(std::string_view piece, const Token& word, std::uint32_t position)
{
    too_long_ = too_long_ || count_ == most_pieces || size_ + piece.size() > most_bytes;
    if (too_long_) {
        count_ = std::max<std::size_t>(count_, 1);  // begun, so that its joints are followed
        return;
    }
    pieces_[count_++] = {size_, word.begin, word.end, position, false};
    bool& has_digits = pieces_[count_ - 1].has_digits;
    for (const char c : piece) {
        if (c == ',' || c == '.' || c == ';' || c == '\'' || c == '&')
            continue;
        has_digits = has_digits || is_digit(c);
        text_[size_++] = c;
    }
}

void PartNumber::end(FormReceiver& receiver)
{
    const bool has_digits = (made_ & made_of::digits) != 0;
    const bool has_letters = (made_ & made_of::letters) != 0;
    if (count_ > 1 && has_digits && !too_long_ && (has_letters || size_ >= fewest_digits_alone)) {
        add_run(0, count_ - 1, receiver);
        for (std::size_t first = 0; has_letters && count_ <= short_pieces && first < count_;
             ++first)
            for (std::size_t last = first + 1; last < count_; ++last)
                if (last - first + 1 < count_)
                    add_run(first, last, receiver);
    }
    count_ = size_ = 0;
    made_ = 0;
    too_long_ = false;
}

void PartNumber::add_run(std::size_t first, std::size_t last, FormReceiver& receiver) const
{
    if (std::none_of(pieces_.begin() + static_cast<long>(first),
                     pieces_.begin() + static_cast<long>(last) + 1,
                     [](const Piece& piece) { return piece.has_digits; }))
        return;
    const std::size_t end = last + 1 < count_ ? pieces_[last + 1].offset : size_;
    const std::string_view text(text_.data() + pieces_[first].offset, end - pieces_[first].offset);
    const FormsOfPlace forms(receiver, pieces_[first].position, pieces_[first].begin,
                             pieces_[last].end);
    if (last - first + 1 == count_)
        forms.spelling(text);
    else
        forms.part(text);
}

void SpacedName::follow(const Token& word, std::string_view original, std::uint32_t position,
                        FormReceiver& receiver)
{
    const bool follows =
        !prefix_.empty() && (word.joint == ' ' || word.joint == narrow_space || joins(word.joint));
    if (follows && (word.made & made_of::digits) != 0)
        add_digits(word, receiver);
    else
        begin(word, original, position);
}

void SpacedName::begin(const Token& word, std::string_view original, std::uint32_t position)
{
    prefix_.clear();
    digits_.clear();
    is_container_ = word.text.size() == container_letters && begins_container(word.text);
    is_upper_ = word.text.size() >= 2 && word.text.size() <= 5 &&
                std::all_of(original.begin(), original.end(), is_upper);
    if (!is_made_of(word, made_of::letters) || (!is_container_ && !is_upper_))
        return;
    prefix_ = word.text;
    begin_ = word.begin;
    position_ = position;
}

void SpacedName::add_digits(const Token& word, FormReceiver& receiver)
{
    const bool is_number = is_made_of(word, made_of::digits);
    const FormsOfPlace forms(receiver, position_, begin_, word.end);
    if (is_upper_ && word.joint == ' ' && word.text.size() >= 2 &&
        (word.made & ~(made_of::letters | made_of::digits)) == 0 && digits_.empty() &&
        is_digit(word.text.front()))
        forms.spelling(prefix_ + std::string(word.text));
    digits_ += word.text;
    if (!is_number || !is_container_ || digits_.size() > container_digits) {
        prefix_.clear();
        return;
    }
    if (digits_.size() < container_digits)
        return;
    if (digits_ != word.text) {  // else the name above is the same
        forms.spelling(prefix_ + digits_);
        forms.part(digits_);
    } else if (!is_upper_ || word.joint != ' ')
        forms.spelling(prefix_ + digits_);
    forms.part(prefix_ + digits_.substr(0, container_digits - 1));
    prefix_.clear();
}

void SpacedNumber::follow(const Token& word, std::uint32_t position, FormReceiver& receiver)
{
    const bool goes_on = !number_.empty() && (word.joint == '\'' || word.joint == narrow_space) &&
                         word.text.find_first_not_of("0123456789") >= 3 && word.text.size() >= 3 &&
                         (word.text.size() == 3 || !is_digit(word.text[3]));
    if (goes_on) {
        number_ += word.text;
        ++groups_;
        end_ = word.end;
    } else {
        end(receiver);
    }
    if (is_made_of(word, made_of::digits) && word.text.size() <= 3 && !goes_on) {
        number_ = word.text;
        groups_ = 1;
        begin_ = word.begin;
        position_ = position;
    } else if (!is_made_of(word, made_of::digits)) {
        end(receiver);
    }
}

void SpacedNumber::end(FormReceiver& receiver)
{
    if (groups_ > 1) {
        const FormsOfPlace forms(receiver, position_, begin_, end_);
        const Readings readings = readings_of(number_);
        forms.spelling(readings.main);
        forms.part(readings.whole);
    }
    number_.clear();
    groups_ = 0;
}

}  // namespace mailhold::index
