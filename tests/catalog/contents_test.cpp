// Messages, parts and archives: what is known, where it lies, and what a lost archive makes
// unknown.

#include <gmock/gmock.h>

#include "catalog_fixture.hpp"

namespace mailhold::catalog {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

using Contents = CatalogTest;

TEST_F(Contents, AMessageIsKnownWithItsLocation)
{
    const auto object = add_archive(1);
    const auto id = add_message(0x10, object);
    EXPECT_TRUE(catalog().knows_message(id));
    EXPECT_FALSE(catalog().knows_message(id_of<crypto::ContentId>(0x11)));
    const auto stored = catalog().message(id);
    ASSERT_TRUE(stored);
    EXPECT_EQ(stored->size, 100u);
    EXPECT_FALSE(stored->spliced);
    EXPECT_THAT(stored->locations, ElementsAre(sealed::Location{object, 0x10 * 1024, 1024}));
}

TEST_F(Contents, AMessageIdIsNoPartId)
{
    add_message(0x10, add_archive(1));
    EXPECT_FALSE(catalog().knows_part(id_of<crypto::PartId>(0x10)));
    EXPECT_FALSE(catalog().part(id_of<crypto::PartId>(0x10)));
}

TEST_F(Contents, TellingAgainChangesNothing)
{
    const auto object = add_archive(1);
    add_archive(1);
    const auto id = add_message(0x10, object);
    add_message(0x10, object);
    EXPECT_THAT(catalog().message(id)->locations, SizeIs(1));
    EXPECT_THAT(catalog().archives(), SizeIs(1));
    EXPECT_EQ(catalog().totals().messages, 1u);
    EXPECT_EQ(catalog().totals().raw_bytes, 100u);
}

TEST_F(Contents, EveryCopyIsKept)
{
    const auto first = add_archive(1);
    const auto second = add_archive(2);
    const auto id = add_message(0x10, first);
    add_message(0x10, second);
    EXPECT_THAT(catalog().message(id)->locations, SizeIs(2));
}

TEST_F(Contents, MessagesOfAnArchiveComeInTheOrderOfItsBytes)
{
    const auto object = add_archive(1);
    const auto other = add_archive(2);
    const auto later = add_message(0x20, object);
    const auto sooner = add_message(0x10, object);
    add_message(0x15, other);
    add_part(0x30, object);
    catalog().put_erased(add_message(0x18, object).bytes(), "on purpose");
    EXPECT_THAT(catalog().messages_lying_in(object),
                ElementsAre(Field(&LyingMessage::id, sooner), Field(&LyingMessage::id, later)));
    EXPECT_EQ(catalog().messages_lying_in(object).front().at.object, object);
    catalog().forget_locations(object);
    EXPECT_THAT(catalog().messages_lying_in(object), IsEmpty());
}

TEST_F(Contents, ALocationCountsOnceItsArchiveIsDescribed)
{
    const auto id = add_message(0x10, id_of<crypto::Hash>(1));
    EXPECT_FALSE(catalog().knows_message(id));
    add_archive(1);
    EXPECT_TRUE(catalog().knows_message(id));
}

TEST_F(Contents, ArchiveFactsComeBackAsTheyWere)
{
    const auto object = add_archive(1);
    const auto archive = catalog().archive(object);
    ASSERT_TRUE(archive);
    EXPECT_EQ(archive->object, object);
    EXPECT_EQ(archive->writer, writer);
    EXPECT_EQ(archive->length, 1'000u);
    EXPECT_EQ(archive->header, ByteBuffer(192, std::byte{1}));
    EXPECT_EQ(archive->blocks, (sealed::BlockTable{{.sealed_bytes = 900, .plain_bytes = 4'000}}));
    EXPECT_FALSE(catalog().archive(id_of<crypto::Hash>(9)));
}

TEST_F(Contents, AForgottenArchiveMakesItsMailUnknown)
{
    const auto lost = add_archive(1);
    const auto sound = add_archive(2);
    const auto only_lost = add_message(0x10, lost);
    const auto twice = add_message(0x20, lost);
    add_message(0x20, sound);
    catalog().forget_locations(lost);
    EXPECT_FALSE(catalog().knows_message(only_lost));
    EXPECT_TRUE(catalog().knows_message(twice));
    EXPECT_THAT(catalog().message(only_lost)->locations, IsEmpty());
    EXPECT_THAT(catalog().message(twice)->locations, SizeIs(1));
    EXPECT_THAT(catalog().messages_in(lost), UnorderedElementsAre(only_lost, twice));
    EXPECT_TRUE(catalog().archive(lost)->forgotten);
    EXPECT_EQ(catalog().totals().stored_bytes, 1'000u);
}

TEST_F(Contents, AMessageWhoseArchiveWasForgottenIsKnownAgainWithItsNewCopy)
{
    const auto lost = add_archive(1);
    const auto id = add_message(0x10, lost);
    catalog().forget_locations(lost);
    add_message(0x10, add_archive(2));
    EXPECT_TRUE(catalog().knows_message(id));
}

TEST_F(Contents, ALostPartMakesItsMessagesUnknown)
{
    const auto parts = add_archive(1);
    const auto skeletons = add_archive(2);
    const auto part = add_part(0xee, parts);
    const auto with = add_message(0x10, skeletons, true);
    const auto without = add_message(0x20, skeletons);
    catalog().put_splice(with, {part});
    EXPECT_TRUE(catalog().knows_message(with));
    EXPECT_THAT(catalog().parts_of(with), ElementsAre(part));
    EXPECT_THAT(catalog().messages_in(parts), ElementsAre(with));
    EXPECT_THAT(catalog().parts_in(parts), ElementsAre(part));

    catalog().forget_locations(parts);
    EXPECT_FALSE(catalog().knows_part(part));
    EXPECT_FALSE(catalog().knows_message(with));
    EXPECT_TRUE(catalog().knows_message(without));

    add_part(0xee, add_archive(3));
    EXPECT_TRUE(catalog().knows_message(with));
}

TEST_F(Contents, PlacementsOfUnreadableMessagesAreToBeFetchedAgain)
{
    const auto lost = add_archive(1);
    const auto sound = add_archive(2);
    const auto gone_message = add_message(0x10, lost);
    catalog().put_placement(placement_row(1, 5, gone_message, 100));
    catalog().put_placement(placement_row(1, 6, add_message(0x20, sound), 100));
    catalog().put_placement(placement_row(1, 7, gone_message, 100));
    catalog().put_gone(folder_key(1), {Uid{7}}, Time{200});
    EXPECT_THAT(catalog().unstored_uids(folder_key(1)), IsEmpty());
    catalog().forget_locations(lost);
    EXPECT_THAT(catalog().unstored_uids(folder_key(1)), ElementsAre(Uid{5}));
}

TEST_F(Contents, AMoveAddsALocation)
{
    const auto first = add_archive(1);
    const auto second = add_archive(2);
    const auto id = add_message(0x10, first);
    catalog().put_moved(id.bytes(), {second, 5, 6});
    catalog().forget_locations(first);
    EXPECT_THAT(catalog().message(id)->locations, ElementsAre(sealed::Location{second, 5, 6}));
}

TEST_F(Contents, WhatWasErasedIsNeverFetchedAgain)
{
    const auto id = add_message(0x10, add_archive(1));
    catalog().put_placement(placement_row(1, 5, id, 100));
    catalog().put_erased(id.bytes(), "asked by its sender");
    catalog().forget_locations(id_of<crypto::Hash>(1));
    EXPECT_TRUE(catalog().knows_message(id));
    EXPECT_THAT(catalog().unstored_uids(folder_key(1)), IsEmpty());
    EXPECT_EQ(catalog().message(id)->erased, "asked by its sender");
    EXPECT_THAT(catalog().message(id)->locations, IsEmpty());
}

TEST_F(Contents, PrefixesFindMessagesOnly)
{
    const auto object = add_archive(1);
    auto first = id_of<crypto::ContentId>(0xab);
    auto second = first;
    second.value[31] = std::byte{0xac};
    catalog().put_message(second, 1, false, {object, 0, 512});
    catalog().put_message(first, 1, false, {object, 512, 512});
    add_part(0xab, object);
    EXPECT_THAT(catalog().messages_with_prefix("ababab", 10), ElementsAre(first, second));
    EXPECT_THAT(catalog().messages_with_prefix("abababa", 1), ElementsAre(first));
    EXPECT_THAT(catalog().messages_with_prefix(second.hex(), 10), ElementsAre(second));
    EXPECT_THAT(catalog().messages_with_prefix("ababac", 10), IsEmpty());
    EXPECT_THAT(catalog().messages_with_prefix("xyzxyz", 10), IsEmpty());
    EXPECT_THAT(catalog().messages_with_prefix(first.hex() + "00", 10), IsEmpty());
}

TEST_F(Contents, WhoStoredItIsTold)
{
    const auto id = add_message(0x10, add_archive(1));
    EXPECT_TRUE(catalog().stored_by(writer, id));
    EXPECT_FALSE(catalog().stored_by(id_of<crypto::WriterId>(0x78), id));
}

}  // namespace
}  // namespace mailhold::catalog
