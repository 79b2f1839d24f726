// What uploads are remembered to have put into accounts.

#include <gmock/gmock.h>

#include "catalog_fixture.hpp"
#include "sqlite.hpp"

namespace mailhold::catalog {
namespace {

using testing::ElementsAre;
using testing::FieldsAre;
using testing::IsEmpty;

class Uploads : public CatalogTest {};

TEST_F(Uploads, AreRememberedByFolderAndUidValidity)
{
    const auto first = id_of<crypto::ContentId>(1);
    const auto second = id_of<crypto::ContentId>(2);
    catalog().put_uploaded("bob@x", "Sent", UidValidity{7},
                           {{Uid{2}, second, true}, {Uid{1}, first}});
    catalog().put_uploaded("bob@x", "Sent", UidValidity{8}, {{Uid{1}, second}});
    catalog().put_uploaded("eve@x", "Sent", UidValidity{7}, {{Uid{9}, second}});
    reopen();
    EXPECT_THAT(catalog().uploaded("bob@x", "Sent", UidValidity{7}),
                ElementsAre(FieldsAre(Uid{1}, first, false), FieldsAre(Uid{2}, second, true)));
    EXPECT_THAT(catalog().uploaded("bob@x", "Sent", UidValidity{8}),
                ElementsAre(FieldsAre(Uid{1}, second, false)));
    EXPECT_THAT(catalog().uploaded("bob@x", "Drafts", UidValidity{7}), IsEmpty());
}

TEST_F(Uploads, OfOneUidCountTheLatest)
{
    const auto second = id_of<crypto::ContentId>(2);
    catalog().put_uploaded("bob@x", "INBOX", UidValidity{7},
                           {{Uid{1}, id_of<crypto::ContentId>(1)}});
    catalog().put_uploaded("bob@x", "INBOX", UidValidity{7}, {{Uid{1}, second}});
    EXPECT_THAT(catalog().uploaded("bob@x", "INBOX", UidValidity{7}),
                ElementsAre(FieldsAre(Uid{1}, second, false)));
}

TEST_F(Uploads, FindTheirPlaceInACatalogOfAnEarlierVersion)
{
    catalog().put_setting("before", "kept");
    close();
    {
        Database db(file());
        db.execute("DROP TABLE uploads; DROP TABLE upload_folders; DROP TABLE repeats; "
                   "ALTER TABLE shards RENAME COLUMN block_runs TO blocks; "
                   "PRAGMA user_version=2;");
    }
    reopen();
    catalog().put_uploaded("bob@x", "INBOX", UidValidity{7},
                           {{Uid{1}, id_of<crypto::ContentId>(1)}});
    EXPECT_EQ(catalog().uploaded("bob@x", "INBOX", UidValidity{7}).size(), 1u);
    EXPECT_EQ(catalog().setting("before"), "kept");
}

}  // namespace
}  // namespace mailhold::catalog
