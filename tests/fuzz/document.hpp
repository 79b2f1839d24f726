#pragma once
// One reader of documents, in this process: what it may do with whatever it is given.

#include "mailhold/base/json.hpp"

#include "document_reading.hpp"

#include "fuzz.hpp"

namespace mailhold::fuzz {

using DocumentReaderOf = void (*)(Bytes content, mail::Reading& reading);

/// Small, so that an input costs milliseconds.
inline constexpr mail::DocumentLimits document_limits{.text_bytes = 64 * kibibyte,
                                                      .unpacked_bytes = 4 * mebibyte,
                                                      .entries = 100,
                                                      .depth = 3,
                                                      .time = std::chrono::milliseconds{4'000}};

/// Reads as mail::read_document() does, whatever the first bytes say.
inline void try_document(DocumentReaderOf read, Bytes content)
{
    mail::Reading reading(document_limits);
    try {
        read(content, reading);
    } catch (const std::exception&) {
        reading.fail("damaged");
    }
    const mail::DocumentText document = std::move(reading).result();
    // Cleaning makes an invalid byte into three.
    require(document.text.size() <= 3 * document_limits.text_bytes, "a document's text is bounded");
    require(is_utf8(document.text), "a document's text is UTF-8");
    require(document.why.empty() == (document.outcome == mail::DocumentText::Outcome::read),
            "what was not read whole has a reason");
}

}  // namespace mailhold::fuzz
