// What servers rewrite does not make another message; anything else does.

#include <random>

#include <gmock/gmock.h>

#include "fingerprint.hpp"

namespace mailhold::deliver {
namespace {

crypto::Hash print(std::string_view raw)
{
    return fingerprint_of(bytes_of(raw));
}

std::uint64_t beginning(std::string_view raw)
{
    return beginning_of(bytes_of(raw));
}

/// As Dovecot stores it.
std::string with_crlf(std::string_view raw)
{
    std::string text;
    for (const char c : raw) {
        if (c == '\n' && !text.ends_with('\r'))
            text += '\r';
        text += c == 0 ? '\x80' : c;
    }
    return text;
}

TEST(Fingerprint, Case39_LineEndsAndNulBytesDoNotCount)
{
    const std::string lf("a: b\n\nnul \0 here\n", 17);
    EXPECT_EQ(print(lf), print(with_crlf(lf)));
    EXPECT_NE(print_of(bytes_of(lf)).exact, print_of(bytes_of(with_crlf(lf))).exact);
}

TEST(Fingerprint, Case42_AMissingLastLineEndDoesNotCount)
{
    EXPECT_EQ(print("a: b\r\n\r\nend"), print("a: b\r\n\r\nend\r\n"));
    EXPECT_EQ(print(""), print("\r\n"));
}

TEST(Fingerprint, Case49_AnythingElseMakesAnotherMessage)
{
    const std::string raw = "Message-ID: <1@x>\r\n\r\nDear Sirs\r\n";
    for (std::size_t i = 0; i < raw.size(); ++i) {
        if (raw[i] == '\r' || raw[i] == '\n')
            continue;
        std::string other = raw;
        other[i] ^= 1;
        EXPECT_NE(print(raw), print(other)) << i;
        EXPECT_NE(print(raw), print(raw.substr(0, i))) << i;
    }
    EXPECT_NE(print("a\r\n\r\nb\r\n"), print("a\r\nb\r\n")) << "empty lines between others count";
}

TEST(Fingerprint, TheBeginningIsThatOfAnyFormTheServerMayShow)
{
    std::mt19937 random(1);
    for (int round = 0; round < 2'000; ++round) {
        std::string raw;
        const std::size_t size = random() % 3'000;
        constexpr std::string_view letters("\n\n\r\0ab", 6);
        while (raw.size() < size)
            raw += letters[random() % letters.size()];
        const std::string stored = with_crlf(raw);
        ASSERT_EQ(beginning(raw), beginning(stored)) << round;
        ASSERT_EQ(beginning(raw), beginning(stored.substr(0, beginning_bytes))) << round;
    }
}

TEST(Fingerprint, TheBeginningOfBareCarriageReturnsIsThatOfTheWholeToo)
{
    for (std::size_t count : {100U, 700U, 1'023U, 1'024U, 1'025U, 3'000U}) {
        const std::string raw =
            std::string(count, '\r') + "Subject: x\r\n\r\n" + std::string(2'000, 'y');
        EXPECT_EQ(beginning(raw), beginning(raw.substr(0, beginning_bytes))) << count;
    }
}

TEST(Fingerprint, BeginningsOfDifferentMessagesDiffer)
{
    EXPECT_NE(beginning("Subject: a\r\n\r\n"), beginning("Subject: b\r\n\r\n"));
    EXPECT_NE(beginning("x"), beginning("xy"));
}

}  // namespace
}  // namespace mailhold::deliver
