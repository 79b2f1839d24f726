#include <gtest/gtest.h>
#include <zlib.h>

#include "deflate_connection.hpp"
#include "imap/scripted_connection.hpp"
#include "support/kind_thrown_by.hpp"

namespace mailhold::imap {
namespace {

/// Sends back every byte it is given, in pieces.
class Echo final : public net::Connection {
public:
    explicit Echo(std::size_t piece_bytes) : piece_bytes_(piece_bytes) {}

    void send(Bytes bytes, const Deadline&) override { append(held_, bytes); }
    std::size_t receive(std::span<std::byte> out, const Deadline&) override
    {
        const auto count = std::min({out.size(), piece_bytes_, held_.size()});
        if (count == 0)
            throw Error(ErrorKind::unreachable, "nothing more");
        std::copy_n(held_.begin(), count, out.begin());
        held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(count));
        return count;
    }
    bool is_loopback() const override { return false; }

private:
    ByteBuffer held_;
    std::size_t piece_bytes_;
};

std::string receive_text(net::Connection& connection, std::size_t size)
{
    std::string text(size, '\0');
    for (std::size_t got = 0; got < size;)
        got += connection.receive(std::as_writable_bytes(std::span(text)).subspan(got), {});
    return text;
}

TEST(DeflateConnection, WhatGoesOutComesBack)
{
    std::string large;
    for (int i = 0; large.size() < 300'000; ++i)
        large += std::to_string(i * 7919);
    for (const std::size_t piece : {1U, 7U, 100'000U}) {
        const auto connection = make_deflate_connection(std::make_unique<Echo>(piece), {});
        for (const std::string& text : {std::string("mh1 NOOP\r\n"), large, std::string("x")}) {
            connection->send(bytes_of(text), {});
            EXPECT_EQ(receive_text(*connection, text.size()), text);
        }
        EXPECT_FALSE(connection->is_loopback());
        std::byte more{};
        const auto kind = test::kind_thrown_by([&] { return connection->receive({&more, 1}, {}); });
        EXPECT_EQ(kind, ErrorKind::unreachable);
    }
}

TEST(DeflateConnection, BrokenInputIsMalformed)
{
    const auto connection =
        make_deflate_connection(std::make_unique<Echo>(9), bytes_of("\x07 a block of no kind"));
    std::byte out{};
    EXPECT_EQ(test::kind_thrown_by([&] {
                  return connection->receive({&out, 1}, {});
              }),
              ErrorKind::malformed);
}

std::string deflated(std::string_view text)
{
    z_stream stream{};
    deflateInit2(&stream, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
    std::string out(1000, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = 1000;
    deflate(&stream, Z_SYNC_FLUSH);
    out.resize(1000 - stream.avail_out);
    deflateEnd(&stream);
    return out;
}

// The first compressed bytes may come in one segment with the OK.
TEST(DeflateConnection, TheClientSwitchesRightAfterTheAnswer)
{
    const std::string tail = deflated("* OK compressed from here\r\nmh4 OK\r\n");
    test::Script script("IMAP4rev1 COMPRESS=DEFLATE");
    script.is_loopback = false;
    script.on("COMPRESS DEFLATE", "$ OK\n" + tail);
    ASSERT_EQ(tail.find_first_of("$\n"), tail.npos) << "the script would change these bytes";
    auto client = script.client(false);
    EXPECT_NO_THROW(client->noop());
}

TEST(DeflateConnection, LoopbackStaysPlainUnlessAsked)
{
    test::Script script("IMAP4rev1 COMPRESS=DEFLATE");
    script.client(false);
    EXPECT_EQ(script.sent.back(), "CAPABILITY");
    script.on("COMPRESS", "$ NO\n");
    script.client(true, {.compress_on_loopback = true});
    EXPECT_EQ(script.sent[script.sent.size() - 2], "COMPRESS DEFLATE");
    script.is_loopback = false;
    script.client(false, {.compress = false});
    EXPECT_EQ(script.sent.back(), "CAPABILITY");
}

}  // namespace
}  // namespace mailhold::imap
