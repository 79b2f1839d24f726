#pragma once
// Turning libcurl's account of a failed connection into ours.

#include <string_view>

#include "curl_library.hpp"
#include "login_transcript.hpp"
#include "mailhold/net/connection.hpp"

namespace mailhold::net {

/// `detail` is libcurl's error text; may be empty.
ConnectError connect_failure(CURL* curl, CURLcode code, const Endpoint& endpoint,
                             const LoginTranscript& transcript, std::string_view detail);

}  // namespace mailhold::net
