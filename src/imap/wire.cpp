// Moving bytes between the connection and the response reader with as few copies as possible.

#include "wire.hpp"

#include <algorithm>

#include "deflate_connection.hpp"

namespace mailhold::imap {

namespace {

constexpr std::size_t buffer_bytes = 256 * kibibyte;
/// From this many missing bytes on a literal is received straight into its own buffer.
constexpr std::uint64_t direct_from_bytes = 64 * kibibyte;
/// What may come before the answer to the first command.
constexpr std::size_t max_discarded_bytes = 64 * kibibyte;

}  // namespace

Wire::Wire(std::unique_ptr<net::Connection> connection, const Limits& limits)
    : connection_(std::move(connection)), reader_(limits), buffer_(buffer_bytes)
{
}

void Wire::send(std::string_view text, const Deadline& deadline)
{
    connection_->send(bytes_of(text), deadline);
}

RawResponse Wire::next(const Deadline& deadline)
{
    for (;;) {
        begin_ += reader_.feed(buffered());
        if (reader_.complete())
            return reader_.take();
        if (reader_.literal_left() >= direct_from_bytes) {
            const std::size_t count = connection_->receive(reader_.literal_room(), deadline);
            reader_.literal_filled(count);
            bytes_received_ += count;
        } else {
            refill(deadline);
        }
    }
}

Bytes Wire::buffered() const noexcept
{
    return Bytes(buffer_).subspan(begin_, end_ - begin_);
}

/// Only with nothing buffered.
void Wire::refill(const Deadline& deadline)
{
    begin_ = 0;
    end_ = 0;
    end_ = connection_->receive(buffer_, deadline);
    bytes_received_ += end_;
}

std::string Wire::next_line(std::size_t max_bytes, const Deadline& deadline)
{
    std::string line;
    for (;;) {
        const std::string_view text = text_of(buffered());
        const auto end = text.find('\n');
        line += text.substr(0, end);
        begin_ += std::min(end, text.size());
        if (line.size() > max_bytes)
            throw Error(ErrorKind::malformed, "the server does not answer the first command");
        if (end != text.npos) {
            ++begin_;
            return line;
        }
        refill(deadline);
    }
}

void Wire::discard_until_tagged(std::string_view tag, const Deadline& deadline)
{
    const std::string wanted = std::string(tag) + ' ';
    std::size_t left = max_discarded_bytes;
    for (;;) {
        const std::string line = next_line(left, deadline);
        left -= line.size();
        if (line.starts_with(wanted))
            return;
        if (line.starts_with("* BYE"))
            throw Error(ErrorKind::unreachable,
                        "the server ended the session: " + line.substr(2, line.find('\r') - 2));
    }
}

void Wire::start_compression()
{
    const ByteBuffer received = copy_of(buffered());
    begin_ = end_;
    connection_ = make_deflate_connection(std::move(connection_), received);
}

}  // namespace mailhold::imap
