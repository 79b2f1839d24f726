// Text and limits of one document, and which reader takes it.

#include "document_reading.hpp"

#include <new>
#include <utility>

#include "charset.hpp"
#include "document_kind.hpp"
#include "utf8.hpp"

namespace mailhold::mail {

namespace {

void dispatch(const Document& document, Reading& reading)
{
    switch (kind_of(document)) {
    case DocumentKind::unread:
        return;
    case DocumentKind::archive:
        return read_archive(document.content, reading);
    case DocumentKind::html:
        return read_html(document.content, reading);
    case DocumentKind::mail:
        return read_mail(document.content, reading);
    case DocumentKind::ole:
        return read_ole(document.content, reading);
    case DocumentKind::pdf:
        return read_pdf(document.content, reading);
    case DocumentKind::rtf:
        return read_rtf(document.content, reading);
    case DocumentKind::text:
        return read_text(document.content, reading);
    case DocumentKind::tnef:
        return read_tnef(document.content, reading);
    case DocumentKind::xml:
        return read_xml(document.content, reading);
    case DocumentKind::zip:
        return read_zip(document.content, reading);
    }
}

}  // namespace

Reading::Reading(const DocumentLimits& limits)
    : limits_(limits), deadline_(limits.time), budget_{limits.unpacked_bytes, limits.entries}
{
}

void Reading::add(std::string_view text)
{
    const std::string_view taken = utf8_prefix(text, limits_.text_bytes - text_.size());
    text_ += taken;
    if (taken.size() < text.size())
        is_full_ = true;
}

void Reading::end_line()
{
    while (text_.ends_with('\t') || text_.ends_with(' '))
        text_.pop_back();
    if (!text_.empty() && !text_.ends_with('\n'))
        add("\n");
}

void Reading::end_cell()
{
    if (!text_.empty() && !text_.ends_with('\t') && !text_.ends_with('\n'))
        add("\t");
}

bool Reading::is_over()
{
    if (is_full_)
        shorten("much text");
    else if (deadline_.passed())
        shorten("slow to read");
    else
        return false;
    return true;
}

void Reading::shorten(std::string_view why)
{
    if (outcome_ != DocumentText::Outcome::read)
        return;
    outcome_ = DocumentText::Outcome::shortened;
    why_ = why;
}

void Reading::fail(std::string_view why)
{
    if (outcome_ == DocumentText::Outcome::failed)
        return;
    outcome_ = DocumentText::Outcome::failed;
    why_ = why;
}

void Reading::note(archive::Unpacked outcome)
{
    switch (outcome) {
    case archive::Unpacked::whole:
        return;
    case archive::Unpacked::shortened:
        return shorten("unpacks to too much");
    case archive::Unpacked::damaged:
        return fail("damaged");
    case archive::Unpacked::encrypted:
        return fail("encrypted");
    }
}

DocumentText Reading::result() &&
{
    is_over();  // what filled it may have been the last piece
    return {outcome_, running_text(text_), std::move(why_)};
}

void read_into(const Document& document, Reading& reading)
{
    dispatch(document, reading);
    reading.end_line();
}

void read_inner(const Document& document, Reading& reading)
{
    if (!is_readable(document))
        return;
    if (reading.depth >= reading.limits().depth)
        return reading.shorten("nested too deep");
    ++reading.depth;
    read_into(document, reading);
    --reading.depth;
}

DocumentText read_document(const Document& document, const DocumentLimits& limits)
{
    if (!is_readable(document))
        return {};
    Reading reading(limits);
    try {
        read_into(document, reading);
    } catch (const std::bad_alloc&) {
        reading.fail("takes too much memory");
    } catch (const std::exception&) {
        reading.fail("damaged");
    }
    return std::move(reading).result();
}

}  // namespace mailhold::mail
