// Messages as files, and what is attached to them.

#include <fmt/format.h>

#include "document_reading.hpp"
#include "mailhold/mail/searchable.hpp"

namespace mailhold::mail {

namespace {

void add_line(std::string_view text, Reading& reading)
{
    reading.add(text);
    reading.end_line();
}

void add_message(const Searchable& message, Reading& reading)
{
    for (const auto* people : {&message.from, &message.to, &message.cc})
        add_line(fmt::format("{}", fmt::join(*people, ", ")), reading);
    add_line(message.subject, reading);
    add_line(message.text, reading);
    for (const SearchableAttachment& attachment : message.attachments)
        add_line(attachment.file_name, reading);
}

}  // namespace

void read_mail(Bytes content, Reading& reading)
{
    // The message itself first: its words are worth more when there is not room for all.
    add_message(searchable_of(content, [](const Document&) { return std::string(); }), reading);
    searchable_of(content, [&](const Document& document) {
        if (!reading.is_over())
            read_inner(document, reading);
        return std::string();
    });
}

}  // namespace mailhold::mail
