#pragma once
// Bytes to and from a server over the connection that libcurl made (CURLOPT_CONNECT_ONLY).

#include "curl_handle.hpp"
#include "mailhold/net/connection.hpp"

namespace mailhold::net {

class CurlConnection final : public Connection {
public:
    /// `curl` is connected and logged in.
    CurlConnection(CurlHandle curl, bool is_loopback, std::chrono::milliseconds idle,
                   std::stop_token stop);

    void send(Bytes bytes, const Deadline& deadline) override;
    std::size_t receive(std::span<std::byte> out, const Deadline& deadline) override;
    bool is_loopback() const override { return is_loopback_; }

private:
    void wait_for(short events, const Deadline& deadline) const;

    CurlHandle curl_;
    curl_socket_t socket_ = CURL_SOCKET_BAD;
    bool is_loopback_;
    std::chrono::milliseconds idle_;
    std::stop_token stop_;
};

}  // namespace mailhold::net
