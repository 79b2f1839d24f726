// The terms of a message: its fields in turn, each form of a word with the mark of where it stands.

#include "mailhold/index/terms.hpp"

#include <algorithm>
#include <cstring>
#include <optional>

#include "terms_cut.hpp"
#include "terms_marks.hpp"
#include "terms_stems.hpp"

namespace mailhold::index {

namespace {

// No phrase reaches over this.
constexpr std::uint32_t gap_between_texts = 100;

bool is_part_of_id(char c) noexcept
{
    const auto byte = static_cast<unsigned char>(c);
    return byte > ' ' && byte != 0x7f && c != '<' && c != '>';
}

}  // namespace

std::string bare_id(std::string_view id)
{
    std::string bare;
    for (const char c : id)
        if (bare.size() < max_id_bytes && is_part_of_id(c))
            bare += c;
    return bare;
}

struct TermMaker::State final : FormReceiver {
    struct Ideograph {
        std::string term;
        std::uint32_t position = 0;
    };

    explicit State(const Languages& languages) : stems(languages) {}

    void begin(TermSink& to)
    {
        sink = &to;
        ideograph.reset();
        ++message;
        position = 1;
    }

    void add(std::string_view text, Field in, std::uint32_t limit)
    {
        field = index_of(in);
        const std::uint32_t end = cutter.cut(text, position, limit);
        end_ideograph(false);
        if (end != position)
            position = end + gap_between_texts;
    }

    void add_all(const std::vector<std::string>& texts, Field in)
    {
        for (const std::string& text : texts)
            add(text, in, max_positions);
    }

    void take(const Form& form) override
    {
        const std::string_view term =
            with_mark(form.text, (stands_in_text(form.kind) ? word_marks : form_marks)[field]);
        if (form.ideograph && form.kind == FormKind::plain) {
            end_ideograph(form.follows);
            ideograph = {std::string(term), form.position};
            return;
        }
        sink->at(term, form.position);
        if (form.stemmable && stem_marks[field] != no_mark)
            add_stems(form.text);
    }

    /// One with another behind it is found by the pair that begins with it.
    void end_ideograph(bool run_goes_on)
    {
        if (ideograph && !run_goes_on)
            sink->at(ideograph->term, ideograph->position);
        ideograph.reset();
    }

    /// Once a message and field: they stand at no place.
    void add_stems(std::string_view word)
    {
        Stems::Known& known = stems.of(word);
        if (known.given_to[field] == message)
            return;
        known.given_to[field] = message;
        for (const std::string& stem : known.stems)
            sink->add(with_mark(stem, stem_marks[field]));
    }

    std::string_view with_mark(std::string_view text, char mark)
    {
        if (mark == no_mark)
            return text;
        const std::size_t size = std::min(text.size(), marked_term.size() - 1);
        std::memcpy(marked_term.data(), text.data(), size);
        marked_term[size] = mark;
        return {marked_term.data(), size + 1};
    }

    void add_ids(const mail::Searchable& searchable)
    {
        if (const std::string id = bare_id(searchable.message_id); !id.empty())
            sink->add(message_id_prefix + id);
        for (const std::string& reference : searchable.references)
            if (const std::string id = bare_id(reference); !id.empty())
                sink->add(reference_prefix + id);
        if (!searchable.attachments.empty())
            sink->add(attachment_term);
    }

    void add_attachments(const std::vector<mail::SearchableAttachment>& attachments)
    {
        for (const mail::SearchableAttachment& attachment : attachments)
            add(attachment.file_name, Field::file_name, max_positions);
    }

    /// A huge one leaves half of what is left to those behind it.
    void add_attached_texts(const std::vector<mail::SearchableAttachment>& attachments)
    {
        for (std::size_t i = 0; i < attachments.size() && position < max_positions; ++i) {
            const std::uint32_t left = max_positions - position;
            const bool is_last = i + 1 == attachments.size();
            add(attachments[i].text, Field::attachment, position + (is_last ? left : left / 2));
        }
    }

    Stems stems;
    Cutter cutter{*this};
    TermSink* sink = nullptr;
    std::uint64_t message = 0;
    std::uint32_t position = 1;
    std::size_t field = 0;
    std::array<char, 2 * max_word_bytes> marked_term{};
    std::optional<Ideograph> ideograph;  ///< the last one, until it is known what follows
};

TermMaker::TermMaker(const Languages& languages) : state_(std::make_unique<State>(languages)) {}
TermMaker::~TermMaker() = default;
TermMaker::TermMaker(TermMaker&&) noexcept = default;

void TermMaker::add_message(const mail::Searchable& message, TermSink& sink)
{
    State& state = *state_;
    state.begin(sink);
    state.add_ids(message);
    state.add(message.subject, Field::subject, max_positions);
    state.add_all(message.from, Field::from);
    state.add_all(message.to, Field::to);
    state.add_all(message.cc, Field::cc);
    state.add_all(message.bcc, Field::bcc);
    state.add(message.list, Field::list, max_positions);
    state.add_attachments(message.attachments);
    state.add(message.text, Field::body, max_positions);
    state.add_attached_texts(message.attachments);
}

}  // namespace mailhold::index
