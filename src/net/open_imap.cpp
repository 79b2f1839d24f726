// Connecting and logging in through libcurl.

#include <array>

#include <fmt/format.h>

#include "connect_failure.hpp"
#include "curl_connection.hpp"
#include "curl_handle.hpp"
#include "login_transcript.hpp"
#include "mailhold/base/callback_guard.hpp"

namespace mailhold::net {

namespace {

/// What libcurl's callbacks need.
struct Attempt {
    LoginTranscript transcript;
    bool is_direct;  ///< no proxy talks before the server does
    std::stop_token stop;
    CallbackGuard guard;

    /// libcurl would wait for an IMAP greeting until time is up.
    bool is_no_imap() const { return is_direct && !transcript.strange_greeting().empty(); }
};

int on_debug(CURL* /*curl*/, curl_infotype type, char* data, std::size_t size, void* context)
{
    auto& attempt = *static_cast<Attempt*>(context);
    return attempt.guard.run(0, [&] {
        if (type == CURLINFO_HEADER_IN)
            attempt.transcript.server_said({data, size});
        else if (type == CURLINFO_HEADER_OUT)
            attempt.transcript.client_said({data, size});
        return 0;
    });
}

int on_progress(void* context, curl_off_t /*to_get*/, curl_off_t /*got*/, curl_off_t /*to_put*/,
                curl_off_t /*put*/)
{
    const auto& attempt = *static_cast<const Attempt*>(context);
    return attempt.stop.stop_requested() || attempt.is_no_imap() ? 1 : 0;
}

CurlUrl url_of(const Endpoint& endpoint)
{
    CurlUrl url(libcurl().url());
    const char* scheme = endpoint.tls == Tls::implicit ? "imaps" : "imap";
    const bool bare_ipv6 = endpoint.host.find(':') != std::string::npos && endpoint.host[0] != '[';
    const std::string host = bare_ipv6 ? '[' + endpoint.host + ']' : endpoint.host;
    const bool sound =
        url && !libcurl().url_set(url.get(), CURLUPART_SCHEME, scheme, 0) &&
        !libcurl().url_set(url.get(), CURLUPART_HOST, host.c_str(), 0) &&
        !libcurl().url_set(url.get(), CURLUPART_PORT, std::to_string(endpoint.port).c_str(), 0);
    if (!sound)
        throw Error(ErrorKind::usage,
                    fmt::format("not a host and port: {}:{}", endpoint.host, endpoint.port));
    return url;
}

void set_endpoint(CURL* curl, const Endpoint& endpoint, CURLU* url)
{
    set_option(curl, CURLOPT_CURLU, url);
    set_option(curl, CURLOPT_PROTOCOLS_STR, "imap,imaps");
    set_option(curl, CURLOPT_USE_SSL,
               static_cast<long>(endpoint.tls == Tls::none ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    if (!endpoint.ca_file.empty())
        set_option(curl, CURLOPT_CAINFO, endpoint.ca_file.c_str());
    set_option(curl, CURLOPT_PROXY, endpoint.proxy.c_str());  // "" also silences $all_proxy
    set_option(curl, CURLOPT_HTTPPROXYTUNNEL, 1L);
}

/// `automatic` keeps to PLAIN and LOGIN: libcurl's own choice would be NTLM or DIGEST-MD5 first.
const char* login_options(SaslMethod method)
{
    switch (method) {
    case SaslMethod::automatic:
        return "AUTH=PLAIN;AUTH=LOGIN";
    case SaslMethod::plain:
        return "AUTH=PLAIN";
    case SaslMethod::login:
        return "AUTH=LOGIN";
    case SaslMethod::xoauth2:
        return "AUTH=XOAUTH2";
    case SaslMethod::oauthbearer:
        return "AUTH=OAUTHBEARER";
    }
    return "AUTH=*";
}

/// libcurl keeps its own copy of the secret until the handle is gone; ours is wiped here.
void set_login(CURL* curl, const Login& login, const char* options)
{
    if (login.secret.find('\0') != std::string_view::npos)
        throw Error(ErrorKind::usage, "a password cannot contain a NUL byte");
    const bool is_token =
        login.method == SaslMethod::xoauth2 || login.method == SaslMethod::oauthbearer;
    set_option(curl, CURLOPT_USERNAME, login.user.c_str());
    set_option(curl, CURLOPT_LOGIN_OPTIONS, options);
    std::string secret(login.secret);
    const CURLcode code = libcurl().easy_setopt(
        curl, is_token ? CURLOPT_XOAUTH2_BEARER : CURLOPT_PASSWORD, secret.c_str());
    wipe(secret);
    if (code != CURLE_OK)
        throw Error(ErrorKind::bug, "libcurl refuses the credentials");
}

void set_behaviour(CURL* curl, Attempt& attempt, const Timeouts& timeouts)
{
    set_option(curl, CURLOPT_CONNECT_ONLY, 1L);
    set_option(curl, CURLOPT_NOSIGNAL, 1L);
    set_option(curl, CURLOPT_TCP_KEEPALIVE, 1L);
    const auto limit = static_cast<long>(timeouts.connect.count());
    set_option(curl, CURLOPT_CONNECTTIMEOUT_MS, limit);
    set_option(curl, CURLOPT_TIMEOUT_MS, limit);
    set_option(curl, CURLOPT_VERBOSE, 1L);  // feeds on_debug
    set_option(curl, CURLOPT_DEBUGFUNCTION, on_debug);
    set_option(curl, CURLOPT_DEBUGDATA, &attempt);
    set_option(curl, CURLOPT_NOPROGRESS, 0L);
    set_option(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
    set_option(curl, CURLOPT_XFERINFODATA, &attempt);
}

/// The callbacks must not outlive what they point to.
void release_callbacks(CURL* curl)
{
    set_option(curl, CURLOPT_VERBOSE, 0L);
    set_option(curl, CURLOPT_NOPROGRESS, 1L);
    set_option(curl, CURLOPT_ERRORBUFFER, static_cast<char*>(nullptr));
    set_option(curl, CURLOPT_DEBUGDATA, static_cast<void*>(nullptr));
    set_option(curl, CURLOPT_XFERINFODATA, static_cast<void*>(nullptr));
}

bool leads_to_loopback(CURL* curl, const Endpoint& endpoint)
{
    const char* address = nullptr;
    libcurl().easy_getinfo(curl, CURLINFO_PRIMARY_IP, &address);
    const std::string_view ip = address ? address : "";
    return endpoint.proxy.empty() && (ip.starts_with("127.") || ip == "::1");
}

/// Null when the server offers none of the SASL mechanisms in `options`, so nothing was tried.
std::unique_ptr<Connection> attempt_login(const Endpoint& endpoint, const Login& login,
                                          const char* options, const Timeouts& timeouts,
                                          const std::stop_token& stop)
{
    Attempt attempt{LoginTranscript(login), endpoint.proxy.empty(), stop, {}};
    std::array<char, CURL_ERROR_SIZE> detail{};
    const CurlUrl url = url_of(endpoint);
    CurlHandle curl = new_curl_handle();
    set_endpoint(curl.get(), endpoint, url.get());
    set_login(curl.get(), login, options);
    set_behaviour(curl.get(), attempt, timeouts);
    set_option(curl.get(), CURLOPT_ERRORBUFFER, detail.data());

    const CURLcode code = libcurl().easy_perform(curl.get());
    attempt.guard.rethrow();
    const LoginTranscript& said = attempt.transcript;
    if (code != CURLE_OK && !stop.stop_requested() && attempt.is_no_imap())
        throw ConnectError(ErrorKind::malformed, ConnectStage::greeting,
                           fmt::format("no IMAP service at {}:{}: the server begins with \"{}\"",
                                       endpoint.host, endpoint.port, said.strange_greeting()),
                           "");
    if (code == CURLE_ABORTED_BY_CALLBACK)
        throw Error(ErrorKind::interrupted, "stopped while connecting");
    if (code == CURLE_LOGIN_DENIED && !said.login_sent() && said.text().empty())
        return nullptr;
    if (code != CURLE_OK)
        throw connect_failure(curl.get(), code, endpoint, said, detail.data());
    release_callbacks(curl.get());
    const bool is_loopback = leads_to_loopback(curl.get(), endpoint);
    return std::make_unique<CurlConnection>(std::move(curl), is_loopback, timeouts.idle, stop);
}

}  // namespace

std::unique_ptr<Connection> Connection::open_imap(const Endpoint& endpoint, const Login& login,
                                                  const Timeouts& timeouts,
                                                  const std::stop_token& stop)
{
    auto connection = attempt_login(endpoint, login, login_options(login.method), timeouts, stop);
    if (!connection && login.method == SaslMethod::automatic)  // the LOGIN command, or what is left
        connection = attempt_login(endpoint, login, "AUTH=*", timeouts, stop);
    if (!connection)
        throw ConnectError(ErrorKind::refused, ConnectStage::login,
                           fmt::format("cannot log in at {}:{}: the server offers no login method "
                                       "that we may use",
                                       endpoint.host, endpoint.port),
                           "");
    return connection;
}

}  // namespace mailhold::net
