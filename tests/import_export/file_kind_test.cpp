// What files are, and which folder their mail belongs to.

#include "file_kind.hpp"

#include <gtest/gtest.h>

namespace mailhold::import_export {

namespace {

constexpr auto automatic = ImportFormat::automatic;

TEST(FileKind, IsToldByNameAndBeginning)
{
    using enum FileKind;
    const std::string mail = "Received: by x\nSubject: y\n\n";
    const std::string box = "From a@b Thu Feb 29 15:59:59 2024\n";
    struct Case {
        const char* path;
        std::string start;
        FileKind kind;
    };
    const Case cases[] = {
        {"a/b.eml", "", message},
        {"a/B.EML", mail, message},
        {"Sent/cur/1.x:2,S", mail, maildir},
        {"new/1.x", mail, maildir},
        {"tmp/1.x", mail, nothing},
        {"INBOX.mbox/Messages/12.emlx", "9\n", emlx},
        {"INBOX.mbox/Messages/12.partial.emlx", "9\n", partial_emlx},
        {"Mail/Local Folders/Inbox", box, mbox},
        {"Mail/Local Folders/Inbox.msf", "// <!-- <mdb:mork:z", nothing},
        {"x.mbox", box, mbox},
        {"inbox/12", mail, message},
        {"inbox/12.", mail, message},
        {"notes/todo", "Title: x\nDate: y\n", nothing},
        {"notes/todo", "Words\n" + mail, nothing},
        {"notes/todo", "A: b\n\n" + mail, nothing},
        {"spam/0001.txt", mail, message},
        {"x.msg", mail, message},
        {"x.msg", "\xd0\xcf\x11\xe0", outlook_message},
        {"old.zip", "PK\x03\x04", packed},
        {"old.tar.gz", "\x1f\x8b\x08", packed},
        {"old.pst", "!BDN", outlook},
        {"Old.OST", "", outlook},
        {"backup", "!BDN", outlook},
        {"picture.jpg", "\xff\xd8", nothing},
    };
    for (const Case& one : cases)
        EXPECT_EQ(kind_of(one.path, one.start, automatic, false), one.kind) << one.path;
    EXPECT_EQ(kind_of("notes.txt", mail, automatic, true), message);
    EXPECT_EQ(kind_of("notes.txt", "Hello", automatic, true), nothing);
    EXPECT_EQ(kind_of("notes.txt", "Hello", ImportFormat::eml, true), message);
    EXPECT_EQ(kind_of("notes.txt", "Hello", ImportFormat::mboxrd, true), mbox);
}

TEST(FileKind, FoldersAreNamedAsTheFormatNamesThem)
{
    using enum FileKind;
    struct Case {
        FileKind kind;
        const char* path;
        const char* chosen;
        const char* folder;
    };
    const Case cases[] = {
        {message, "x.eml", "", "Imported"},
        {message, "x.eml", "Old", "Old"},
        {message, "Sent/2024/x.eml", "Old", "Sent/2024"},
        {mbox, "alice.mbox", "", "alice"},
        {mbox, "alice.mbox", "Old", "Old"},
        {mbox, "INBOX.mbox", "", "INBOX"},
        {mbox, "INBOX.mbox/mbox", "", "INBOX"},
        {mbox, "Mail/Local Folders/Archives.sbd/2024", "", "Mail/Local Folders/Archives/2024"},
        {mbox, "a/b.mbox", "Old", "a/b"},
        {maildir, "cur/1", "", "INBOX"},
        {maildir, "cur/1", "Old", "Old"},
        {maildir, ".Sent.2024/cur/1", "Old", "Sent/2024"},
        {maildir, "Maildir/.Sent/new/1", "", "Maildir/Sent"},
        {maildir, "客户/华美/cur/1", "", "客户/华美"},
        {maildir, "Inbox/cur/1", "", "INBOX"},
        {emlx, "INBOX.mbox/Messages/1.emlx", "", "INBOX"},
        {emlx, "a.mbox/b.mbox/8E3B2F4C-0000-4A5B-9C6D-7E8F90A1B2C3/Data/1/2/Messages/1.emlx", "",
         "a/b"},
        {emlx, "1.emlx", "", "Imported"},
        {outlook, "2019.pst", "", "2019"},
        {outlook, "2019.pst", "Old", "Old"},
        {outlook, "Lin/2019.PST", "Old", "Lin/2019"},
    };
    for (const Case& one : cases) {
        const FolderName folder = folder_of(one.kind, one.path, one.chosen);
        EXPECT_EQ(folder.name, one.folder) << one.path;
        EXPECT_EQ(folder.separator, '/');
    }
}

}  // namespace

}  // namespace mailhold::import_export
