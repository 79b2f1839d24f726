// Finding libcurl's functions at run time.

#include "curl_library.hpp"

#include <string>

#include <dlfcn.h>

#include "mailhold/base/error.hpp"

namespace mailhold::net {

namespace {

constexpr const char* file_name = "libcurl.so.4";

[[noreturn]] void fail(const std::string& why)
{
    throw Error(ErrorKind::bug, std::string(file_name) + " cannot be used: " + why,
                "it makes all connections; install it: sudo apt install libcurl4");
}

/// dlopen(3)'s account of what just failed.
[[noreturn]] void fail_to_load()
{
    const char* why = dlerror();
    fail(why != nullptr ? why : "no reason given");
}

template <class Function>
void find(Function& function, void* library, const char* name)
{
    function = reinterpret_cast<Function>(dlsym(library, name));
    if (function == nullptr)
        fail_to_load();
}

CurlLibrary loaded()
{
    void* library = dlopen(file_name, RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr)
        fail_to_load();
    CurlLibrary curl;
    find(curl.global_init, library, "curl_global_init");
    find(curl.version_info, library, "curl_version_info");
    find(curl.easy_init, library, "curl_easy_init");
    find(curl.easy_cleanup, library, "curl_easy_cleanup");
    find(curl.easy_setopt, library, "curl_easy_setopt");
    find(curl.easy_perform, library, "curl_easy_perform");
    find(curl.easy_getinfo, library, "curl_easy_getinfo");
    find(curl.easy_send, library, "curl_easy_send");
    find(curl.easy_recv, library, "curl_easy_recv");
    find(curl.easy_strerror, library, "curl_easy_strerror");
    find(curl.url, library, "curl_url");
    find(curl.url_set, library, "curl_url_set");
    find(curl.url_cleanup, library, "curl_url_cleanup");
    if (curl.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        fail("it cannot be initialised");
    return curl;
}

}  // namespace

const CurlLibrary& libcurl()
{
    static const CurlLibrary library = loaded();
    return library;
}

}  // namespace mailhold::net
