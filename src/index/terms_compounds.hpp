#pragma once
// Words that stand together as one name: part numbers (AB-1234/5.6), container numbers (MSKU
// 123456-5), names of standards (EN 10204), and numbers with spaces for thousands.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "terms_forms.hpp"
#include "terms_scan.hpp"

namespace mailhold::index {

/// What a word of a text is found by beside itself: its parts and other spellings.
void add_inner_forms(const Token& word, const FormsOfPlace& forms);

/// Whether words with this between them may be pieces of a part number.
bool joins(char joint) noexcept;

/// Words joined by - / . or _, with digits among them, are found without their joints, and so are
/// neighbours in short ones.
class PartNumber {
public:
    /// Goes on with `word`, or ends and starts anew with it.
    void follow(const Token& word, std::uint32_t position, FormReceiver& receiver);
    void end(FormReceiver& receiver);

private:
    static constexpr std::size_t most_pieces = 8;
    static constexpr std::size_t most_bytes = 40;

    struct Piece {
        std::size_t offset = 0;  ///< in text_
        std::size_t begin = 0;   ///< in the message's text
        std::size_t end = 0;
        std::uint32_t position = 0;
        bool has_digits = false;
    };

    void append(const Token& word, std::uint32_t position);
    void append_piece(std::string_view piece, const Token& word, std::uint32_t position);
    void add_run(std::size_t first, std::size_t last, FormReceiver& receiver) const;

    std::array<Piece, most_pieces> pieces_{};
    std::size_t count_ = 0;
    std::array<char, most_bytes> text_{};
    std::size_t size_ = 0;
    std::uint8_t made_ = 0;
    bool too_long_ = false;
};

/// Letters, then digits behind a space: containers (ISO 6346) in any grouping, standards and
/// models.
class SpacedName {
public:
    /// `original` is the word as it stands in the text.
    void follow(const Token& word, std::string_view original, std::uint32_t position,
                FormReceiver& receiver);
    void end() noexcept { prefix_.clear(); }

private:
    void begin(const Token& word, std::string_view original, std::uint32_t position);
    void add_digits(const Token& word, FormReceiver& receiver);

    std::string prefix_;  ///< empty: none begun
    std::string digits_;
    std::size_t begin_ = 0;
    std::uint32_t position_ = 0;
    bool is_container_ = false;
    bool is_upper_ = false;
};

/// 1'250.00, and the same with narrow or no-break spaces.
class SpacedNumber {
public:
    void follow(const Token& word, std::uint32_t position, FormReceiver& receiver);
    void end(FormReceiver& receiver);

private:
    std::string number_;  ///< without its spaces; empty: none begun
    std::size_t groups_ = 0;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    std::uint32_t position_ = 0;
};

}  // namespace mailhold::index
