#include <gtest/gtest.h>

#include "login_transcript.hpp"
#include "mailhold/base/encoding.hpp"

namespace mailhold::net {
namespace {

const Login ann{.user = "ann", .secret = "s3cret-word"};

std::string kept(std::string_view lines)
{
    LoginTranscript transcript(ann);
    transcript.client_said("A002 AUTHENTICATE PLAIN\r\n");
    transcript.server_said(lines);
    return transcript.text();
}

TEST(LoginTranscript, KeepsWhatExplainsARefusal)
{
    EXPECT_EQ(
        kept("* OK ready\r\n* CAPABILITY IMAP4rev1\r\nA001 OK done\r\n"
             "* NO [WEBALERT https://x] Web login required.\r\n"
             "A002 NO [ALERT] Invalid credentials (Failure)\r\n"),
        "NO [WEBALERT https://x] Web login required.\nNO [ALERT] Invalid credentials (Failure)");
    EXPECT_EQ(kept("* bye go away\n"), "bye go away");
    EXPECT_EQ(kept("* OK [ALERT] maintenance tonight\r\n"), "OK [ALERT] maintenance tonight");
    EXPECT_EQ(kept("A002 BAD what\r\n"), "BAD what");
    EXPECT_EQ(kept("* NOTHING\r\nNO\r\nA02 NO x\r\nlong line without meaning\r\n"), "");
}

TEST(LoginTranscript, DecodesTheChallengeThatRefusesAToken)
{
    const std::string reason = R"({"status":"400","schemes":"Bearer"})";
    EXPECT_EQ(kept("+ " + to_base64(bytes_of(reason)) + "\r\n"), reason);
    EXPECT_EQ(kept("+ " + to_base64(bytes_of("Password:")) + "\r\n"), "");
    EXPECT_EQ(kept("+ \r\n+ not base64\r\n+\r\n"), "");
}

TEST(LoginTranscript, NeverHoldsCredentials)
{
    using namespace std::string_literals;
    const std::string secret(ann.secret);
    for (const std::string& spelling :
         {secret, to_base64(bytes_of(secret)), to_base64(bytes_of("\0ann\0"s + secret)),
          to_base64(bytes_of("ann\0ann\0"s + secret)),
          to_base64(bytes_of("user=ann\1auth=Bearer " + secret + "\1\1"))}) {
        const std::string text =
            kept("A002 BAD unknown: " + spelling + " and " + spelling + "\r\n");
        EXPECT_EQ(text, "BAD unknown: … and …") << spelling;
    }
}

TEST(LoginTranscript, IsOneCleanBoundedText)
{
    EXPECT_EQ(kept("* NO a\tb\x7f\r\n"), "NO a b ");
    EXPECT_EQ(kept("* NO " + std::string(10'000, 'x') + "\r\n").size(), 500U);
    std::string many;
    for (int i = 0; i < 1000; ++i)
        many += "* NO x\r\n";
    EXPECT_LT(kept(many).size(), 200U);
}

TEST(LoginTranscript, KnowsHowFarTheLoginCame)
{
    LoginTranscript transcript(ann);
    EXPECT_FALSE(transcript.greeted());
    transcript.server_said("HTTP/1.1 403 Forbidden\r\nServer: x\r\n\r\n");
    EXPECT_FALSE(transcript.greeted());
    EXPECT_EQ(transcript.proxy_answer(), "HTTP/1.1 403 Forbidden");
    transcript.server_said("* OK ready\r\n");
    EXPECT_TRUE(transcript.greeted());
    transcript.client_said("A001 CAPABILITY\r\n");
    EXPECT_FALSE(transcript.login_sent());
    transcript.server_said("* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED\r\n");
    EXPECT_EQ(transcript.text(), "NO LOGINDISABLED");
    transcript.client_said("A002 LOGIN ann x\r\n");
    EXPECT_TRUE(transcript.login_sent());
    EXPECT_EQ(transcript.text(), "");
}

TEST(Wipe, LeavesNothing)
{
    std::string secret = "a secret that is long enough for the heap";
    const char* bytes = secret.data();
    const std::size_t size = secret.size();
    wipe(secret);
    EXPECT_TRUE(secret.empty());
    EXPECT_EQ(std::count(bytes, bytes + size, '\0'), static_cast<std::ptrdiff_t>(size));
}

}  // namespace
}  // namespace mailhold::net
