// One pass over the lines that can matter: header lines, and lines that begin with "--".

#include "structure.hpp"

#include <algorithm>

#include "gmime_seam.hpp"

namespace mailhold::mail {

namespace {

constexpr std::size_t max_boundary = 1'000;  // RFC 2046 5.1.1 allows 70

bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lower_trimmed(std::string_view text)
{
    while (!text.empty() && is_blank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back()))
        text.remove_suffix(1);
    std::string out(text);
    std::ranges::transform(out, out.begin(), lower);
    return out;
}

/// Position behind the line that begins at `at`.
std::size_t next_line(std::string_view text, std::size_t at)
{
    const std::size_t end = text.find('\n', at);
    return end == std::string_view::npos ? text.size() : end + 1;
}

std::string_view without_line_end(std::string_view line)
{
    if (line.ends_with('\n'))
        line.remove_suffix(1);
    if (line.ends_with('\r'))
        line.remove_suffix(1);
    return line;
}

bool is_field(std::string_view line, std::string_view name)
{
    if (line.size() <= name.size())
        return false;
    for (std::size_t i = 0; i < name.size(); ++i)
        if (lower(line[i]) != lower(name[i]))
            return false;
    std::size_t at = name.size();
    while (at < line.size() && is_blank(line[at]))
        ++at;
    return at < line.size() && line[at] == ':';
}

/// An encoding that leaves the lines of an embedded message as they are.
bool is_identity(std::string_view encoding)
{
    return encoding.empty() || encoding == "7bit" || encoding == "8bit" || encoding == "binary";
}

bool is_embedded_message(const Entity& entity)
{
    return is_identity(entity.encoding) &&
           (entity.media_type == "message/rfc822" || entity.media_type == "message/global" ||
            entity.media_type == "message/news");
}

class Walker {
public:
    explicit Walker(std::string_view raw) : raw_(raw) {}

    std::vector<Entity> run()
    {
        std::size_t at = open_entity(0, "text/plain");
        while (const auto line = find_boundary(at)) {
            close_above(line->level + 1, end_before(line->begin));
            at = line->after;
            if (line->closes)
                containers_.pop_back();
            else if (entities_.size() >= max_entities)
                break;
            else
                at = open_entity(at, containers_.back().default_type);
        }
        close_above(0, raw_.size());
        return std::move(entities_);
    }

private:
    /// An open multipart (with a boundary) or embedded message (an entity).
    struct Container {
        std::string boundary;
        std::size_t entity = 0;
        std::size_t alternative = 0;
        std::string_view default_type = "text/plain";
        bool is_multipart() const { return !boundary.empty(); }
    };

    struct BoundaryLine {
        std::size_t level = 0;
        std::size_t begin = 0;
        std::size_t after = 0;
        bool closes = false;
    };

    struct Header {
        std::string_view block;
        std::size_t body = 0;
    };

    /// Reads the header at `at` and opens what it announces. Returns where its boundaries are to be
    /// looked for.
    std::size_t open_entity(std::size_t at, std::string_view default_type)
    {
        for (;;) {
            const Header header = read_header(at);
            Entity entity = described(header.block, default_type);
            if (open_multipart(entity, header))
                return header.body;
            begins_.push_back(header.body);
            entity.is_message = is_embedded_message(entity) && containers_.size() < max_depth;
            const bool is_message = entity.is_message;
            entities_.push_back(std::move(entity));
            if (!is_message) {
                leaf_is_open_ = true;
                return header.body;
            }
            containers_.push_back({{}, entities_.size() - 1, alternative(), "text/plain"});
            ++messages_open_;
            if (entities_.size() >= max_entities)
                return header.body;
            at = header.body;
            default_type = "text/plain";
        }
    }

    Entity described(std::string_view block, std::string_view default_type) const
    {
        Entity entity;
        entity.header = block;
        entity.messages_around = messages_open_;
        entity.alternative = alternative();
        entity.media_type = default_type;
        if (const auto value = header_value(block, "content-transfer-encoding"))
            entity.encoding = lower_trimmed(*value);
        return entity;
    }

    /// Fills in the type; true when a multipart was opened.
    bool open_multipart(Entity& entity, const Header& header)
    {
        const auto value = header_value(header.block, "content-type");
        if (!value)
            return false;
        const ContentType type = parse_content_type(*value);
        if (!type.media_type.empty())
            entity.media_type = type.media_type;
        entity.charset = type.charset;
        entity.has_name = !type.name.empty();
        entity.is_flowed = type.is_flowed;
        entity.deletes_spaces = type.deletes_spaces;
        if (!entity.media_type.starts_with("multipart/") || type.boundary.empty() ||
            type.boundary.size() > max_boundary || containers_.size() >= max_depth)
            return false;
        Container container{type.boundary, 0, alternative(), "text/plain"};
        if (entity.media_type == "multipart/alternative")
            container.alternative = ++alternatives_;
        if (entity.media_type == "multipart/digest")
            container.default_type = "message/rfc822";
        containers_.push_back(std::move(container));
        return true;
    }

    std::size_t alternative() const
    {
        return containers_.empty() ? 0 : containers_.back().alternative;
    }

    /// Header lines end at an empty line, at a boundary, or with the message.
    Header read_header(std::size_t begin) const
    {
        for (std::size_t at = begin; at < raw_.size();) {
            const std::size_t next = next_line(raw_, at);
            const std::string_view line = raw_.substr(at, next - at);
            if (without_line_end(line).empty())
                return {raw_.substr(begin, at - begin), next};
            if (line.starts_with("--") && matching(at, next))
                return {raw_.substr(begin, at - begin), at};
            at = next;
        }
        return {raw_.substr(begin), raw_.size()};
    }

    /// The next line at or behind the line start `at` that is a boundary of an open multipart.
    std::optional<BoundaryLine> find_boundary(std::size_t at) const
    {
        if (std::ranges::none_of(containers_, &Container::is_multipart))
            return std::nullopt;
        // Dashes are rare in encoded bodies, line ends are not: this runs at the speed of memchr.
        while ((at = raw_.find("--", at)) != std::string_view::npos) {
            const std::size_t next = next_line(raw_, at);
            if (at == 0 || raw_[at - 1] == '\n')
                if (auto line = matching(at, next))
                    return line;
            at = next;
        }
        return std::nullopt;
    }

    /// Innermost multipart first: a missing end of an inner one must not hide the outer one's
    /// parts.
    std::optional<BoundaryLine> matching(std::size_t begin, std::size_t after) const
    {
        const std::string_view line = without_line_end(raw_.substr(begin, after - begin)).substr(2);
        for (std::size_t level = containers_.size(); level-- > 0;) {
            const std::string& boundary = containers_[level].boundary;
            if (boundary.empty() || !line.starts_with(boundary))
                continue;
            std::string_view rest = line.substr(boundary.size());
            const bool closes = rest.starts_with("--");
            if (closes)
                rest.remove_prefix(2);
            if (std::ranges::all_of(rest, is_blank))
                return BoundaryLine{level, begin, after, closes};
        }
        return std::nullopt;
    }

    /// The line end before a boundary belongs to the boundary (RFC 2046 5.1.1).
    std::size_t end_before(std::size_t line_begin) const
    {
        std::size_t end = line_begin;
        if (end > 0 && raw_[end - 1] == '\n')
            --end;
        if (end > 0 && raw_[end - 1] == '\r')
            --end;
        return end;
    }

    void close_above(std::size_t level, std::size_t end)
    {
        if (leaf_is_open_)
            close(entities_.size() - 1, end);
        leaf_is_open_ = false;
        while (containers_.size() > level) {
            if (!containers_.back().is_multipart()) {
                close(containers_.back().entity, end);
                --messages_open_;
            }
            containers_.pop_back();
        }
    }

    void close(std::size_t entity, std::size_t end)
    {
        const std::size_t begin = begins_[entity];
        entities_[entity].body = raw_.substr(begin, end > begin ? end - begin : 0);
    }

    std::string_view raw_;
    std::vector<Entity> entities_;
    std::vector<std::size_t> begins_;  ///< of the entities' bodies
    std::vector<Container> containers_;
    std::size_t alternatives_ = 0;
    int messages_open_ = 0;
    bool leaf_is_open_ = false;  ///< the last entity
};

}  // namespace

std::vector<Entity> entities_of(std::string_view raw)
{
    return Walker(raw).run();
}

std::string_view header_block(std::string_view raw)
{
    for (std::size_t at = 0; at < raw.size();) {
        const std::size_t next = next_line(raw, at);
        if (without_line_end(raw.substr(at, next - at)).empty())
            return raw.substr(0, at);
        at = next;
    }
    return raw;
}

std::optional<std::string> header_value(std::string_view header, std::string_view name)
{
    for (std::size_t at = 0; at < header.size();) {
        std::size_t next = next_line(header, at);
        const std::string_view line = header.substr(at, next - at);
        if (!is_field(line, name)) {
            at = next;
            continue;
        }
        std::string value(
            without_line_end(line.substr(line.find(':') + 1)).substr(0, max_header_value));
        while (next < header.size() && is_blank(header[next]) && value.size() < max_header_value) {
            at = next;
            next = next_line(header, at);
            value += without_line_end(header.substr(at, next - at)).substr(0, max_header_value);
        }
        value.resize(std::min(value.size(), max_header_value));
        std::ranges::replace(value, '\0', ' ');
        return value;
    }
    return std::nullopt;
}

}  // namespace mailhold::mail
