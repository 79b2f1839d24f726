#pragma once
// What a text is found by, before marks are put on: each word, and beside it other spellings of it
// and the parts that people look for (docs/format.md, Terms).

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mailhold::index {

enum class FormKind : std::uint8_t {
    plain,     ///< the word itself, or an ideograph
    pair,      ///< of ideographs, at the place of the first
    spelling,  ///< all that stands in the range, spelt otherwise: 1250 for 1,250.00
    part,      ///< less than what stands in the range: usd of USD1250
};

/// Not derived from it.
inline bool stands_in_text(FormKind kind) noexcept
{
    return kind == FormKind::plain || kind == FormKind::pair;
}

struct Form {
    std::string_view text;  ///< valid during the call
    FormKind kind = FormKind::plain;
    bool stemmable = false;  ///< a plain word of letters
    bool ideograph = false;
    std::uint32_t position = 0;
    std::size_t begin = 0;  ///< in the text, bytes
    std::size_t end = 0;
    bool follows = false;  ///< an ideograph that goes on from the one before
    char joint = 0;        ///< of a plain word, as in Token
};

class FormReceiver {
public:
    virtual ~FormReceiver() = default;
    virtual void take(const Form& form) = 0;
};

/// Hands on spellings and parts of one place.
class FormsOfPlace {
public:
    FormsOfPlace(FormReceiver& receiver, std::uint32_t position, std::size_t begin, std::size_t end)
        : receiver_(receiver), position_(position), begin_(begin), end_(end)
    {
    }

    void spelling(std::string_view text) const { hand_on(text, FormKind::spelling); }
    void part(std::string_view text) const { hand_on(text, FormKind::part); }

private:
    void hand_on(std::string_view text, FormKind kind) const
    {
        if (!text.empty())
            receiver_.take({text, kind, false, false, position_, begin_, end_});
    }

    FormReceiver& receiver_;
    std::uint32_t position_;
    std::size_t begin_;
    std::size_t end_;
};

}  // namespace mailhold::index
