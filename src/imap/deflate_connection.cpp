// zlib around a connection.

#include "deflate_connection.hpp"

#include <zlib.h>

#include <algorithm>

namespace mailhold::imap {

namespace {

constexpr int raw_deflate = -15;  // RFC 4978: no zlib header
constexpr std::size_t buffer_bytes = 64 * kibibyte;

Bytef* zlib_bytes(const std::byte* data)
{
    return reinterpret_cast<Bytef*>(const_cast<std::byte*>(data));  // zlib only reads its input
}

class Deflater {
public:
    Deflater()
    {
        if (deflateInit2(&stream_, Z_DEFAULT_COMPRESSION, Z_DEFLATED, raw_deflate, 8,
                         Z_DEFAULT_STRATEGY) != Z_OK)
            throw Error(ErrorKind::bug, "zlib cannot be initialised");
    }
    ~Deflater() { deflateEnd(&stream_); }
    Deflater(const Deflater&) = delete;
    Deflater& operator=(const Deflater&) = delete;

    /// Compresses all of `bytes` and flushes, so that the server can read every one of them.
    ByteBuffer compress(Bytes bytes)
    {
        ByteBuffer out;
        stream_.next_in = zlib_bytes(bytes.data());
        stream_.avail_in = static_cast<uInt>(bytes.size());
        do {
            const std::size_t start = out.size();
            out.resize(start + 1024);
            stream_.next_out = zlib_bytes(out.data() + start);
            stream_.avail_out = 1024;
            deflate(&stream_, Z_SYNC_FLUSH);
            out.resize(out.size() - stream_.avail_out);
        } while (stream_.avail_out == 0);
        return out;
    }

private:
    z_stream stream_{};
};

class Inflater {
public:
    explicit Inflater(Bytes received) : buffer_(copy_of(received))
    {
        if (inflateInit2(&stream_, raw_deflate) != Z_OK)
            throw Error(ErrorKind::bug, "zlib cannot be initialised");
        stream_.next_in = zlib_bytes(buffer_.data());
        stream_.avail_in = static_cast<uInt>(buffer_.size());
    }
    ~Inflater() { inflateEnd(&stream_); }
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;

    /// 0 when more input is needed. Throws malformed for what is not deflate.
    std::size_t decompress(std::span<std::byte> out)
    {
        const auto room = static_cast<uInt>(std::min<std::size_t>(out.size(), 1U << 30));
        stream_.next_out = zlib_bytes(out.data());
        stream_.avail_out = room;
        const int result = inflate(&stream_, Z_SYNC_FLUSH);
        const std::size_t produced = room - stream_.avail_out;
        if (produced == 0 && result == Z_STREAM_END)
            throw Error(ErrorKind::unreachable, "the server ended the compressed stream");
        if (result != Z_OK && result != Z_BUF_ERROR && result != Z_STREAM_END)
            throw Error(ErrorKind::malformed, "the server's compressed stream is broken");
        return produced;
    }

    void refill(net::Connection& from, const Deadline& deadline)
    {
        buffer_.resize(buffer_bytes);
        stream_.avail_in = static_cast<uInt>(from.receive(buffer_, deadline));
        stream_.next_in = zlib_bytes(buffer_.data());
    }

private:
    z_stream stream_{};
    ByteBuffer buffer_;
};

class DeflateConnection final : public net::Connection {
public:
    DeflateConnection(std::unique_ptr<net::Connection> inner, Bytes received)
        : inner_(std::move(inner)), inflater_(received)
    {
    }

    void send(Bytes bytes, const Deadline& deadline) override
    {
        inner_->send(deflater_.compress(bytes), deadline);
    }

    std::size_t receive(std::span<std::byte> out, const Deadline& deadline) override
    {
        for (;;) {
            if (const std::size_t produced = inflater_.decompress(out))
                return produced;
            inflater_.refill(*inner_, deadline);
        }
    }

    bool is_loopback() const override { return inner_->is_loopback(); }

private:
    std::unique_ptr<net::Connection> inner_;
    Deflater deflater_;
    Inflater inflater_;
};

}  // namespace

std::unique_ptr<net::Connection> make_deflate_connection(std::unique_ptr<net::Connection> inner,
                                                         Bytes received)
{
    return std::make_unique<DeflateConnection>(std::move(inner), received);
}

}  // namespace mailhold::imap
