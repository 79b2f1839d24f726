// A vault's folder as its users see it: put, get, ranges, listing, leftovers, and a disk that is
// gone.

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mailhold/base/file.hpp"
#include "mailhold/objects/store.hpp"
#include "support/kind_thrown_by.hpp"
#include "support/temp_dir.hpp"

namespace mailhold::objects {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

class LocalFolderTest : public testing::Test {
protected:
    std::vector<std::string> names(const std::string& prefix) const
    {
        std::vector<std::string> result;
        for (const auto& info : store_->list(prefix))
            result.push_back(info.name);
        return result;
    }

    test::TempDir dir_;
    std::filesystem::path vault_ = dir_.path() / "vault";
    std::unique_ptr<Store> store_ = open_local_folder(vault_, true);
};

TEST_F(LocalFolderTest, WhatIsPutIsGot)
{
    EXPECT_EQ(store_->put_new("keys/ab", bytes_of("secret")), PutOutcome::created);
    EXPECT_EQ(text_of(store_->get("keys/ab", 6)), "secret");
    EXPECT_EQ(store_->find("keys/ab")->length, 6u);
    EXPECT_EQ(store_->put_new("keys/ab", bytes_of("secret")), PutOutcome::already_there);
    EXPECT_THAT(names(""), ElementsAre("keys/ab"));
}

TEST_F(LocalFolderTest, ADamagedObjectIsReplacedAndSaidSo)
{
    store_->put_new("keys/ab", bytes_of("secret"));
    std::ofstream(vault_ / "keys/ab") << "sEcret";
    EXPECT_EQ(store_->put_new("keys/ab", bytes_of("secret")), PutOutcome::replaced);
    EXPECT_EQ(text_of(store_->get("keys/ab", 100)), "secret");
}

TEST_F(LocalFolderTest, RangesAreExactOrDamage)
{
    store_->put_new("a", bytes_of("0123456789"));
    EXPECT_EQ(text_of(store_->get_range("a", 3, 4)), "3456");
    EXPECT_EQ(text_of(store_->get_range("a", 10, 0)), "");
    EXPECT_EQ(test::kind_thrown_by([&] { return store_->get_range("a", 8, 3); }),
              ErrorKind::damaged);
    EXPECT_EQ(test::kind_thrown_by([&] { return store_->get_range("a", ~0ull, 2); }),
              ErrorKind::damaged);
    EXPECT_EQ(test::kind_thrown_by([&] { return store_->get("a", 9); }), ErrorKind::damaged);
}

TEST_F(LocalFolderTest, AMissingObjectIsNotFound)
{
    EXPECT_EQ(test::kind_thrown_by([&] { return store_->get("keys/ab", 1); }),
              ErrorKind::not_found);
    EXPECT_EQ(test::kind_thrown_by([&] { return store_->get_range("keys/ab", 0, 1); }),
              ErrorKind::not_found);
    EXPECT_EQ(store_->find("keys/ab"), std::nullopt);
    EXPECT_THAT(store_->list("keys/"), IsEmpty());
    EXPECT_EQ(test::kind_thrown_by([&] { return store_->remove("keys/ab"), 0; }),
              ErrorKind::not_found);
}

TEST_F(LocalFolderTest, AnUnmountedDiskHasLostNothing)
{
    store_->put_new("keys/ab", bytes_of("secret"));
    std::filesystem::rename(vault_, dir_.path() / "elsewhere");
    const auto expect_unavailable = [&] {
        EXPECT_EQ(test::kind_thrown_by([&] { return store_->get("keys/ab", 9); }),
                  ErrorKind::store_unavailable);
        EXPECT_EQ(test::kind_thrown_by([&] { return store_->find("keys/ab"); }),
                  ErrorKind::store_unavailable);
        EXPECT_EQ(test::kind_thrown_by([&] { return store_->list("keys/"); }),
                  ErrorKind::store_unavailable);
    };
    expect_unavailable();
    std::filesystem::create_directory(vault_);  // the empty mount point
    expect_unavailable();
}

TEST_F(LocalFolderTest, AVaultThatIsNotThereIsNotFound)
{
    const auto kind =
        test::kind_thrown_by([&] { return open_local_folder(dir_.path() / "other", false); });
    EXPECT_EQ(kind, ErrorKind::not_found);
    std::ofstream(dir_.path() / "file") << "text";
    EXPECT_EQ(test::kind_thrown_by([&] { return open_local_folder(dir_.path() / "file", false); }),
              ErrorKind::not_found);
}

TEST_F(LocalFolderTest, NewFoldersAndFilesArePrivate)
{
    const auto deep = open_local_folder(dir_.path() / "x" / "y" / "vault", true);
    deep->put_new("keys/ab", bytes_of("secret"));
    const auto mode = [&](const char* path) {
        return static_cast<unsigned>(std::filesystem::status(dir_.path() / path).permissions());
    };
    EXPECT_EQ(mode("x"), 0700u);
    EXPECT_EQ(mode("x/y/vault/keys"), 0700u);
    EXPECT_EQ(mode("x/y/vault/keys/ab"), 0600u);
}

TEST_F(LocalFolderTest, AnUploadIsInvisibleUntilPublished)
{
    {
        const auto upload = store_->begin_upload("00ff");
        upload->write(bytes_of("first "));
        EXPECT_THAT(names("archives/"), IsEmpty());
        EXPECT_THAT(names("tmp/"), ElementsAre(StartsWith("tmp/00ff-")));
        upload->write(bytes_of("second"));
        EXPECT_EQ(upload->publish("archives/3f/3fab"), PutOutcome::created);
        EXPECT_EQ(test::kind_thrown_by([&] { return upload->publish("archives/3f/3fab"); }),
                  ErrorKind::bug);
    }
    EXPECT_EQ(text_of(store_->get("archives/3f/3fab", 100)), "first second");
    EXPECT_THAT(names(""), ElementsAre("archives/3f/3fab"));
}

TEST_F(LocalFolderTest, AnUploadDroppedLeavesNothing)
{
    store_->begin_upload("00ff")->write(bytes_of("text"));
    EXPECT_THAT(names(""), IsEmpty());
}

TEST_F(LocalFolderTest, TheListingIsSortedAndSkipsNothing)
{
    for (const char* name : {"b/2", "a/z/1", "a-b", "a/y"})
        store_->put_new(name, bytes_of("x"));
    std::filesystem::create_symlink("nowhere", vault_ / "a" / "dangling");
    std::filesystem::create_directories(vault_ / "lost+found" / "x");
    std::filesystem::create_directories(vault_ / "empty");
    EXPECT_THAT(names(""), ElementsAre("a-b", "a/dangling", "a/y", "a/z/1", "b/2"));
    EXPECT_THAT(names("a/"), ElementsAre("a/dangling", "a/y", "a/z/1"));
    EXPECT_EQ(store_->find("a"), std::nullopt);
}

TEST_F(LocalFolderTest, FoldersThatLeadInCirclesAreAFailureToRead)
{
    std::filesystem::create_directory_symlink(".", vault_ / "again");
    EXPECT_EQ(test::kind_thrown_by([&] { return store_->list(""); }), ErrorKind::store_unavailable);
}

TEST_F(LocalFolderTest, WhatIsRemovedIsGone)
{
    store_->put_new("a/b", bytes_of("x"));
    store_->remove("a/b");
    EXPECT_EQ(store_->find("a/b"), std::nullopt);
}

TEST_F(LocalFolderTest, AnOrdinaryFilesystemNeedsNoWarning)
{
    store_->put_new("a", bytes_of("x"));
    EXPECT_THAT(store_->warnings(), IsEmpty());
    EXPECT_EQ(store_->description(), vault_.string());
}

}  // namespace
}  // namespace mailhold::objects
