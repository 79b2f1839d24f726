#include <fmt/format.h>
#include <gtest/gtest.h>

#include "login_failure_table.hpp"
#include "mailhold/imap/login_failure.hpp"

namespace mailhold::imap {
namespace {

using enum LoginFailureClass;

constexpr std::string_view step = "create an app password at https://provider.example";

LoginFailure classified(std::string_view server_text)
{
    const net::ConnectError error(ErrorKind::refused, net::ConnectStage::login,
                                  "cannot log in at host:993: x", std::string(server_text));
    return classify(error, step);
}

TEST(LoginFailure, EveryKnownTextHasItsClass)
{
    const std::vector<std::pair<std::string_view, LoginFailureClass>> cases{
        // wrong credentials
        {"NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)", credentials},
        {"NO LOGIN Login error or password error", credentials},
        {"NO Login fail. Please using authorized code to login. More information at "
         "http://service.mail.qq.com/cgi-bin/help?id=28",
         credentials},
        {"NO LOGIN failed.", credentials},
        {"NO AUTHENTICATE failed.", credentials},
        {"NO [EXPIRED] password expired", credentials},
        {"NO invalid_grant: token revoked", credentials},
        {R"({"status":"400","schemes":"Bearer","scope":"https://mail.google.com/"})", credentials},
        {"NO [AUTHENTICATIONFAILED] Authentication failed.", credentials},
        // banned or disabled
        {"NO AADSTS50057: The user account is disabled.", disabled},
        {"NO AADSTS70000: The user account is in service abuse mode.", disabled},
        {"NO AADSTS50053: The account is locked", disabled},
        {"NO [CONTACTADMIN] call the help desk", disabled},
        // provider policy
        {"NO [ALERT] Application-specific password required: https://support.google.com/x "
         "(Failure)",
         policy},
        {"NO [ALERT] Please log in via your web browser: https://support.google.com/x (Failure)",
         policy},
        {"NO [WEBALERT https://accounts.google.com/signin/x] Web login required.\n"
         "NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)",
         policy},
        {"NO [ALERT] Your account is not enabled for IMAP use. Please visit your settings page "
         "(Failure)",
         policy},
        {"NO IMAP access is disabled for your domain. Please contact your domain administrator",
         policy},
        {"NO You are yet to enable IMAP for your account. Please contact your administrator",
         policy},
        {"NO [AUTHENTICATIONFAILED] LOGIN Invalid credentials or IMAP is disabled sc=x", policy},
        {"NO [PRIVACYREQUIRED] TLS first", policy},
        {"NO LOGINDISABLED", policy},
        {"NO [AUTHORIZATIONFAILED] not permitted", policy},
        {"NO SELECT Unsafe Login. Please contact kefu@188.com for help", policy},
        {"BAD User is authenticated but not connected.", policy},
        // temporary
        {"NO [UNAVAILABLE] try later", temporary},
        {"NO [INUSE] locked", temporary},
        {"NO [SERVERBUG] Internal error occurred", temporary},
        {"NO System busy!", temporary},
        {"NO Server Unavailable. 15", temporary},
        // throttled
        {"NO [LIMIT] too many", throttled},
        {"NO [ALERT] Too many simultaneous connections. (Failure)", throttled},
        {"NO [ALERT] Account exceeded command or bandwidth limits. (Failure)", throttled},
        {"BYE Session expired, please login again.", throttled},
        {"BAD Request is throttled. Suggested Backoff Time: 92415 milliseconds", throttled},
        {"NO [UNAVAILABLE] Maximum number of connections from user+IP exceeded "
         "(mail_max_userip_connections=10)",
         throttled},
        // ambiguous
        {"NO Login fail. Account is abnormal, service is not open, password is incorrect, login "
         "frequency limited, or system is busy. More information at "
         "https://open.work.weixin.qq.com",
         ambiguous},
        {"NO 0x80041", ambiguous},
    };
    for (const auto& [text, failure] : cases) {
        const LoginFailure found = classified(text);
        EXPECT_EQ(to_string(found.failure), to_string(failure)) << text;
        EXPECT_FALSE(found.hint.empty()) << text;
        EXPECT_EQ(found.text.find('\n'), found.text.npos);
    }
}

TEST(LoginFailure, EveryRowOfTheTableCanBeReached)
{
    for (const RefusalRow& row : refusal_rows()) {
        const std::string text =
            row.code.empty() ? std::string(row.text) : fmt::format("NO [{}] x", row.code);
        EXPECT_EQ(find_refusal(text), &row) << text;
    }
}

TEST(LoginFailure, CodesAreWholeWords)
{
    EXPECT_EQ(find_refusal("NO [LIMITED] x"), nullptr);
    EXPECT_EQ(find_refusal("NO LIMIT"), nullptr);
    EXPECT_NE(find_refusal("no [limit now] x"), nullptr);
    EXPECT_NE(find_refusal("NO [ALERT] [LIMIT] x"), nullptr);
    EXPECT_EQ(find_refusal("["), nullptr);
    EXPECT_EQ(find_refusal(""), nullptr);
}

TEST(LoginFailure, TheProvidersOwnStepIsShownWhereItHelps)
{
    EXPECT_EQ(classified("NO [AUTHENTICATIONFAILED] x").hint, step);
    EXPECT_EQ(classified("NO Application-specific password required").hint, step);
    EXPECT_NE(classified("NO LOGINDISABLED").hint, step);
    EXPECT_NE(classified("NO [LIMIT] x").hint, step);
    EXPECT_NE(classified("NO [CONTACTADMIN] x").hint, step);
}

TEST(LoginFailure, StagesWithoutWordsHaveTheirClass)
{
    using net::ConnectStage;
    const auto failure = [](ConnectStage stage, ErrorKind kind, std::string text = {}) {
        return to_string(
            classify(net::ConnectError(kind, stage, "trouble", std::move(text)), "").failure);
    };
    for (const auto stage : {ConnectStage::resolve, ConnectStage::connect, ConnectStage::proxy,
                             ConnectStage::greeting, ConnectStage::login})
        EXPECT_EQ(failure(stage, ErrorKind::unreachable), "unreachable");
    EXPECT_EQ(failure(ConnectStage::tls, ErrorKind::unreachable), "tls");
    EXPECT_EQ(failure(ConnectStage::login, ErrorKind::refused), "policy") << "no login method";
    EXPECT_EQ(failure(ConnectStage::greeting, ErrorKind::unreachable, "BYE overloaded"),
              "temporary");
    EXPECT_EQ(failure(ConnectStage::greeting, ErrorKind::unreachable,
                      "BYE Too many simultaneous connections"),
              "throttled");
}

TEST(LoginFailure, Case52_RefusalsAfterLoginAreClassifiedToo)
{
    const auto failure = [](ErrorKind kind, std::string_view text) {
        return to_string(classify_refusal(Error(kind, std::string(text)), "").failure);
    };
    EXPECT_EQ(failure(ErrorKind::refused, "the server refused EXAMINE: SELECT Unsafe Login"),
              "policy");
    EXPECT_EQ(failure(ErrorKind::refused, "the server refused EXAMINE: x"), "temporary");
    EXPECT_EQ(failure(ErrorKind::unreachable, "the connection was lost"), "unreachable");
    EXPECT_EQ(failure(ErrorKind::unreachable, "the server ended the session: BYE Session expired, "
                                              "please login again"),
              "throttled");
    EXPECT_EQ(failure(ErrorKind::malformed, "malformed response"), "protocol");
}

TEST(LoginFailure, Case53_TheSuggestedWaitIsTaken)
{
    using std::chrono::milliseconds;
    EXPECT_EQ(
        classified("BAD Request is throttled. Suggested Backoff Time: 92415 milliseconds").wait,
        milliseconds(92415));
    EXPECT_EQ(suggested_backoff("suggested backoff time:3000 Milliseconds"), milliseconds(3000));
    EXPECT_EQ(suggested_backoff("Suggested Backoff Time: 99999999999 Milliseconds"),
              milliseconds(86'400'000));
    for (std::string_view text : {"", "Suggested Backoff Time:", "Suggested Backoff Time: soon",
                                  "Suggested Backoff Time: 99999999999999999999999"})
        EXPECT_EQ(suggested_backoff(text), std::nullopt) << text;
}

}  // namespace
}  // namespace mailhold::imap
