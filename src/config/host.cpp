// Checks of hosts, addresses and proxies.

#include "host.hpp"

#include <algorithm>
#include <string>

#include <arpa/inet.h>

namespace mailhold::config {

namespace {

bool is_ipv6(std::string_view host)
{
    in6_addr parsed{};
    return ::inet_pton(AF_INET6, std::string(host).c_str(), &parsed) == 1;
}

bool is_name_character(char c)
{
    // Bytes over 0x7f: internationalised names are written as they are spoken.
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
           c == '-' || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

bool is_port(std::string_view text)
{
    return !text.empty() && text.size() <= 5 && text.find_first_not_of("0123456789") == text.npos &&
           std::stoul(std::string(text)) <= 65535;
}

}  // namespace

bool is_loopback_host(std::string_view host)
{
    in_addr v4{};
    if (::inet_pton(AF_INET, std::string(host).c_str(), &v4) == 1)
        return (ntohl(v4.s_addr) >> 24) == 127;
    return host == "localhost" || host == "::1";
}

bool is_host(std::string_view host)
{
    if (host.empty() || host.size() > 253)
        return false;
    return is_ipv6(host) || (host.front() != '-' && host.front() != '.' &&
                             std::all_of(host.begin(), host.end(), is_name_character));
}

bool is_address(std::string_view address)
{
    const std::size_t at = address.find('@');
    if (at == address.npos || at == 0 || address.size() > 254 ||
        address.find('@', at + 1) != address.npos)
        return false;
    const auto printable_character = [](char c) {
        return static_cast<unsigned char>(c) > 0x20 && c != 0x7f;
    };
    return is_host(address.substr(at + 1)) &&
           std::all_of(address.begin(), address.end(), printable_character);
}

bool is_proxy(std::string_view url)
{
    const std::size_t scheme_end = url.find("://");
    if (scheme_end == url.npos)
        return false;
    const std::string_view scheme = url.substr(0, scheme_end);
    if (scheme != "socks5" && scheme != "socks5h" && scheme != "http" && scheme != "https")
        return false;
    std::string_view rest = url.substr(scheme_end + 3);
    if (rest.ends_with('/'))
        rest.remove_suffix(1);
    const std::size_t colon = rest.rfind(':');
    if (colon == rest.npos || !is_port(rest.substr(colon + 1)))
        return false;
    std::string_view host = rest.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']'))
        return is_ipv6(host.substr(1, host.size() - 2));
    return host.find(':') == host.npos && is_host(host);
}

}  // namespace mailhold::config
