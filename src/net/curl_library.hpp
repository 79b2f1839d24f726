#pragma once
// libcurl, loaded when somebody connects: with all that it brings (LDAP, Kerberos, SSH, …) it is a
// third of the time in which the program starts, and most commands connect to nobody.

#include <curl/curl.h>

namespace mailhold::net {

/// What we use of libcurl; its manual pages have the names with curl_ before them.
struct CurlLibrary {
    decltype(&curl_global_init) global_init = nullptr;
    decltype(&curl_version_info) version_info = nullptr;
    decltype(&curl_easy_init) easy_init = nullptr;
    decltype(&curl_easy_cleanup) easy_cleanup = nullptr;
    decltype(&curl_easy_setopt) easy_setopt = nullptr;
    decltype(&curl_easy_perform) easy_perform = nullptr;
    decltype(&curl_easy_getinfo) easy_getinfo = nullptr;
    decltype(&curl_easy_send) easy_send = nullptr;
    decltype(&curl_easy_recv) easy_recv = nullptr;
    decltype(&curl_easy_strerror) easy_strerror = nullptr;
    decltype(&curl_url) url = nullptr;
    decltype(&curl_url_set) url_set = nullptr;
    decltype(&curl_url_cleanup) url_cleanup = nullptr;
};

/// Loaded and initialised by the first call, whichever thread makes it; stays loaded. Throws bug,
/// with a hint, where libcurl is not installed.
const CurlLibrary& libcurl();

}  // namespace mailhold::net
