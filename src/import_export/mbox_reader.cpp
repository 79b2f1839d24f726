// One pass over an mbox file. A From_ line begins a message when it has a date, or when it follows
// an empty line and is as bare as the file's first one.

#include "mbox_reader.hpp"

#include <charconv>

#include "from_line.hpp"
#include "status_headers.hpp"

namespace mailhold::import_export {

namespace {

constexpr std::string_view from = "From ";

bool is_blank(std::string_view line)
{
    return line == "\n" || line == "\r\n";
}

/// Bytes of a line end that begins `text`.
std::size_t line_end_bytes(std::string_view text)
{
    return text.starts_with("\r\n") ? 2 : text.starts_with('\n') ? 1 : 0;
}

bool has_from_line(std::string_view body)
{
    return body.starts_with(from) || body.find("\nFrom ") != std::string_view::npos;
}

std::optional<std::size_t> content_length(std::string_view header)
{
    const auto value = field_of_header(header, "content-length");
    if (!value)
        return std::nullopt;
    std::size_t length = 0;
    const auto [end, error] = std::from_chars(value->data(), value->data() + value->size(), length);
    if (error != std::errc{} || end != value->data() + value->size() || length > max_message_bytes)
        return std::nullopt;
    return length;
}

class MboxReader {
public:
    MboxReader(BufferedReader& reader, const FileContext& context, MboxVariant variant,
               MailSink& sink)
        : reader_(reader), context_(context), variant_(variant), sink_(sink)
    {
    }

    void read()
    {
        skip_to_first();
        while (!reader_.peek_line().empty())
            read_one();
    }

private:
    /// Empty lines may come before the first message; anything else is told, and passed over.
    void skip_to_first()
    {
        bool is_told = false;
        for (std::string_view line = reader_.peek_line(); !line.empty() && !line.starts_with(from);
             line = reader_.peek_line()) {
            if (!is_blank(line) && !is_told) {
                sink_.failed({context_.file, reader_.offset()},
                             "this is no mbox here: no line beginning with \"From \"");
                is_told = true;
            }
            take(line);
        }
        const std::string_view first = reader_.peek_line();
        takes_any_ = !date_of_from_line(first) && !is_bare_from_line(first);
        was_blank_ = true;
    }

    void read_one()
    {
        message_ = Incoming{.from = {context_.file, reader_.offset()},
                            .folder = context_.folder,
                            .flags = {},
                            .date = {},
                            .raw = {}};
        is_too_large_ = false;
        const std::string_view line = reader_.peek_line();
        message_.date = date_of_from_line(line);
        take(line);
        const bool has_body = read_header();
        message_.flags = flags_of_header(text_of(message_.raw));
        if (has_body && !read_body_by_length())
            read_body_by_lines();
        if (is_too_large_)
            sink_.failed(message_.from, "larger than 256 MiB");
        else
            sink_.message(std::move(message_));
    }

    /// False when the next message begins in the midst of it, or the file ends.
    bool read_header()
    {
        const bool unquotes = variant_ == MboxVariant::rd || variant_ == MboxVariant::o;
        for (;;) {
            const std::string_view line = reader_.peek_line();
            if (line.empty() || is_separator(line))
                return false;
            const bool is_end = at_line_start_ && is_blank(line);
            add_line(line, unquotes);
            if (is_end)
                return true;
        }
    }

    /// False when the header tells no length, or one that does not end where a message can.
    bool read_body_by_length()
    {
        if (variant_ == MboxVariant::o || variant_ == MboxVariant::rd || is_too_large_)
            return false;
        const auto length = content_length(text_of(message_.raw));
        if (!length)
            return false;
        const std::string_view next = reader_.peek(*length + 2 + from.size());
        if (next.size() < *length)
            return false;
        const std::string_view body = next.substr(0, *length);
        const std::string_view behind = next.substr(*length);
        const std::size_t end = line_end_bytes(behind);
        const bool fits = behind.size() == end || behind.substr(end).starts_with(from);
        const bool ends_a_line = end > 0 || body.empty() || body.ends_with('\n');
        if (!fits || !ends_a_line)
            return false;
        const bool is_quoted = variant_ == MboxVariant::cl ||
                               (variant_ == MboxVariant::automatic && !has_from_line(body));
        add_body(body, is_quoted);
        reader_.take(*length + end);
        at_line_start_ = true;
        was_blank_ = true;
        return true;
    }

    void add_body(std::string_view body, bool is_quoted)
    {
        while (!body.empty()) {
            const std::size_t end = std::min(body.find('\n'), body.size() - 1) + 1;
            add_text(body.substr(0, end), is_quoted);
            body.remove_prefix(end);
        }
    }

    void read_body_by_lines()
    {
        for (std::string_view line = reader_.peek_line(); !line.empty() && !is_separator(line);
             line = reader_.peek_line())
            add_line(line, variant_ != MboxVariant::cl2);
        if (was_blank_)
            remove_last_line_end();
    }

    bool is_separator(std::string_view line) const
    {
        if (!at_line_start_ || !line.starts_with(from))
            return false;
        if (date_of_from_line(line))
            return true;
        return was_blank_ && (takes_any_ || is_bare_from_line(line));
    }

    void add_line(std::string_view line, bool is_quoted)
    {
        add_text(line, is_quoted && at_line_start_);
        take(line);
    }

    void add_text(std::string_view line, bool is_quoted)
    {
        const bool loses_quote =
            is_quoted && line.starts_with('>') &&
            (variant_ == MboxVariant::o ? line.substr(1).starts_with(from) : is_quotable(line));
        if (loses_quote)
            line.remove_prefix(1);
        if (message_.raw.size() + line.size() > max_message_bytes)
            is_too_large_ = true;
        if (is_too_large_)
            message_.raw = {};
        else
            append(message_.raw, bytes_of(line));
    }

    void take(std::string_view line)
    {
        const bool is_whole = line.ends_with('\n');
        was_blank_ = at_line_start_ && is_blank(line);
        at_line_start_ = is_whole;
        reader_.take(line.size());
    }

    /// The empty line between two messages is the file's.
    void remove_last_line_end()
    {
        ByteBuffer& raw = message_.raw;
        if (!raw.empty())
            raw.pop_back();
        if (!raw.empty() && raw.back() == std::byte{'\r'})
            raw.pop_back();
    }

    BufferedReader& reader_;
    const FileContext& context_;
    MboxVariant variant_;
    MailSink& sink_;
    bool takes_any_ = false;  ///< the first From_ line has no date: nor will the others
    bool at_line_start_ = true;
    bool was_blank_ = true;  ///< the line before was
    Incoming message_;
    bool is_too_large_ = false;
};

}  // namespace

void read_mbox(BufferedReader& reader, const FileContext& context, MboxVariant variant,
               MailSink& sink)
{
    MboxReader(reader, context, variant, sink).read();
}

}  // namespace mailhold::import_export
