// Text and CSV in any charset, XML, HTML: by the first byte. And what a document worker that was
// taken over may answer.

#include "document.hpp"
#include "document_exchange.hpp"

namespace mailhold::fuzz {
namespace {

void try_answer(Bytes input)
{
    const auto answer = accepted([&] { return mail::parse_answer(input); });
    if (!answer)
        return;
    require(is_utf8(answer->text) && is_utf8(answer->why), "an answer is UTF-8");
    const auto again = mail::parse_answer(mail::answer_bytes(*answer));
    require(again.text == answer->text && again.outcome == answer->outcome &&
                answer->why.starts_with(again.why),  // cut once more
            "an answer reads as it was written");
}

void try_question(Bytes input)
{
    const auto question = accepted([&] { return mail::parse_question(input); });
    if (!question)
        return;
    ByteBuffer again = mail::question_start(question->document, question->limits);
    append(again, question->document.content);
    require(equal(again, input), "a question is written as it was read");
}

}  // namespace

void try_one(Bytes input)
{
    Pieces pieces(input);
    switch (pieces.byte() % 5) {
    case 0:
        return try_document(mail::read_text, pieces.rest());
    case 1:
        return try_document(mail::read_xml, pieces.rest());
    case 2:
        return try_document(mail::read_html, pieces.rest());
    case 3:
        return try_answer(pieces.rest());
    default:
        return try_question(pieces.rest());
    }
}

}  // namespace mailhold::fuzz
