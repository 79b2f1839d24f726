// One walk over the MIME tree: bodies become one text, files are read by whoever reads documents.

#include "mailhold/mail/searchable.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "charset.hpp"
#include "flowed.hpp"
#include "gmime_seam.hpp"
#include "parts.hpp"
#include "searchable_text.hpp"
#include "utf8.hpp"

namespace mailhold::mail {

namespace {

constexpr std::size_t max_references = 1'000;

/// What belongs to a signature or an encryption: no text, and no file that anybody sent.
constexpr std::array<std::string_view, 6> sealing_types = {
    "application/pkcs7-signature", "application/x-pkcs7-signature", "application/pkcs7-mime",
    "application/x-pkcs7-mime",    "application/pgp-signature",     "application/pgp-encrypted"};

/// Bodies besides plain text and HTML whose text is worth finding: invitations, and the addresses
/// of what bounced.
constexpr std::array<std::string_view, 5> other_text_types = {
    "text/calendar", "text/enriched", "text/richtext", "message/delivery-status",
    "text/rfc822-headers"};

bool is_sealing(const Entity& entity)
{
    return std::ranges::find(sealing_types, entity.media_type) != sealing_types.end();
}

/// The second part of multipart/encrypted (RFC 3156) says nothing of itself.
bool is_sealed_by(const Entity* before, const Entity& entity)
{
    return before != nullptr && before->media_type == "application/pgp-encrypted" &&
           entity.media_type == "application/octet-stream";
}

/// A picture that stands in the text, such as a logo, is nothing attached.
bool is_picture_in_text(const Entity& entity, const PartName& name)
{
    return !name.is_attachment && entity.media_type.starts_with("image/") &&
           header_value(entity.header, "content-id").has_value();
}

bool is_searchable_body(const Entity& entity, const PartName& name)
{
    return is_body(entity, name) ||
           (!name.is_attachment && name.file_name.empty() &&
            std::ranges::find(other_text_types, entity.media_type) != other_text_types.end());
}

std::string searchable_body(const Entity& entity)
{
    std::string text = text_body(entity);
    if (entity.is_flowed && entity.media_type == "text/plain")
        text = unflowed(text, entity.deletes_spaces);
    return without_armour(std::move(text));
}

/// Collects text up to the limit of one message.
class Room {
public:
    bool is_left() const { return left_ > 0; }

    std::string_view taken(std::string_view text)
    {
        const std::string_view part = utf8_prefix(text, left_);
        // What does not fit ends the text: words of later parts would stand beside others.
        left_ = part.size() < text.size() ? 0 : left_ - part.size();
        return part;
    }

    void add_paragraph(std::string& to, std::string_view text)
    {
        if (is_empty(text) || !is_left())
            return;
        if (!to.empty())
            to += to.ends_with('\n') ? "\n" : "\n\n";
        to += taken(text);
    }

private:
    std::size_t left_ = max_searchable_bytes;
};

/// The text of all bodies in their order; the parts of an alternative stand where its first one
/// does.
class Bodies {
public:
    void add_heading(std::string text) { texts_.push_back({std::move(text), {}}); }

    void add(const Entity& entity)
    {
        if (bytes_ > 2 * max_searchable_bytes)
            return;
        std::size_t place = texts_.size();
        if (entity.alternative != 0)
            place = alternatives_.try_emplace(entity.alternative, place).first->second;
        texts_.resize(std::max(texts_.size(), place + 1));
        const bool is_rich = entity.alternative != 0 && entity.media_type != "text/plain";
        std::string& to = is_rich ? texts_[place].rich : texts_[place].plain;
        const std::string body = searchable_body(entity);
        if (!to.empty() && !to.ends_with('\n'))
            to += '\n';
        to += body;
        bytes_ += body.size();
    }

    std::string text(Room& room) const
    {
        std::string out;
        for (const Alternatives& text : texts_)
            room.add_paragraph(out, merged(text));
        return out;
    }

private:
    std::vector<Alternatives> texts_;
    std::map<std::size_t, std::size_t> alternatives_;  ///< to their place in texts_
    std::size_t bytes_ = 0;
};

ByteBuffer first_bytes(const Entity& entity)
{
    constexpr std::size_t enough_to_know_the_kind = 2 * kibibyte;
    ByteBuffer out;
    decode_transfer(entity.body.substr(0, 2 * enough_to_know_the_kind), entity.encoding,
                    [&](Bytes piece) {
                        append(out, piece);
                        return true;
                    });
    return out;
}

/// Empty for what is of no readable kind; pictures are not even decoded.
std::string text_of_file(const Entity& entity, const PartName& name, const DocumentReader& read)
{
    // An attached message's text is the message's own.
    if (entity.is_message || !is_readable({name.file_name, entity.media_type, first_bytes(entity)}))
        return {};
    ByteBuffer content = decoded_content(entity);
    // The label is known here only. HTML brings its own, and would be read as what it no longer is.
    if (entity.media_type.starts_with("text/") && entity.media_type != "text/html" &&
        !entity.charset.empty())
        content = copy_of(bytes_of(to_utf8(text_of(content), entity.charset)));
    return read({name.file_name, entity.media_type, content});
}

std::string without_brackets(std::string_view value)
{
    const std::size_t begin = value.find('<');
    const std::size_t end = value.find('>', begin == std::string_view::npos ? 0 : begin);
    if (begin != std::string_view::npos && end != std::string_view::npos)
        value = value.substr(begin + 1, end - begin - 1);
    return single_line(value);
}

/// Adds each "<id>" of `value` that is not there yet.
void add_references(std::vector<std::string>& ids, std::string_view value)
{
    while (ids.size() < max_references) {
        const std::size_t begin = value.find('<');
        const std::size_t end = value.find('>', begin == std::string_view::npos ? 0 : begin);
        if (begin == std::string_view::npos || end == std::string_view::npos)
            return;
        std::string id = single_line(value.substr(begin + 1, end - begin - 1));
        std::erase(id, ' ');  // a long one was folded
        value.remove_prefix(end + 1);
        if (!id.empty() && std::ranges::find(ids, id) == ids.end())
            ids.push_back(std::move(id));
    }
}

void read_header(std::string_view header, std::string_view charset, Searchable& out)
{
    out.from = addresses(header, "from", charset);
    for (std::string& sender : addresses(header, "sender", charset))
        if (std::ranges::find(out.from, sender) == out.from.end())
            out.from.push_back(std::move(sender));
    out.to = addresses(header, "to", charset);
    out.cc = addresses(header, "cc", charset);
    out.bcc = addresses(header, "bcc", charset);
    out.subject = text_field(header, "subject", charset);
    out.list = text_field(header, "list-id", charset);
    out.message_id = without_brackets(text_field(header, "message-id", charset));
    add_references(out.references, text_field(header, "references", charset));
    add_references(out.references, text_field(header, "in-reply-to", charset));
    if (const auto date = header_value(header, "date"))
        out.date = parse_header_date(*date);
}

/// What an attached message says above its text.
std::string heading_of(const Entity& message, std::string_view charset)
{
    const std::string_view header = header_block(message.body);
    std::string heading = text_field(header, "subject", charset);
    for (const std::string& author : addresses(header, "from", charset))
        heading += "\n" + author;
    return heading;
}

struct File {
    const Entity* entity = nullptr;
    PartName name;
};

/// Files in MIME order; all others' text goes to `bodies`.
std::vector<File> files_of(const std::vector<Entity>& entities, std::string_view charset,
                           Bodies& bodies)
{
    std::vector<File> files;
    const Entity* before = nullptr;
    for (const Entity& entity : entities) {
        const Entity* const last = std::exchange(before, &entity);
        if (is_sealing(entity) || is_sealed_by(last, entity))
            continue;
        PartName name = name_of(entity, charset);
        if (entity.is_message) {
            bodies.add_heading(heading_of(entity, charset));
            if (name.file_name.empty())
                name.file_name = message_file_name(entity, charset);
        }
        if (is_searchable_body(entity, name))
            bodies.add(entity);
        else if (!is_picture_in_text(entity, name))
            files.push_back({&entity, std::move(name)});
    }
    return files;
}

}  // namespace

Searchable searchable_of(Bytes raw, const DocumentReader& read)
{
    const std::vector<Entity> entities = entities_of(text_of(raw));
    const std::string charset = likely_charset(entities);
    Searchable out;
    read_header(header_block(text_of(raw)), charset, out);

    Room room;
    Bodies bodies;
    const std::vector<File> files = files_of(entities, charset, bodies);
    out.text = bodies.text(room);
    for (const File& file : files) {
        SearchableAttachment& attachment = out.attachments.emplace_back();
        attachment.file_name = file.name.file_name;
        attachment.media_type = single_line(to_utf8(file.entity->media_type, {}));
        if (room.is_left())
            attachment.text = room.taken(text_of_file(*file.entity, file.name, read));
    }
    return out;
}

}  // namespace mailhold::mail
