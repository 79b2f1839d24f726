// Words, quotes, parentheses, dashes and fields.

#include "lexer.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "mailhold/base/json.hpp"

#include "fields.hpp"

namespace mailhold::search {

namespace {

/// Also the wide space that Chinese and Japanese keyboards write, and the one that does not break.
constexpr std::string_view spaces[] = {" ", "\t", "\n", "\r", "\u3000", "\u00a0"};
/// Word processors make them of plain ones.
constexpr std::string_view quotes[] = {"\"", "\u201c", "\u201d", "\u201e"};
constexpr std::string_view colons[] = {":", "\uff1a"};

/// Bytes of the one of `signs` that `text` begins with; 0 for none.
template <std::size_t Count>
std::size_t length_of(const std::string_view (&signs)[Count], std::string_view text)
{
    for (const std::string_view sign : signs)
        if (text.starts_with(sign))
            return sign.size();
    return 0;
}

bool is_name_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
}

bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

class Lexer {
public:
    explicit Lexer(std::string_view query) : query_(query) {}

    std::vector<Token> run()
    {
        for (skip_spaces(); at_ < query_.size(); skip_spaces())
            read_one();
        add(Token::Kind::end, query_.size(), query_.size());
        return std::move(tokens_);
    }

private:
    std::string_view rest() const { return query_.substr(at_); }

    void add(Token::Kind kind, std::size_t begin, std::size_t end)
    {
        tokens_.push_back({kind, query_.substr(begin, end - begin), {begin, end}});
    }

    void skip_spaces()
    {
        while (const std::size_t length = length_of(spaces, rest()))
            at_ += length;
    }

    void read_one()
    {
        const char c = query_[at_];
        if (length_of(quotes, rest()) > 0)
            read_phrase();
        else if (c == '(' || c == ')')
            read_sign(c == '(' ? Token::Kind::open : Token::Kind::close);
        else if (c == '-' && negates())
            read_sign(Token::Kind::negation);
        else
            read_word();
    }

    void read_sign(Token::Kind kind)
    {
        add(kind, at_, at_ + 1);
        ++at_;
    }

    /// A dash alone is no negation; two are somebody's option, or a mistake.
    bool negates() const
    {
        const std::string_view after = rest().substr(1);
        if (after.empty() || length_of(spaces, after) > 0 || after[0] == ')')
            return false;
        if (after[0] == '-')
            throw QueryError({at_, end_of_run()}, "two dashes say nothing to a search",
                             "-word leaves out mails with that word; put text that begins with "
                             "dashes in quotes; `mailhold search --help` lists the options");
        return true;
    }

    void read_phrase()
    {
        const std::size_t begin = at_;
        at_ += length_of(quotes, rest());
        const std::size_t text = at_;
        while (at_ < query_.size() && length_of(quotes, rest()) == 0)
            ++at_;
        if (at_ == query_.size())
            throw QueryError({begin, begin + 1}, "this quote is never closed",
                             "add the second quote, or take this one away");
        tokens_.push_back({Token::Kind::phrase, query_.substr(text, at_ - text), {begin, at_}});
        at_ += length_of(quotes, rest());
        tokens_.back().place.end = at_;
    }

    /// Where the run of characters from here on ends that are neither space, quote nor parenthesis.
    std::size_t end_of_run() const
    {
        std::size_t end = at_;
        while (end < query_.size() && query_[end] != '(' && query_[end] != ')' &&
               length_of(spaces, query_.substr(end)) == 0 &&
               length_of(quotes, query_.substr(end)) == 0)
            ++end;
        return end;
    }

    void read_word()
    {
        const std::size_t end = end_of_run();
        if (is_letter(query_[at_]) && read_field(end))
            return;
        const std::string_view text = query_.substr(at_, end - at_);
        add(text == "AND"   ? Token::Kind::conjunction
            : text == "OR"  ? Token::Kind::alternative
            : text == "NOT" ? Token::Kind::negation
                            : Token::Kind::word,
            at_, end);
        at_ = end;
    }

    /// False when the run that ends at `end` does not begin with a name and a colon.
    bool read_field(std::size_t end)
    {
        std::size_t colon = at_;
        while (colon < end && is_name_character(query_[colon]))
            ++colon;
        const std::size_t colon_bytes = length_of(colons, query_.substr(colon));
        if (colon == end || colon_bytes == 0)
            return false;
        const std::string_view name = query_.substr(at_, colon - at_);
        if (find_field(name) == nullptr) {
            if (colon_bytes > 1)
                return false;  // Chinese text, such as "PO：4711"
            refuse_field(name, end);
        }
        add(Token::Kind::field, at_, colon);
        at_ = colon + colon_bytes;
        read_value(end);
        return true;
    }

    [[noreturn]] void refuse_field(std::string_view name, std::size_t end) const
    {
        const std::string_view nearest = nearest_field(name);
        const std::string quoted = fmt::format("to look for the text itself, quote it: \"{}\"",
                                               printable(query_.substr(at_, end - at_)));
        throw QueryError(
            {at_, at_ + name.size()}, fmt::format("there is no field \"{}:\"", printable(name)),
            nearest.empty() ? quoted : fmt::format("did you mean {}: ? or, {}", nearest, quoted));
    }

    /// What stands right behind a field's colon: a quote or a group is read as any other, a run is
    /// a word whatever stands in it.
    void read_value(std::size_t end)
    {
        const Token& field = tokens_.back();
        if (at_ == end) {
            if (at_ < query_.size() && (query_[at_] == '(' || length_of(quotes, rest()) > 0))
                return;
            throw QueryError({field.place.begin, at_},
                             fmt::format("nothing stands behind \"{}:\"", field.text),
                             fmt::format("write what to look for right behind the colon: {}:word, "
                                         "{}:\"two words\"",
                                         field.text, field.text));
        }
        if (query_[at_] == '-')
            throw QueryError({at_, end}, "a dash belongs before the field",
                             fmt::format("write -{}:{}", field.text,
                                         printable(query_.substr(at_ + 1, end - at_ - 1))));
        if (end < query_.size() &&
            (query_[end] == '(' || length_of(quotes, query_.substr(end)) > 0))
            throw QueryError({end, end + 1}, "a space is missing before this",
                             "a value with such signs in it goes into quotes as a whole");
        add(Token::Kind::word, at_, end);
        at_ = end;
    }

    std::string_view query_;
    std::size_t at_ = 0;
    std::vector<Token> tokens_;
};

}  // namespace

std::vector<Token> tokens_of(std::string_view query)
{
    return Lexer(query).run();
}

}  // namespace mailhold::search
