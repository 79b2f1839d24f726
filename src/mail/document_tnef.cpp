// winmail.dat: Outlook's own wrapping of a message, through libytnef.

#include <memory>
#include <string>

extern "C" {
#include <ytnef.h>
}

#include <fmt/format.h>

#include "charset.hpp"
#include "document_reading.hpp"

namespace mailhold::mail {

namespace {

struct Tnef : TNEFStruct {
    Tnef() : TNEFStruct{} { TNEFInitialize(this); }
    ~Tnef() { TNEFFree(this); }
    Tnef(const Tnef&) = delete;
    Tnef& operator=(const Tnef&) = delete;
};

std::string_view text_of_value(const variableLength& value)
{
    if (value.data == nullptr || value.size <= 0)
        return {};
    return {reinterpret_cast<const char*>(value.data), static_cast<std::size_t>(value.size)};
}

std::string_view without_end(std::string_view text)
{
    return text.substr(0, std::min(text.find('\0'), text.size()));
}

/// A property of any of the types that texts and files have; empty when it is not there.
std::string_view property(MAPIProps& properties, unsigned id)
{
    for (const unsigned type : {PT_UNICODE, PT_STRING8, PT_BINARY, PT_OBJECT}) {
        const variableLength* value = MAPIFindProperty(&properties, PROP_TAG(type, id));
        if (value != nullptr && value != MAPI_UNDEFINED)
            return text_of_value(*value);
    }
    return {};
}

std::string code_page(const TNEFStruct& tnef)
{
    const std::string_view bytes = text_of_value(tnef.CodePage);
    return bytes.size() >= 4 ? fmt::format("cp{}", read_le<std::uint32_t>(bytes_of(bytes), 0))
                             : std::string();
}

void add_line(std::string_view text, const std::string& charset, Reading& reading)
{
    reading.add(to_utf8(without_end(text), charset));
    reading.end_line();
}

struct FreeMemory {
    void operator()(unsigned char* memory) const { std::free(memory); }
};

bool read_rich_body(Tnef& tnef, Reading& reading)
{
    variableLength* packed =
        MAPIFindProperty(&tnef.MapiProperties, PROP_TAG(PT_BINARY, PR_RTF_COMPRESSED));
    if (packed == nullptr || packed == MAPI_UNDEFINED)
        return false;
    int size = 0;
    const std::unique_ptr<unsigned char, FreeMemory> rtf(DecompressRTF(packed, &size));
    if (!rtf || size <= 0)
        return false;
    read_inner({"body.rtf",
                {},
                {reinterpret_cast<const std::byte*>(rtf.get()), static_cast<std::size_t>(size)}},
               reading);
    return true;
}

void read_body(Tnef& tnef, const std::string& charset, Reading& reading)
{
    if (const std::string_view html = property(tnef.MapiProperties, PR_BODY_HTML); !html.empty())
        read_html(bytes_of(html), reading);
    else if (const std::string_view plain = text_of_value(tnef.body); !plain.empty())
        add_line(plain, charset, reading);
    else if (const std::string_view text = property(tnef.MapiProperties, PR_BODY); !text.empty())
        add_line(text, charset, reading);
    else
        read_rich_body(tnef, reading);
}

/// An attached message is wrapped in the same way, behind the id of its interface.
std::string_view content_of(Attachment& attachment)
{
    constexpr std::size_t interface_id_bytes = 16;
    if (const std::string_view data = text_of_value(attachment.FileData); !data.empty())
        return data;
    const std::string_view object = property(attachment.MAPI, PR_ATTACH_DATA_OBJ);
    return object.substr(std::min(interface_id_bytes, object.size()));
}

void read_attached(Attachment& attachment, const std::string& charset, Reading& reading)
{
    std::string_view name = property(attachment.MAPI, PR_ATTACH_LONG_FILENAME);
    if (name.empty())
        name = text_of_value(attachment.Title);
    const std::string utf8 = to_utf8(without_end(name), charset);
    reading.add(single_line(utf8));
    reading.end_line();
    read_inner({utf8, {}, bytes_of(content_of(attachment))}, reading);
}

}  // namespace

void read_tnef(Bytes content, Reading& reading)
{
    Tnef tnef;
    // It takes a non-const pointer and only reads.
    auto* bytes =
        const_cast<unsigned char*>(reinterpret_cast<const unsigned char*>(content.data()));
    if (TNEFParseMemory(bytes, static_cast<long>(content.size()), &tnef) < 0)
        reading.fail("damaged");
    const std::string charset = code_page(tnef);
    add_line(text_of_value(tnef.subject), charset, reading);
    read_body(tnef, charset, reading);
    for (Attachment* one = tnef.starting_attach.next; one != nullptr; one = one->next) {
        if (reading.is_over())
            return;
        read_attached(*one, charset, reading);
    }
}

}  // namespace mailhold::mail
