// Messages as files, and what is attached to them.

#include <fmt/format.h>

#include "document_reading.hpp"
#include "mailhold/mail/reading.hpp"

namespace mailhold::mail {

namespace {

void add_line(std::string_view text, Reading& reading)
{
    reading.add(text);
    reading.end_line();
}

void add_message(const Readable& message, Reading& reading)
{
    add_line(message.from, reading);
    add_line(fmt::format("{}", fmt::join(message.to, ", ")), reading);
    add_line(fmt::format("{}", fmt::join(message.cc, ", ")), reading);
    add_line(message.subject, reading);
    add_line(message.text, reading);
}

}  // namespace

void read_mail(Bytes content, Reading& reading)
{
    const Readable message = read_message(content);
    add_message(message, reading);
    for (const Attachment& attachment : message.attachments) {
        if (reading.is_over())
            return;
        if (reading.budget().entries == 0)
            return reading.note(archive::Unpacked::shortened);
        --reading.budget().entries;
        add_line(attachment.file_name, reading);
        const auto attached = read_attachment(content, attachment.number);
        if (!attached)
            continue;
        // What is attached to a message in this one stands in the same list.
        if (attachment.media_type == "message/rfc822")
            add_message(read_message(*attached), reading);
        else
            read_inner({attachment.file_name, attachment.media_type, *attached}, reading);
    }
}

}  // namespace mailhold::mail
