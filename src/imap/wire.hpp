#pragma once
// Responses from, and lines to, one connection.

#include <memory>

#include "mailhold/net/connection.hpp"
#include "response_reader.hpp"

namespace mailhold::imap {

class Wire {
public:
    Wire(std::unique_ptr<net::Connection> connection, const Limits& limits);

    void send(std::string_view text, const Deadline& deadline);
    /// The next whole response. Throws as Connection::receive, or malformed.
    RawResponse next(const Deadline& deadline);

    std::string_view partial_text() const noexcept { return reader_.partial_text(); }

    /// Drops lines until one that begins with `tag`: for a stream whose beginning was lost.
    void discard_until_tagged(std::string_view tag, const Deadline& deadline);

    /// From here on both ways are deflated.
    void start_compression();

    bool is_loopback() const { return connection_->is_loopback(); }
    /// After decompression.
    std::uint64_t bytes_received() const noexcept { return bytes_received_; }

private:
    Bytes buffered() const noexcept;
    void refill(const Deadline& deadline);
    std::string next_line(std::size_t max_bytes, const Deadline& deadline);

    std::unique_ptr<net::Connection> connection_;
    ResponseReader reader_;
    ByteBuffer buffer_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    std::uint64_t bytes_received_ = 0;
};

}  // namespace mailhold::imap
