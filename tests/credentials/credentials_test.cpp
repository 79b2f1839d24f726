// Which of an account's sources of a secret is asked.

#include "mailhold/credentials/credentials.hpp"

#include <gmock/gmock.h>

#include "mailhold/base/error.hpp"
#include "support/temp_dir.hpp"

namespace mailhold::credentials {
namespace {

class LoginSecret : public testing::Test {
protected:
    LoginSecret()
        : store_((crypto::initialise(), dir_.path() / "secrets"), crypto::random_secret(32))
    {
    }

    std::string secret_of(const config::Account& account) const
    {
        return std::string(text_of(login_secret(account, store_).view()));
    }

    test::TempDir dir_;
    SecretStore store_;
};

TEST_F(LoginSecret, CommandsComeBeforeTheStore)
{
    store_.set("a@b.c", bytes_of("stored"));
    config::Account account;
    account.address = "A@b.c";
    EXPECT_EQ(secret_of(account), "stored");
    account.password_command = "echo printed";
    EXPECT_EQ(secret_of(account), "printed");
    account.token_command = "echo token";
    EXPECT_EQ(secret_of(account), "token");
}

TEST_F(LoginSecret, NoneAtAllIsRefusedWithTheProvidersStep)
{
    config::Account account;
    account.address = "a@qq.com";
    account.preset = "qq";
    try {
        secret_of(account);
        FAIL();
    } catch (const Error& e) {
        EXPECT_EQ(e.kind(), ErrorKind::refused);
        EXPECT_THAT(e.what(), testing::StartsWith("a@qq.com: "));
        EXPECT_THAT(e.hint(), testing::HasSubstr("授权码"));
        EXPECT_THAT(e.hint(), testing::HasSubstr("mailhold account set a@qq.com --password-stdin"));
    }
}

}  // namespace
}  // namespace mailhold::credentials
