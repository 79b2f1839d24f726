#pragma once
// Words to terms: how text is cut when it is indexed, and what a query's word looks for. Both sides
// are here, so that they cannot differ. docs/format.md, Terms, has the rules.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mailhold/index/query.hpp"
#include "mailhold/mail/searchable.hpp"

namespace mailhold::index {

/// Rules of docs/format.md, Terms and Shards; stands in each shard's journal event. A shard of
/// another number is not searched but built anew.
inline constexpr std::uint64_t terms_schema = 6;

/// Snowball stemmers by ISO 639-1 name ("en", "de"); unknown ones throw usage, naming the known.
/// None is right too: words are then found as they are.
using Languages = std::vector<std::string>;

/// Places of one message; words behind the last are not found. Bounds a message's terms.
inline constexpr std::uint32_t max_positions = 200'000;

/// Receives the terms of one message.
class TermSink {
public:
    virtual ~TermSink() = default;
    /// A word, or another spelling or part of it, at a place in the text. Places are from 1, with
    /// gaps between fields, and come nearly in order; a term may come twice at a place.
    virtual void at(std::string_view term, std::uint32_t position) = 0;
    /// A term that stands at no place: stems, Message-IDs.
    virtual void add(std::string_view term) = 0;
};

/// Not for sharing by threads.
class TermMaker {
public:
    explicit TermMaker(const Languages& languages);
    ~TermMaker();
    TermMaker(TermMaker&&) noexcept;

    /// Terms hold no NUL and have at most 200 bytes. Throws what `sink` throws.
    void add_message(const mail::Searchable& message, TermSink& sink);

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// What a word of a query looks for.
struct TermQuery {
    enum class Op : std::uint8_t {
        term,       ///< `text`
        prefix,     ///< any term that begins with `text` and has one of `marks` behind it
        ideograph,  ///< `text` alone or as the first of a pair, with one of `marks` behind it
        phrase,     ///< `parts` at neighbouring places in their order: Op::term, prefix, ideograph,
                    ///< or any_of of such
        any_of,
        nothing,  ///< a text without words, such as "--"
    };
    Op op = Op::nothing;
    std::string text;
    std::string marks;  ///< docs/format.md, Terms; 0 for none
    std::vector<TermQuery> parts;
};

/// `leaf` is of kind word, exact_word, phrase, prefix, message_id, refers_to or has_attachment;
/// another throws bug. A word of any field asks for some dozens of terms, most of which no shard
/// has: neighbours, so that dropping those first is cheap.
TermQuery terms_for(const Query& leaf, const Languages& languages);

/// Letters of any script in lower case, accents kept: for names that are compared as a whole.
std::string in_lower_case(std::string_view utf8);

/// The words of a text as the index sees them, with their byte ranges: for marking hits.
struct Word {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::string term;  ///< unmarked, unstemmed
};
std::vector<Word> words_of(std::string_view text);

/// Byte ranges of `text`, sorted and apart, that a leaf's word stands for: "marks" hits in a
/// snippet.
std::vector<std::pair<std::size_t, std::size_t>> hits_in(std::string_view text, const Query& leaf,
                                                         const Languages& languages);

}  // namespace mailhold::index
