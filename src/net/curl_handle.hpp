#pragma once
// Owning handles of libcurl, and its one-time initialisation.

#include <memory>

#include <curl/curl.h>

#include "mailhold/base/error.hpp"

namespace mailhold::net {

struct CurlCleanup {
    void operator()(CURL* curl) const noexcept { curl_easy_cleanup(curl); }
};
using CurlHandle = std::unique_ptr<CURL, CurlCleanup>;

struct CurlUrlCleanup {
    void operator()(CURLU* url) const noexcept { curl_url_cleanup(url); }
};
using CurlUrl = std::unique_ptr<CURLU, CurlUrlCleanup>;

/// A new easy handle; initialises libcurl the first time, whichever thread comes first.
inline CurlHandle new_curl_handle()
{
    static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
    CurlHandle handle(initialised == CURLE_OK ? curl_easy_init() : nullptr);
    if (!handle)
        throw Error(ErrorKind::bug, "libcurl cannot be initialised");
    return handle;
}

/// Sets one option; a failure means that this libcurl was built without it.
template <class Value>
void set_option(CURL* curl, CURLoption option, Value value)
{
    if (const CURLcode code = curl_easy_setopt(curl, option, value); code != CURLE_OK)
        throw Error(ErrorKind::bug,
                    std::string("libcurl refuses an option: ") + curl_easy_strerror(code));
}

}  // namespace mailhold::net
