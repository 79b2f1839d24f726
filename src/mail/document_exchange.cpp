// What is asked and answered, in the bytes of worker_exchange.hpp.

#include "document_exchange.hpp"

#include "charset.hpp"
#include "mailhold/base/error.hpp"
#include "utf8.hpp"
#include "worker_exchange.hpp"

namespace mailhold::mail {

namespace {

constexpr std::size_t max_why_bytes = 200;

}  // namespace

ByteBuffer question_start(const Document& document, const DocumentLimits& limits)
{
    ByteBuffer out;
    append_le(out, limits.text_bytes);
    append_le(out, limits.unpacked_bytes);
    append_le(out, limits.entries);
    append_le(out, limits.depth);
    append_le(out, static_cast<std::uint64_t>(limits.time.count()));
    append_text(out, document.file_name);
    append_text(out, document.media_type);
    return out;
}

DocumentQuestion parse_question(Bytes question)
{
    ExchangeCursor cursor(question);
    DocumentQuestion out;
    out.limits.text_bytes = cursor.number<std::uint64_t>();
    out.limits.unpacked_bytes = cursor.number<std::uint64_t>();
    out.limits.entries = cursor.number<std::uint32_t>();
    out.limits.depth = cursor.number<std::uint32_t>();
    out.limits.time = std::chrono::milliseconds(cursor.number<std::uint64_t>());
    out.document.file_name = cursor.text();
    out.document.media_type = cursor.text();
    out.document.content = cursor.rest();
    return out;
}

ByteBuffer answer_bytes(const DocumentText& text)
{
    ByteBuffer out;
    append_le(out, static_cast<std::uint8_t>(text.outcome));
    append_text(out, utf8_prefix(text.why, max_why_bytes));
    append(out, bytes_of(text.text));
    return out;
}

std::uint64_t max_answer_bytes(const DocumentLimits& limits)
{
    // Cleaning makes an invalid byte into three.
    return 3 * limits.text_bytes + max_why_bytes + 16;
}

DocumentText parse_answer(Bytes answer)
{
    ExchangeCursor cursor(answer);
    DocumentText out;
    const auto outcome = cursor.number<std::uint8_t>();
    if (outcome > static_cast<std::uint8_t>(DocumentText::Outcome::failed))
        throw Error(ErrorKind::malformed, "a document worker answers nonsense");
    out.outcome = static_cast<DocumentText::Outcome>(outcome);
    out.why = single_line(utf8_prefix(cursor.text(), max_why_bytes));
    out.text = running_text(text_of(cursor.rest()));
    return out;
}

}  // namespace mailhold::mail
