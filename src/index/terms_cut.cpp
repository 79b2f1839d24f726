// Words stand at one place each, ideographs too; a pair of ideographs stands where its first does.

#include "terms_cut.hpp"

#include <algorithm>

namespace mailhold::index {

namespace {

constexpr std::size_t shortest_stemmed = 3;

bool is_stemmable(const Token& token) noexcept
{
    return (token.made & made_of::letters) != 0 &&
           (token.made & ~(made_of::letters | made_of::joints)) == 0 &&
           token.text.size() >= shortest_stemmed && token.text.size() < max_word_bytes;
}

}  // namespace

std::uint32_t Cutter::cut(std::string_view text, std::uint32_t first, std::uint32_t limit)
{
    Scanner scanner(text);
    Token token;
    std::uint32_t position = first;
    while (position < limit && scanner.next(token)) {
        if (token.ideograph)
            take_ideograph(token, position);
        else
            take_word(token, text, position);
        ++position;
    }
    end_compounds();
    return position;
}

void Cutter::take_ideograph(const Token& token, std::uint32_t position)
{
    end_compounds();
    receiver_.take({token.text, FormKind::plain, false, true, position, token.begin, token.end,
                    token.follows});
    if (token.follows) {
        std::copy(token.text.begin(), token.text.end(),
                  pair_.begin() + static_cast<long>(pair_size_));
        receiver_.take({{pair_.data(), pair_size_ + token.text.size()},
                        FormKind::pair,
                        false,
                        true,
                        position - 1,
                        pair_begin_,
                        token.end});
    }
    std::copy(token.text.begin(), token.text.end(), pair_.begin());
    pair_size_ = token.text.size();
    pair_begin_ = token.begin;
}

void Cutter::take_word(const Token& token, std::string_view text, std::uint32_t position)
{
    receiver_.take({token.text, FormKind::plain, is_stemmable(token), false, position, token.begin,
                    token.end, false, token.joint});
    if (token.made != made_of::letters && token.made != made_of::digits)
        add_inner_forms(token, FormsOfPlace(receiver_, position, token.begin, token.end));
    part_number_.follow(token, position, receiver_);
    spaced_name_.follow(token, text.substr(token.begin, token.end - token.begin), position,
                        receiver_);
    spaced_number_.follow(token, position, receiver_);
}

void Cutter::end_compounds()
{
    part_number_.end(receiver_);
    spaced_name_.end();
    spaced_number_.end(receiver_);
}

}  // namespace mailhold::index
