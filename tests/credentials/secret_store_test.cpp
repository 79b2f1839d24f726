// The sealed store: keeps secrets, and notices whatever happens to its file.

#include "mailhold/credentials/secret_store.hpp"

#include <thread>

#include <gmock/gmock.h>

#include "mailhold/base/file.hpp"
#include "secret_table.hpp"
#include "support/kind_thrown_by.hpp"
#include "support/temp_dir.hpp"

namespace mailhold::credentials {
namespace {

using test::kind_thrown_by;
using testing::ElementsAre;

class Store : public testing::Test {
protected:
    static void SetUpTestSuite() { crypto::initialise(); }

    crypto::SecretBytes key() const { return store_key(writer_); }
    SecretStore store() const { return {file_, key()}; }

    std::string text(std::string_view address) const
    {
        const auto secret = store().get(address);
        return secret ? std::string(text_of(secret->view())) : "(none)";
    }

    test::TempDir dir_;
    std::filesystem::path file_ = dir_.path() / "state" / "secrets";
    crypto::SignPair writer_ = [] {
        crypto::initialise();
        return crypto::new_sign_pair();
    }();
};

TEST_F(Store, KeepsReplacesAndRemovesSecrets)
{
    EXPECT_FALSE(store().get("a@b.c"));
    EXPECT_TRUE(store().addresses().empty());
    store().set("a@b.c", bytes_of("one"));
    store().set("Z@b.c", bytes_of(std::string_view("b\0in\xff", 5)));
    store().set("A@B.C", bytes_of("two"));
    EXPECT_EQ(text("a@b.c"), "two");
    EXPECT_EQ(text("z@B.c"), std::string("b\0in\xff", 5));
    EXPECT_THAT(store().addresses(), ElementsAre("a@b.c", "z@b.c"));
    EXPECT_TRUE(store().remove("A@b.c"));
    EXPECT_FALSE(store().remove("a@b.c"));
    EXPECT_EQ(text("a@b.c"), "(none)");
    EXPECT_EQ(text("z@b.c"), std::string("b\0in\xff", 5));
}

TEST_F(Store, ItsFileIsPrivateAndShowsNothing)
{
    store().set("leaver@example.com", bytes_of("correct horse"));
    EXPECT_EQ(static_cast<unsigned>(std::filesystem::status(file_).permissions()), 0600U);
    const std::string raw = read_text_file(file_);
    EXPECT_THAT(raw, testing::Not(testing::HasSubstr("horse")));
    EXPECT_THAT(raw, testing::Not(testing::HasSubstr("leaver")));
    store().set("leaver@example.com", bytes_of("correct horse"));
    EXPECT_NE(read_text_file(file_), raw) << "a new nonce at every write";
}

TEST_F(Store, AnotherWritersKeyIsWrong)
{
    store().set("a@b.c", bytes_of("one"));
    SecretStore other(file_, store_key(crypto::new_sign_pair()));
    EXPECT_EQ(kind_thrown_by([&] { return other.get("a@b.c").has_value(); }), ErrorKind::wrong_key);
    EXPECT_EQ(kind_thrown_by([&] { other.set("x@b.c", bytes_of("x")); }), ErrorKind::wrong_key);
    EXPECT_EQ(text("a@b.c"), "one") << "it has overwritten nothing";
}

TEST_F(Store, ResealedItOpensWithTheNewKeyAlone)
{
    store().set("lin@acme.example", bytes_of("secret"));
    const auto renewed = crypto::new_sign_pair();
    SecretStore resealed = store();
    resealed.reseal(store_key(renewed).view());
    EXPECT_EQ(text_of(resealed.get("lin@acme.example")->view()), "secret");
    EXPECT_EQ(kind_thrown_by([&] { store().get("lin@acme.example"); }), ErrorKind::wrong_key);
    EXPECT_EQ(text_of(SecretStore(file_, store_key(renewed)).get("lin@acme.example")->view()),
              "secret");
}

TEST_F(Store, ResealingAnEmptyStoreMakesNoFile)
{
    store().reseal(store_key(crypto::new_sign_pair()).view());
    EXPECT_FALSE(std::filesystem::exists(file_));
}

TEST_F(Store, EveryTruncationIsDamage)
{
    store().set("a@b.c", bytes_of("one"));
    for (auto size = std::filesystem::file_size(file_); size-- > 0;) {
        std::filesystem::resize_file(file_, size);
        EXPECT_EQ(kind_thrown_by([&] { return store().get("a@b.c").has_value(); }),
                  ErrorKind::damaged)
            << size;
    }
}

TEST_F(Store, EveryFlippedBitIsNoticedAndNeverOverwritten)
{
    store().set("a@b.c", bytes_of("one"));
    const ByteBuffer good = read_file(file_);
    for (std::size_t i = 0; i < good.size(); ++i) {
        ByteBuffer bad = good;
        bad[i] ^= std::byte(1U << (i % 8));
        replace_file(file_, bad);
        // In the version it looks newer, in the check of the key it looks like another writer's.
        const ErrorKind expected = i < 8    ? ErrorKind::damaged
                                   : i < 12 ? ErrorKind::too_new
                                   : i < 20 ? ErrorKind::wrong_key
                                            : ErrorKind::damaged;
        EXPECT_EQ(kind_thrown_by([&] { return store().get("a@b.c").has_value(); }), expected) << i;
        EXPECT_EQ(kind_thrown_by([&] { store().set("x@b.c", bytes_of("x")); }), expected) << i;
        EXPECT_EQ(read_file(file_), bad);
    }
}

TEST_F(Store, AppendedBytesAreDamage)
{
    store().set("a@b.c", bytes_of("one"));
    ByteBuffer longer = read_file(file_);
    longer.push_back(std::byte{0});
    replace_file(file_, longer);
    EXPECT_EQ(kind_thrown_by([&] { return store().get("a@b.c").has_value(); }), ErrorKind::damaged);
}

TEST_F(Store, EmptyAndHugeSecretsAreRefused)
{
    const std::string longest(max_secret_bytes, 'x');
    EXPECT_EQ(kind_thrown_by([&] { store().set("a@b.c", {}); }), ErrorKind::usage);
    EXPECT_EQ(kind_thrown_by([&] { store().set("", bytes_of("x")); }), ErrorKind::usage);
    EXPECT_EQ(kind_thrown_by([&] { store().set("a@b.c", bytes_of(longest + "x")); }),
              ErrorKind::usage);
    store().set("a@b.c", bytes_of(longest));
    EXPECT_EQ(text("a@b.c"), longest);
}

TEST_F(Store, WritersAtTheSameTimeLoseNothing)
{
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([this, t] {
                for (int i = 0; i < 5; ++i)
                    store().set(std::to_string(t * 5 + i) + "@b.c", bytes_of("x"));
            });
    }
    EXPECT_EQ(store().addresses().size(), 20U);
}

TEST(SecretTable, WhatTheEncoderDoesNotWriteIsDamage)
{
    crypto::initialise();
    SecretTable table;
    table.emplace("a@b.c", crypto::SecretBytes(bytes_of("one")));
    table.emplace("d@e.f", crypto::SecretBytes(bytes_of("two")));
    const auto good = encode_table(table);
    EXPECT_EQ(decode_table(good.view()).size(), 2U);
    for (std::size_t size = 0; size < good.size(); ++size)
        EXPECT_EQ(kind_thrown_by([&] { return decode_table(good.view().first(size)).size(); }),
                  ErrorKind::damaged)
            << size;
    ByteBuffer twice = copy_of(good.view());
    std::copy_n(twice.begin() + 4 + 2, 5, twice.begin() + 4 + 2 + 5 + 4 + 3 + 2);
    EXPECT_EQ(kind_thrown_by([&] { return decode_table(twice).size(); }), ErrorKind::damaged);
    ByteBuffer huge = copy_of(good.view());
    std::fill_n(huge.begin() + 4 + 2 + 5, 4, std::byte{0xff});
    EXPECT_EQ(kind_thrown_by([&] { return decode_table(huge).size(); }), ErrorKind::damaged);
}

}  // namespace
}  // namespace mailhold::credentials
