// Versions of the libraries behind this module.

#include "mailhold/net/version.hpp"

#include "mailhold/base/error.hpp"

#include "curl_library.hpp"

namespace mailhold::net {

std::vector<std::pair<std::string, std::string>> library_versions()
{
    try {
        const curl_version_info_data* info = libcurl().version_info(CURLVERSION_NOW);
        return {{"libcurl", info->version},
                {"TLS", info->ssl_version != nullptr ? info->ssl_version : "none"}};
    } catch (const Error&) {
        return {{"libcurl", "not installed"}};  // this is told, not used
    }
}

}  // namespace mailhold::net
