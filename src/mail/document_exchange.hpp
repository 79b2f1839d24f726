#pragma once
// What a document worker is asked and answers, as bytes.

#include <string>
#include <string_view>

#include "mailhold/mail/document.hpp"

namespace mailhold::mail {

inline constexpr std::string_view document_worker_role = "--document-worker";
inline constexpr std::uint64_t max_document_bytes = 256 * mebibyte;  ///< a larger one is not read

/// What goes before a document's content.
ByteBuffer question_start(const Document& document, const DocumentLimits& limits);

struct DocumentQuestion {
    Document document;  ///< views into the question
    DocumentLimits limits;
};
/// Throws malformed.
DocumentQuestion parse_question(Bytes question);

ByteBuffer answer_bytes(const DocumentText& text);
std::uint64_t max_answer_bytes(const DocumentLimits& limits);
/// The answer comes from a process that a document may have taken over: it is cut and cleaned.
/// Throws malformed.
DocumentText parse_answer(Bytes answer);

}  // namespace mailhold::mail
