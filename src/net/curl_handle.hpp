#pragma once
// Owning handles of libcurl.

#include <memory>

#include "curl_library.hpp"
#include "mailhold/base/error.hpp"

namespace mailhold::net {

struct CurlCleanup {
    void operator()(CURL* curl) const noexcept { libcurl().easy_cleanup(curl); }
};
using CurlHandle = std::unique_ptr<CURL, CurlCleanup>;

struct CurlUrlCleanup {
    void operator()(CURLU* url) const noexcept { libcurl().url_cleanup(url); }
};
using CurlUrl = std::unique_ptr<CURLU, CurlUrlCleanup>;

/// A new easy handle.
inline CurlHandle new_curl_handle()
{
    CurlHandle handle(libcurl().easy_init());
    if (!handle)
        throw Error(ErrorKind::bug, "libcurl gives no handle");
    return handle;
}

/// Sets one option; a failure means that this libcurl was built without it.
template <class Value>
void set_option(CURL* curl, CURLoption option, Value value)
{
    if (const CURLcode code = libcurl().easy_setopt(curl, option, value); code != CURLE_OK)
        throw Error(ErrorKind::bug,
                    std::string("libcurl refuses an option: ") + libcurl().easy_strerror(code));
}

}  // namespace mailhold::net
