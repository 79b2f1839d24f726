#pragma once
// A catalog in a private folder, and short ways to make ids and rows for it.

#include <gtest/gtest.h>

#include "mailhold/catalog/catalog.hpp"
#include "support/kind_thrown_by.hpp"
#include "support/temp_dir.hpp"

namespace mailhold::catalog {

/// An id whose bytes are all `fill`.
template <class Id>
Id id_of(unsigned char fill)
{
    Id id;
    id.value.fill(std::byte{fill});
    return id;
}

inline const crypto::WriterId writer = id_of<crypto::WriterId>(0x77);
inline const crypto::AccountId account = id_of<crypto::AccountId>(0xac);

inline FolderKey folder_key(std::uint64_t fid)
{
    return {writer, FolderId{fid}};
}

inline FolderRow folder_row(std::uint64_t fid, const std::string& name, bool gone = false)
{
    return {.key = folder_key(fid),
            .account = account,
            .name = name,
            .wire_name = name,
            .uid_validity = UidValidity{7},
            .separator = '/',
            .use = "",
            .gone = gone};
}

inline PlacementRow placement_row(std::uint64_t fid, std::uint32_t uid, const crypto::ContentId& id,
                                  std::int64_t time, Flags flags = {})
{
    PlacementRow row;
    row.folder = folder_key(fid);
    row.uid = Uid{uid};
    row.id = id;
    row.flags = std::move(flags);
    row.first_seen = Time{time};
    return row;
}

class CatalogTest : public testing::Test {
protected:
    void close() { opened_.reset(); }

    void reopen()
    {
        close();
        opened_ = std::make_unique<Catalog>(file());
    }

    std::filesystem::path file() const { return dir_.path() / "catalog.sqlite"; }
    Catalog& catalog() { return *opened_; }

    crypto::Hash add_archive(unsigned char fill)
    {
        const auto object = id_of<crypto::Hash>(fill);
        catalog().put_archive({.object = object,
                               .writer = writer,
                               .length = 1'000,
                               .header = ByteBuffer(192, std::byte{fill}),
                               .blocks = {{.sealed_bytes = 900, .plain_bytes = 4'000}}});
        return object;
    }

    crypto::ContentId add_message(unsigned char fill, const crypto::Hash& object,
                                  bool spliced = false)
    {
        const auto id = id_of<crypto::ContentId>(fill);
        catalog().put_message(id, 100, spliced, {object, std::uint64_t{fill} * 1024, 1024});
        return id;
    }

    crypto::PartId add_part(unsigned char fill, const crypto::Hash& object)
    {
        const auto id = id_of<crypto::PartId>(fill);
        catalog().put_part(id, 40'000, {object, 0, 41'000});
        return id;
    }

private:
    test::TempDir dir_;
    std::unique_ptr<Catalog> opened_ = std::make_unique<Catalog>(file());
};

}  // namespace mailhold::catalog
