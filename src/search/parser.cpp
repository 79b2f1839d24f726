// Tokens to a tree: OR binds weakest, then AND, written or not, then NOT and the dash.

#include <algorithm>

#include <fmt/format.h>

#include "mailhold/base/json.hpp"

#include "leaf.hpp"
#include "lexer.hpp"

namespace mailhold::search {

namespace {

using Kind = Expression::Kind;

class Parser {
public:
    Parser(std::vector<Token> tokens, Time now) : tokens_(std::move(tokens)), now_(now) {}

    Parsed run()
    {
        if (peek().kind == Token::Kind::end)
            throw QueryError(peek().place, "the query is empty",
                             "name a word to look for, or * for every message");
        Parsed parsed;
        parsed.expression = alternatives();
        if (peek().kind == Token::Kind::close)
            throw QueryError(peek().place, "no parenthesis is open here",
                             "open one before it, take it away, or put it in quotes");
        parsed.notes = std::move(notes_);
        return parsed;
    }

private:
    /// Counts how deep the text nests while it lives.
    class Deeper {
    public:
        explicit Deeper(Parser& parser) : parser_(parser)
        {
            if (++parser_.depth_ > max_query_depth)
                throw QueryError(parser_.peek().place, "too many parentheses within each other",
                                 "write the query simpler");
        }
        ~Deeper() { --parser_.depth_; }
        Deeper(const Deeper&) = delete;
        Deeper& operator=(const Deeper&) = delete;

    private:
        Parser& parser_;
    };

    const Token& peek(std::size_t ahead = 0) const
    {
        return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
    }
    const Token& take() { return tokens_[at_++]; }

    bool ends_here() const
    {
        return peek().kind == Token::Kind::end || peek().kind == Token::Kind::close;
    }

    static Expression joined(Kind kind, std::vector<Expression> parts)
    {
        if (parts.size() == 1)
            return std::move(parts.front());
        Expression all;
        all.kind = kind;
        all.place = {parts.front().place.begin, parts.back().place.end};
        all.parts = std::move(parts);
        return all;
    }

    Expression alternatives()
    {
        std::vector<Expression> parts;
        parts.push_back(conjunctions());
        while (peek().kind == Token::Kind::alternative) {
            take();
            parts.push_back(conjunctions());
        }
        return joined(Kind::any_of, std::move(parts));
    }

    Expression conjunctions()
    {
        std::vector<Expression> parts;
        parts.push_back(operand());
        while (!ends_here() && peek().kind != Token::Kind::alternative) {
            if (peek().kind == Token::Kind::conjunction)
                take();
            else
                note_operator_in_lower_case();
            parts.push_back(operand());
        }
        return joined(Kind::all_of, std::move(parts));
    }

    void note_operator_in_lower_case()
    {
        const Token& word = peek();
        const bool looks_like_one = word.text == "or" || word.text == "and" || word.text == "not";
        const Token::Kind next = peek(1).kind;
        if (word.kind != Token::Kind::word || !looks_like_one || next == Token::Kind::end ||
            next == Token::Kind::close)
            return;
        std::string upper(word.text);
        std::ranges::transform(upper, upper.begin(), [](char c) { return char(c - 'a' + 'A'); });
        notes_.push_back(fmt::format("\"{}\" is looked for as a word; the operator is written {}",
                                     word.text, upper));
    }

    Expression operand()
    {
        const Token& token = peek();
        switch (token.kind) {
        case Token::Kind::negation:
            return negated();
        case Token::Kind::open:
            return group();
        case Token::Kind::field:
            return with_field();
        case Token::Kind::word:
        case Token::Kind::phrase:
            take();
            return leaf_of(field_, token, now_);
        default:
            refuse(token);
        }
    }

    [[noreturn]] void refuse(const Token& token) const
    {
        if (token.kind == Token::Kind::conjunction || token.kind == Token::Kind::alternative)
            throw QueryError(token.place, fmt::format("nothing stands before this {}", token.text),
                             fmt::format("put it between two words, or \"{}\" in quotes to look "
                                         "for the word",
                                         token.text));
        const Token& before = at_ > 0 ? tokens_[at_ - 1] : token;
        if (before.kind == Token::Kind::open)
            throw QueryError({before.place.begin, token.place.end}, "nothing stands in parentheses",
                             "write words between them, or take them away");
        if (at_ == 0)
            throw QueryError(token.place, "no parenthesis is open here",
                             "open one before it, take it away, or put it in quotes");
        throw QueryError(before.place, fmt::format("nothing stands behind this {}", before.text),
                         "write a word behind it, or put it in quotes to look for it");
    }

    Expression negated()
    {
        const Deeper deeper(*this);
        const Place begin = take().place;
        Expression negation;
        negation.kind = Kind::none_of;
        negation.parts.push_back(operand());
        negation.place = {begin.begin, negation.parts.front().place.end};
        return negation;
    }

    Expression group()
    {
        const Deeper deeper(*this);
        const Place open = take().place;
        Expression inside = alternatives();
        if (peek().kind != Token::Kind::close)
            throw QueryError(open, "this parenthesis is never closed",
                             "close it, take it away, or put it in quotes");
        inside.place = {open.begin, take().place.end};
        return inside;
    }

    Expression with_field()
    {
        const Token& name = take();
        if (field_)
            throw QueryError(
                name.place,
                fmt::format("{}: stands inside another field's group", lower_case(name.text)),
                "close the group before it");
        field_ = find_field(name.text);
        Expression inside = operand();
        inside.place.begin = name.place.begin;
        field_ = nullptr;
        return inside;
    }

    std::vector<Token> tokens_;
    Time now_;
    std::size_t at_ = 0;
    int depth_ = 0;
    const FieldInfo* field_ = nullptr;
    std::vector<std::string> notes_;
};

}  // namespace

bool Expression::operator==(const Expression& other) const
{
    return kind == other.kind && field == other.field && text == other.text && from == other.from &&
           until == other.until && parts == other.parts;
}

Parsed parse(std::string_view query, Time now)
{
    if (query.size() > max_query_bytes)
        throw QueryError({}, "the query is longer than 16 KiB", "look for fewer words at a time");
    if (!is_utf8(query))
        throw QueryError({}, "the query is not UTF-8 text",
                         "set the terminal's character encoding to UTF-8");
    return Parser(tokens_of(query), now).run();
}

}  // namespace mailhold::search
