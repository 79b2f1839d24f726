// Secrets that the kernel keeps; on a kernel without a keyring, that this is said.

#include "mailhold/credentials/keyring.hpp"

#include <thread>

#include <gtest/gtest.h>
#include <keyutils.h>
#include <unistd.h>

#include "mailhold/base/error.hpp"
#include "support/kind_thrown_by.hpp"

namespace mailhold::credentials {
namespace {

using namespace std::chrono_literals;

class Keyring : public testing::Test {
protected:
    void TearDown() override { drop_secret(name_); }

    /// False where the kernel or container has no keyring; then that is what is tested.
    bool keeps(std::string_view secret, std::chrono::seconds duration)
    {
        if (add_key("user", "mailhold-test:probe", "x", 1, KEY_SPEC_PROCESS_KEYRING) >= 0) {
            keep_secret(name_, bytes_of(secret), duration);
            return true;
        }
        EXPECT_EQ(test::kind_thrown_by([&] { keep_secret(name_, bytes_of(secret), duration); }),
                  ErrorKind::refused);
        EXPECT_FALSE(kept_secret(name_));
        return false;
    }

    std::string name_ = "mailhold-test:" + std::to_string(getpid());
};

TEST_F(Keyring, KeepsASecretUntilItIsDropped)
{
    EXPECT_FALSE(kept_secret(name_));
    if (!keeps("one", 60s))
        return;
    const auto kept = kept_secret(name_);
    ASSERT_TRUE(kept);
    EXPECT_EQ(text_of(kept->secret.view()), "one");
    const auto left = static_cast<std::int64_t>(kept->until) - static_cast<std::int64_t>(now());
    EXPECT_GE(left, 58);
    EXPECT_LE(left, 60);
    EXPECT_TRUE(drop_secret(name_));
    EXPECT_FALSE(kept_secret(name_));
    EXPECT_FALSE(drop_secret(name_));
}

TEST_F(Keyring, KeepsTheLastOfTwo)
{
    if (!keeps("one", 60s))
        return;
    keep_secret(name_, bytes_of("two"), 60s);
    EXPECT_EQ(text_of(kept_secret(name_).value().secret.view()), "two");
    EXPECT_TRUE(drop_secret(name_));
    EXPECT_FALSE(kept_secret(name_));
}

TEST_F(Keyring, ForgetsByItself)
{
    if (!keeps("short", 1s))
        return;
    for (int tries = 0; tries < 100 && kept_secret(name_); ++tries)
        std::this_thread::sleep_for(50ms);
    EXPECT_FALSE(kept_secret(name_));
}

TEST_F(Keyring, IsClosedToOtherUsersAndGroups)
{
    if (!keeps("closed", 60s))
        return;
    const long key = keyctl_search(KEY_SPEC_USER_KEYRING, "user", name_.c_str(), 0);
    char* description = nullptr;
    ASSERT_GT(keyctl_describe_alloc(static_cast<key_serial_t>(key), &description), 0);
    const std::string text = description;
    free(description);
    // type;uid;gid;perm;name, perm as possessor, user, group, other.
    const std::string permissions = text.substr(0, text.rfind(';')).substr(text.rfind(';') - 8);
    EXPECT_EQ(permissions.substr(4), "0000") << text;
}

TEST_F(Keyring, ASecretThatTheKernelCouldNotHoldIsRefused)
{
    EXPECT_EQ(
        test::kind_thrown_by([&] { keep_secret(name_, ByteBuffer(max_kept_bytes + 1), 60s); }),
        ErrorKind::usage);
}

}  // namespace
}  // namespace mailhold::credentials
