// Messages read for a person and for searching: always UTF-8, and each attachment can be had.

#include <algorithm>

#include "mailhold/base/json.hpp"
#include "mailhold/mail/reading.hpp"
#include "mailhold/mail/searchable.hpp"

#include "structure.hpp"

#include "fuzz.hpp"

namespace mailhold::fuzz {
namespace {

bool is_clean(const std::string& text)
{
    return is_utf8(text);
}

bool are_clean(const std::vector<std::string>& texts)
{
    return std::ranges::all_of(texts, is_clean);
}

void try_structure(std::string_view raw)
{
    const char* last = raw.data();
    const auto entities = mail::entities_of(raw);
    require(entities.size() <= mail::max_entities, "parts are bounded");
    for (const mail::Entity& entity : entities) {
        const bool is_inside = entity.body.data() >= raw.data() &&
                               entity.body.data() + entity.body.size() <= raw.data() + raw.size();
        require(entity.body.empty() || is_inside, "a part lies in its message");
        if (entity.is_message || entity.body.empty())
            continue;
        require(entity.body.data() >= last, "parts come in order and do not overlap");
        last = entity.body.data() + entity.body.size();
    }
}

void try_reading(Bytes raw)
{
    const mail::Readable message = mail::read_message(raw);
    require(is_clean(message.from) && are_clean(message.to) && are_clean(message.cc) &&
                is_clean(message.subject) && is_clean(message.message_id) && is_clean(message.text),
            "what is read is UTF-8");
    require(is_clean(mail::subject_of(raw)), "a subject by itself is UTF-8");
    require(mail::date_of(raw) == message.date, "a date is read the same by itself");
    const mail::Correspondents people = mail::correspondents_of(raw);
    require(is_clean(people.from) && is_clean(people.to), "correspondents are UTF-8");
    int number = 0;
    for (const mail::Attachment& attachment : message.attachments) {
        require(attachment.number == ++number, "attachments count from 1");
        require(is_clean(attachment.file_name) && is_clean(attachment.media_type),
                "names are UTF-8");
        require(attachment.file_name.find('/') == std::string::npos, "a name is no path");
        const auto content = mail::read_attachment(raw, number);
        require(content && content->size() == attachment.size_bytes, "an attachment can be had");
    }
    require(!mail::read_attachment(raw, number + 1), "there are no more");
}

void try_searching(Bytes raw)
{
    const mail::Searchable message =
        mail::searchable_of(raw, [](const mail::Document&) { return std::string("text"); });
    require(are_clean(message.from) && are_clean(message.to) && are_clean(message.cc) &&
                are_clean(message.bcc) && are_clean(message.references) &&
                is_clean(message.subject) && is_clean(message.list) &&
                is_clean(message.message_id) && is_clean(message.text),
            "what is searched is UTF-8");
    require(message.text.size() <= mail::max_searchable_bytes, "text is bounded");
}

}  // namespace

void try_one(Bytes input)
{
    try_structure(text_of(input));
    try_reading(input);
    try_searching(input);
}

}  // namespace mailhold::fuzz
