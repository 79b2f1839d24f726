#pragma once
// What the readers of all kinds of documents share: the text so far, and what is left of the
// limits.

#include <string>
#include <string_view>

#include "mailhold/archive/unpack.hpp"
#include "mailhold/base/clock.hpp"
#include "mailhold/mail/document.hpp"

namespace mailhold::mail {

/// One document with all that is inside it.
class Reading {
public:
    explicit Reading(const DocumentLimits& limits);

    /// UTF-8, however many bytes; what is too much is left out.
    void add(std::string_view text);
    /// Ends the line, unless nothing stands on it.
    void end_line();
    /// Sets what comes next apart on the same line.
    void end_cell();

    /// True when there is no use in reading on: the text is full, or time is up.
    bool is_over();

    void shorten(std::string_view why);
    void fail(std::string_view why);
    /// What came of unpacking.
    void note(archive::Unpacked outcome);

    /// Once, at the end.
    DocumentText result() &&;

    const DocumentLimits& limits() const noexcept { return limits_; }
    archive::UnpackBudget& budget() noexcept { return budget_; }

    std::uint32_t depth = 0;  ///< documents around this one

private:
    DocumentLimits limits_;
    Deadline deadline_;
    archive::UnpackBudget budget_;
    std::string text_;
    bool is_full_ = false;
    DocumentText::Outcome outcome_ = DocumentText::Outcome::read;
    std::string why_;
};

/// Reads a document of any kind into `reading`; goes into archives as deep as its limits say. A
/// kind that is not read changes nothing. May throw bad_alloc and what else the libraries throw.
void read_into(const Document& document, Reading& reading);

/// The same for something inside the document that is being read.
void read_inner(const Document& document, Reading& reading);

// One function for each kind; what does not look like it fails.
void read_archive(Bytes content, Reading& reading);
void read_html(Bytes content, Reading& reading);
void read_mail(Bytes content, Reading& reading);
void read_ole(Bytes content, Reading& reading);
void read_pdf(Bytes content, Reading& reading);
void read_rtf(Bytes content, Reading& reading);
void read_text(Bytes content, Reading& reading);
void read_tnef(Bytes content, Reading& reading);
void read_xml(Bytes content, Reading& reading);
void read_zip(Bytes content, Reading& reading);  ///< an office file, or any other zip

}  // namespace mailhold::mail
