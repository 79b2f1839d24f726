// Reading ahead in one buffer that grows only for who peeks far.

#include "buffered_reader.hpp"

#include <algorithm>

namespace mailhold::import_export {

namespace {

constexpr std::size_t longest_piece = 64 * kibibyte;
constexpr std::size_t large_bytes = 1 * mebibyte;

}  // namespace

bool BufferedReader::fill()
{
    if (is_ended_)
        return false;
    // Only where what is kept is the smaller part: each byte is moved less than once on average,
    // whatever a Content-Length makes us look ahead.
    if (begin_ > end_ - begin_) {
        buffer_.erase(0, begin_);
        end_ -= begin_;
        begin_ = 0;
        if (buffer_.capacity() > large_bytes && end_ < large_bytes / 8) {
            buffer_.resize(end_);
            buffer_.shrink_to_fit();  // it had grown for one large message
        }
    }
    buffer_.resize(end_ + chunk_bytes_);
    const std::size_t got =
        source_.read(std::as_writable_bytes(std::span(buffer_).subspan(end_, chunk_bytes_)));
    end_ += got;
    is_ended_ = got < chunk_bytes_;
    return got > 0;
}

std::string_view BufferedReader::peek(std::size_t count)
{
    while (end_ - begin_ < count && fill())
        continue;
    return held().substr(0, count);
}

std::string_view BufferedReader::peek_line()
{
    std::size_t searched = 0;
    for (;;) {
        const std::string_view text = held();
        const std::size_t end = text.find('\n', searched);
        if (end < longest_piece)
            return text.substr(0, end + 1);
        if (text.size() >= longest_piece)
            return text.substr(0, longest_piece);
        searched = text.size();
        if (!fill())
            return held();
    }
}

void BufferedReader::take(std::size_t count)
{
    begin_ += count;
    offset_ += count;
}

std::optional<ByteBuffer> BufferedReader::rest(std::uint64_t limit_bytes)
{
    ByteBuffer all;
    for (;;) {
        const std::string_view next = peek(longest_piece);
        if (next.empty())
            return all;
        if (all.size() + next.size() > limit_bytes)
            return std::nullopt;
        append(all, bytes_of(next));
        take(next.size());
    }
}

}  // namespace mailhold::import_export
