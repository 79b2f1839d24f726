// Hosts, addresses and proxies: what is one and what is not.

#include "host.hpp"

#include <string>

#include <gmock/gmock.h>

namespace mailhold::config {
namespace {

TEST(LoopbackHost, IsOnlyWhatStaysOnThisMachine)
{
    for (std::string_view host : {"localhost", "127.0.0.1", "127.255.0.9", "::1"})
        EXPECT_TRUE(is_loopback_host(host)) << host;
    for (std::string_view host : {"", "127.0.0.1.example.com", "128.0.0.1", "127.1",
                                  "localhost.example.com", "::2", "10.0.0.1", "0.0.0.0"})
        EXPECT_FALSE(is_loopback_host(host)) << host;
}

TEST(Host, IsANameOrAnAddressAlone)
{
    for (std::string_view host :
         {"imap.example.com", "localhost", "10.0.0.1", "fe80::1", "邮箱.例子", "a_b-c.example"})
        EXPECT_TRUE(is_host(host)) << host;
    for (std::string_view host : {"", "imap.example.com:993", "imaps://imap.example.com", "a b",
                                  "-a", ".a", "a/b", "a@b", "[::1]", "a\nb"})
        EXPECT_FALSE(is_host(host)) << host;
    EXPECT_FALSE(is_host(std::string(254, 'a')));
}

TEST(Address, HasOneAtSign)
{
    for (std::string_view address :
         {"a@b", "sales.eu+x@example.com", "销售@例子.cn", "O'Neil@example.com"})
        EXPECT_TRUE(is_address(address)) << address;
    for (std::string_view address :
         {"", "a", "@b", "a@", "a@b@c", "a b@c", "a@b c", "a@b\n", "\x1b@b", "a@b/c"})
        EXPECT_FALSE(is_address(address)) << address;
}

TEST(Proxy, HasAKnownSchemeAndAPortAndNoPassword)
{
    for (std::string_view url :
         {"socks5://127.0.0.1:1080", "socks5h://proxy:1080", "http://proxy.example.com:3128",
          "https://proxy:443/", "http://[::1]:80"})
        EXPECT_TRUE(is_proxy(url)) << url;
    for (std::string_view url :
         {"", "proxy:80", "ftp://proxy:80", "http://proxy", "http://:80",
          "http://proxy:", "http://user:secret@proxy:80", "http://proxy:80/path",
          "http://proxy:99999", "http://::1:80", "http://proxy:8o"})
        EXPECT_FALSE(is_proxy(url)) << url;
}

}  // namespace
}  // namespace mailhold::config
