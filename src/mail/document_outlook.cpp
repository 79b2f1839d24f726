// .msg: each property of a message is a stream, named after its number and type (MS-OXMSG).

#include <fmt/format.h>

#include "charset.hpp"
#include "document_ole.hpp"

namespace mailhold::mail {

namespace {

// Numbers of properties (MS-OXPROPS).
constexpr unsigned subject = 0x0037;
constexpr unsigned sender_name = 0x0c1a;
constexpr unsigned sender_address = 0x0c1f;
constexpr unsigned sender_smtp_address = 0x5d01;
constexpr unsigned shown_to = 0x0e04;
constexpr unsigned shown_cc = 0x0e03;
constexpr unsigned body = 0x1000;
constexpr unsigned html_body = 0x1013;
constexpr unsigned display_name = 0x3001;
constexpr unsigned attached_content = 0x3701;
constexpr unsigned long_file_name = 0x3707;
constexpr unsigned short_file_name = 0x3704;
constexpr unsigned smtp_address = 0x39fe;

constexpr unsigned wide_text = 0x001f;
constexpr unsigned narrow_text = 0x001e;
constexpr unsigned binary = 0x0102;

class OutlookReader {
public:
    OutlookReader(const CompoundFile& file, Reading& reading) : file_(file), reading_(reading) {}

    void read_message(std::size_t storage)
    {
        for (const unsigned property :
             {subject, sender_name, sender_address, sender_smtp_address, shown_to, shown_cc})
            add_line(text(storage, property));
        read_children(storage, "__recip_version1.0_", [&](std::size_t recipient) {
            add_line(
                fmt::format("{} {}", text(recipient, display_name), text(recipient, smtp_address)));
        });
        read_body(storage);
        read_children(storage, "__attach_version1.0_",
                      [&](std::size_t attachment) { read_attachment(attachment); });
    }

private:
    void add_line(std::string_view line)
    {
        reading_.add(line);
        reading_.end_line();
    }

    ByteBuffer bytes(std::size_t storage, unsigned property, unsigned type) const
    {
        return file_.read(storage, fmt::format("__substg1.0_{:04X}{:04X}", property, type),
                          max_stream_bytes);
    }

    std::string text(std::size_t storage, unsigned property) const
    {
        if (const ByteBuffer wide = bytes(storage, property, wide_text); !wide.empty())
            return from_utf16(wide);
        return to_utf8(text_of(bytes(storage, property, narrow_text)), {});
    }

    void read_body(std::size_t storage)
    {
        if (const std::string plain = text(storage, body); !plain.empty())
            return add_line(plain);
        if (const ByteBuffer html = bytes(storage, html_body, binary); !html.empty())
            read_html(html, reading_);
        else if (const std::string wide = text(storage, html_body); !wide.empty())
            read_html(bytes_of(wide), reading_);
        reading_.end_line();
    }

    void read_attachment(std::size_t storage)
    {
        std::string name = text(storage, long_file_name);
        if (name.empty())
            name = text(storage, short_file_name);
        add_line(name);
        const ByteBuffer content = bytes(storage, attached_content, binary);
        if (!content.empty())
            return read_inner({name, {}, content}, reading_);
        read_children(storage, "__substg1.0_3701000D", [&](std::size_t message) {
            if (reading_.depth >= reading_.limits().depth)
                return reading_.shorten("nested too deep");
            ++reading_.depth;
            read_message(message);
            --reading_.depth;
        });
    }

    template <class Visit>
    void read_children(std::size_t storage, std::string_view name_start, const Visit& visit)
    {
        const auto& entries = file_.entries();
        for (std::size_t i = 1; i < entries.size() && !reading_.is_over(); ++i)
            if (entries[i].is_storage && entries[i].parent == storage &&
                entries[i].name.starts_with(name_start))
                visit(i);
    }

    const CompoundFile& file_;
    Reading& reading_;
};

}  // namespace

void read_outlook_message(const CompoundFile& file, Reading& reading)
{
    OutlookReader(file, reading).read_message(CompoundFile::root);
}

}  // namespace mailhold::mail
