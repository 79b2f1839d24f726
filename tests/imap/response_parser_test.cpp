#include <gtest/gtest.h>

#include "parsed.hpp"
#include "support/kind_thrown_by.hpp"

namespace mailhold::imap {
namespace {

using test::in_words;
using test::parsed;

TEST(ResponseParser, TellsTheKindsApart)
{
    const std::vector<std::pair<std::string_view, std::string_view>> cases{
        {"* OK [UIDNEXT 12] next",
         "* status 0 code 'UIDNEXT' argument '12' text '[UIDNEXT 12] next'"},
        {"* ok hello", "* status 0 code '' argument '' text 'hello'"},
        {"* NO [WEBALERT https://x] sign in", "* status 1 code 'WEBALERT' argument 'https://x' "
                                              "text '[WEBALERT https://x] sign in'"},
        {"* BYE", "* status 3 code '' argument '' text ''"},
        {"* PREAUTH hi", "* status 4 code '' argument '' text 'hi'"},
        {"mh1 OK done", "mh1 status 0 code '' argument '' text 'done'"},
        {"mh1 NO [TRYCREATE", "mh1 status 1 code '' argument '' text '[TRYCREATE'"},
        {"mh1 BAD", "mh1 status 2 code '' argument '' text ''"},
        {"* OK [CLOSED] gone", "* status 0 code 'CLOSED' argument '' text '[CLOSED] gone'"},
        {"+ go on", "continuation"},
        {"+", "continuation"},
        {"* CAPABILITY IMAP4rev1  idle AUTH=plain ", "capability IMAP4REV1 IDLE AUTH=PLAIN"},
        {"* CAPABILITY", "capability "},
        {"* ENABLED qresync", "enabled QRESYNC"},
        {"* 23 EXISTS", "exists 23"},
        {"* 23 exists", "exists 23"},
        {"* 5 EXPUNGE", "expunge 5"},
        {"* 5 RECENT", "other"},
        {"* 5", "other"},
        {"* VANISHED (EARLIER) 41,43:116,118", "vanished earlier 41,43:116,118"},
        {"* VANISHED 405,407", "vanished 405,407"},
        {"* VANISHED 9:7,8,1", "vanished 1,7:9"},
        {"* SEARCH 1 2 3", "other"},
        {"* FLAGS (\\Seen {x \"", "other"},
        {"* X-UNHEARD-OF (((", "other"},
        {"* ", "other"},
        {"", "other"},
        {" ", "other"},
    };
    for (const auto& [line, words] : cases)
        EXPECT_EQ(in_words(parsed(std::string(line) + "\r\n")), words) << line;
}

TEST(ResponseParser, RefusesWhatIsNeitherDataNorAnAnswer)
{
    for (std::string_view line :
         {"garbage", "mh1", "mh1 OKAY", "mh1 FETCH 1", "*OK", "* 99999999999 EXISTS",
          "* 4294967296 EXPUNGE", "* VANISHED", "* VANISHED 0", "* VANISHED 1:*", "* VANISHED 1,",
          "* VANISHED (EARLIER 1", "* VANISHED () 1"}) {
        const auto kind = test::kind_thrown_by([&] { parsed(std::string(line) + "\r\n"); });
        EXPECT_EQ(kind, ErrorKind::malformed) << line;
    }
}

TEST(ResponseParser, StatusTextIsOneCleanLineOfBoundedLength)
{
    const auto status =
        test::parsed_as<StatusResponse>("* NO bell\a tab\t" + std::string(2000, 'x') + "\r\n");
    EXPECT_EQ(status.text.size(), 500U);
    EXPECT_TRUE(status.text.starts_with("bell  tab xxx"));
}

}  // namespace
}  // namespace mailhold::imap
