// Never blocks in send or recv: waiting has a deadline.

#include "worker_channel.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

#include <poll.h>
#include <sys/socket.h>

namespace mailhold::sandbox {

/// After a call that moved no bytes: false when there is no use in another.
bool Channel::may_go_on(ssize_t result, short events)
{
    if (result < 0 && errno == EINTR)
        return true;
    if (result == 0 || (errno != EAGAIN && errno != EWOULDBLOCK))
        state_ = State::closed;
    else if (!wait_(events))
        state_ = State::out_of_time;
    return state_ == State::open;
}

void Channel::send_all(Bytes bytes)
{
    while (state_ == State::open && !bytes.empty()) {
        const ssize_t sent =
            ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent > 0)
            bytes = bytes.subspan(static_cast<std::size_t>(sent));
        else if (!may_go_on(sent, POLLOUT))
            return;
    }
}

/// Small pieces go together, since each that goes alone wakes the other end.
void Channel::send(std::span<const Bytes> pieces)
{
    constexpr std::size_t small = 64 * kibibyte;
    std::uint64_t total = 0;
    for (const Bytes piece : pieces)
        total += piece.size();
    ByteBuffer gathered;
    append_le(gathered, total);
    for (const Bytes piece : pieces) {
        if (piece.size() <= small) {
            append(gathered, piece);
            continue;
        }
        send_all(gathered);
        gathered.clear();
        send_all(piece);
    }
    send_all(gathered);
}

void Channel::receive_exactly(std::span<std::byte> bytes)
{
    while (state_ == State::open && !bytes.empty()) {
        const ssize_t got = ::recv(socket_, bytes.data(), bytes.size(), MSG_DONTWAIT);
        if (got > 0)
            bytes = bytes.subspan(static_cast<std::size_t>(got));
        else if (!may_go_on(got, POLLIN))
            return;
    }
}

void Channel::receive(ByteBuffer& bytes, std::uint64_t max_bytes)
{
    std::array<std::byte, sizeof(std::uint64_t)> header{};
    receive_exactly(header);
    const auto length = read_le<std::uint64_t>(header, 0);
    if (state_ == State::open && length > max_bytes)
        state_ = State::closed;
    if (state_ != State::open)
        return;
    bytes.resize(length);
    receive_exactly(bytes);
}

}  // namespace mailhold::sandbox
