#pragma once
// Which hosts, addresses and proxies the config may name.

#include <string_view>

namespace mailhold::config {

/// "localhost", 127.0.0.0/8 or ::1: traffic that no network sees.
bool is_loopback_host(std::string_view host);

/// A host name or IP address, without port or scheme.
bool is_host(std::string_view host);

/// One '@' with something on both sides, no spaces or control characters.
bool is_address(std::string_view address);

/// "socks5://host:port", "socks5h://…", "http://…", "https://…"; without user and password.
bool is_proxy(std::string_view url);

}  // namespace mailhold::config
