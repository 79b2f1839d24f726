// How far a failed connection came, from libcurl's code, its timers and what the server said.

#include "connect_failure.hpp"

#include <fmt/format.h>

namespace mailhold::net {

namespace {

bool happened(CURL* curl, CURLINFO timer)
{
    curl_off_t microseconds = 0;
    return libcurl().easy_getinfo(curl, timer, &microseconds) == CURLE_OK && microseconds > 0;
}

/// For codes that can occur at any time: time is up, connection lost.
ConnectStage stage_by_progress(CURL* curl, const Endpoint& endpoint,
                               const LoginTranscript& transcript)
{
    if (transcript.login_sent())
        return ConnectStage::login;
    if (transcript.greeted())
        return ConnectStage::greeting;
    if (!happened(curl, CURLINFO_NAMELOOKUP_TIME_T))
        return ConnectStage::resolve;
    const bool proxied = !endpoint.proxy.empty();
    if (!happened(curl, CURLINFO_CONNECT_TIME_T))
        return proxied ? ConnectStage::proxy : ConnectStage::connect;
    if (endpoint.tls == Tls::implicit && !happened(curl, CURLINFO_APPCONNECT_TIME_T))
        return proxied ? ConnectStage::proxy : ConnectStage::tls;
    return ConnectStage::greeting;
}

ConnectStage stage_of(CURL* curl, CURLcode code, const Endpoint& endpoint,
                      const LoginTranscript& transcript)
{
    switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
        return ConnectStage::resolve;
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_PROXY:
        return ConnectStage::proxy;
    case CURLE_COULDNT_CONNECT:
        return endpoint.proxy.empty() ? ConnectStage::connect : ConnectStage::proxy;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_CRL_BADFILE:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_USE_SSL_FAILED:
        return ConnectStage::tls;
    case CURLE_LOGIN_DENIED:
    case CURLE_AUTH_ERROR:
        return ConnectStage::login;
    default:
        return stage_by_progress(curl, endpoint, transcript);
    }
}

std::string_view doing(ConnectStage stage)
{
    switch (stage) {
    case ConnectStage::resolve:
    case ConnectStage::connect:
        return "cannot connect to";
    case ConnectStage::proxy:
        return "the proxy gives no connection to";
    case ConnectStage::tls:
        return "no trusted TLS connection to";
    case ConnectStage::greeting:
        return "no IMAP service at";
    case ConnectStage::login:
        return "cannot log in at";
    }
    return "cannot connect to";
}

/// The server's last word where it spoke; else libcurl's.
std::string reason(CURLcode code, ConnectStage stage, const LoginTranscript& transcript,
                   std::string_view detail)
{
    const std::string said = transcript.text();
    const bool server_decided = stage == ConnectStage::login || stage == ConnectStage::greeting;
    if (server_decided && !said.empty())
        return said.substr(said.rfind('\n') + 1);
    if (stage == ConnectStage::proxy && !transcript.proxy_answer().empty())
        return transcript.proxy_answer();
    return std::string(detail.empty() ? libcurl().easy_strerror(code) : detail);
}

}  // namespace

ConnectError connect_failure(CURL* curl, CURLcode code, const Endpoint& endpoint,
                             const LoginTranscript& transcript, std::string_view detail)
{
    ConnectStage stage = stage_of(curl, code, endpoint, transcript);
    if (stage == ConnectStage::tls && !transcript.greeted() && endpoint.tls != Tls::implicit)
        stage = stage_by_progress(curl, endpoint, transcript);
    const bool tunnel_refused = !endpoint.proxy.empty() && !transcript.greeted() &&
                                !transcript.proxy_answer().empty() &&
                                transcript.proxy_answer().find(" 200") == std::string::npos;
    if (tunnel_refused)
        stage = ConnectStage::proxy;
    const bool refused =
        code == CURLE_LOGIN_DENIED || code == CURLE_AUTH_ERROR || transcript.login_refused();
    return {refused ? ErrorKind::refused : ErrorKind::unreachable, stage,
            fmt::format("{} {}:{}: {}", doing(stage), endpoint.host, endpoint.port,
                        reason(code, stage, transcript, detail)),
            transcript.text()};
}

}  // namespace mailhold::net
