#pragma once
// What goes through the socket between a worker and its parent: a length of eight bytes, then as
// many bytes; one question, one answer.

#include <functional>
#include <string_view>

#include "mailhold/base/bytes.hpp"

namespace mailhold::sandbox {

// Descriptors of a worker, from its start.
inline constexpr int socket_descriptor = 3;
inline constexpr int lifeline_descriptor = 4;

/// True when serve_if_worker() was called for this role.
bool serves_role(std::string_view role);

/// One end. After the first trouble everything does nothing, and state() tells.
class Channel {
public:
    enum class State { open, closed, out_of_time };

    /// `wait` waits for events of poll(2) at the socket; false: time is up.
    Channel(int socket, std::function<bool(short events)> wait)
        : socket_(socket), wait_(std::move(wait))
    {
    }

    /// Their length together, then their bytes.
    void send(std::span<const Bytes> pieces);
    /// A length and its bytes; closes the channel when there would be more than `max_bytes`.
    void receive(ByteBuffer& bytes, std::uint64_t max_bytes);
    State state() const noexcept { return state_; }

private:
    void send_all(Bytes bytes);
    void receive_exactly(std::span<std::byte> bytes);
    bool may_go_on(ssize_t result, short events);

    int socket_;
    std::function<bool(short)> wait_;
    State state_ = State::open;
};

}  // namespace mailhold::sandbox
