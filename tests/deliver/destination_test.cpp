// What all destinations have in common.

#include "mailhold/deliver/destination.hpp"

#include <algorithm>
#include <csignal>
#include <fstream>
#include <random>

#include <sys/resource.h>

#include <gtest/gtest.h>

#include "outgoing.hpp"
#include "support/kind_thrown_by.hpp"
#include "support/temp_dir.hpp"

namespace mailhold::deliver {

namespace fs = std::filesystem;

constexpr Format all_formats[] = {Format::maildir, Format::mbox, Format::eml, Format::zip,
                                  Format::tar_zst};
constexpr Format folder_formats[] = {Format::maildir, Format::mbox, Format::eml};

TEST(Destination, FormatsHaveNames)
{
    EXPECT_EQ(parse_format("maildir"), Format::maildir);
    EXPECT_EQ(parse_format("mbox"), Format::mbox);
    EXPECT_EQ(parse_format("eml"), Format::eml);
    EXPECT_EQ(parse_format("zip"), Format::zip);
    EXPECT_EQ(parse_format("tar.zst"), Format::tar_zst);
    for (const char* name : {"", "Maildir", "tar", "tar.gz", "zip "})
        EXPECT_FALSE(parse_format(name)) << name;
}

TEST(Destination, WhatIsThereIsRefusedAndLeftAlone)
{
    for (const Format format : all_formats) {
        const test::TempDir dir;
        const fs::path path = dir.path() / "out";
        std::ofstream(path) << "precious";
        EXPECT_EQ(test::kind_thrown_by([&] { return Destination::open(path, format); }),
                  ErrorKind::usage);
        EXPECT_EQ(read_text_file(path), "precious");
    }
    for (const Format format : folder_formats) {
        const test::TempDir dir;
        std::ofstream(dir.path() / "x") << "precious";
        EXPECT_EQ(test::kind_thrown_by([&] { return Destination::open(dir.path(), format); }),
                  ErrorKind::usage);
        EXPECT_EQ(std::distance(fs::directory_iterator(dir.path()), {}), 1);
    }
}

TEST(Destination, AnEmptyFolderIsTakenAndAMissingOneMade)
{
    for (const Format format : folder_formats) {
        const test::TempDir dir;
        EXPECT_EQ(Destination::open(dir.path(), format)->finish().messages, 0U);
        EXPECT_TRUE(fs::exists(dir.path() / manifest_name));
        Destination::open(dir.path() / "a/b/c", format)->finish();
        EXPECT_TRUE(fs::exists(dir.path() / "a/b/c" / manifest_name));
    }
}

TEST(Destination, AnUnfinishedExportHasNoManifestAndCannotBeContinued)
{
    for (const Format format : folder_formats) {
        const test::TempDir dir;
        const std::string raw = "Subject: x\r\n\r\n";
        {
            const auto destination = Destination::open(dir.path(), format);
            destination->add(test::outgoing("INBOX", raw));
        }
        EXPECT_FALSE(fs::exists(dir.path() / manifest_name));
        EXPECT_TRUE(fs::exists(dir.path() / "mailhold-export.jsonl.incomplete"));
        EXPECT_EQ(test::kind_thrown_by([&] { return Destination::open(dir.path(), format); }),
                  ErrorKind::usage);
    }
}

TEST(Destination, TheManifestSaysFolderFlagsAndDateExactly)
{
    for (const Format format : folder_formats) {
        const test::TempDir dir;
        const std::string raw = "Subject: x\r\n\r\nbody";
        const auto destination = Destination::open(dir.path(), format);
        auto message = test::outgoing("Kunden.A/B", raw, {"$Label1", "\\Seen", "\\Weird"}, 'c');
        message.separator = '.';
        destination->add(message);
        message.date.reset();
        message.folder = "\xff raw";
        destination->add(message);
        EXPECT_EQ(destination->finish().bytes, 2 * raw.size());

        const auto lines = test::manifest_in(dir.path());
        ASSERT_EQ(lines.size(), 2U);
        EXPECT_EQ(lines[0].at("folder").as_string(), "Kunden.A/B");
        EXPECT_TRUE(lines[0].at("path").as_string().starts_with("Kunden/A%2FB"));
        EXPECT_EQ(lines[0].at("id").as_string(), std::string(64, 'c'));
        EXPECT_EQ(lines[0].at("flags").dump(), R"(["$Label1","\\Seen","\\Weird"])");
        EXPECT_EQ(lines[0].at("internaldate").as_string(), "2024-02-29T23:59:59+08:00");
        EXPECT_EQ(lines[0].at("size").as_unsigned(), raw.size());
        EXPECT_TRUE(fs::exists(dir.path() / lines[0].at("path").as_string()));
        EXPECT_TRUE(lines[1].at("internaldate").is_null());
        EXPECT_EQ(wire_name_from_json(lines[1].at("folder")), "\xff raw");
        EXPECT_TRUE(fs::exists(dir.path() / lines[1].at("path").as_string()));
    }
}

TEST(Destination, EmlFilesCarryTheirBytesUnderReadableNames)
{
    const test::TempDir dir;
    const auto destination = Destination::open(dir.path() / "out", Format::eml);
    for (const std::string& raw : test::odd_messages()) {
        auto message = test::outgoing("INBOX", raw);
        message.subject = "Re: 报价/offer";
        destination->add(message);  // all with one name
    }
    destination->add_folder("Empty/Folder");
    destination->finish();
    const auto lines = test::manifest_in(dir.path() / "out");
    ASSERT_EQ(lines.size(), test::odd_messages().size());
    for (std::size_t i = 0; i < lines.size(); ++i)
        EXPECT_EQ(text_of(read_file(dir.path() / "out" / lines[i].at("path").as_string())),
                  test::odd_messages()[i]);
    EXPECT_EQ(lines[0].at("path").as_string(),
              "INBOX/20240229T155959Z-Re_报价_offer-aaaaaaaaaaaa.eml");
    EXPECT_EQ(lines[1].at("path").as_string(),
              "INBOX/20240229T155959Z-Re_报价_offer-aaaaaaaaaaaa-2.eml");
    EXPECT_TRUE(fs::is_directory(dir.path() / "out/Empty/Folder"));
}

TEST(Destination, AFolderThatCannotBeMadeIsAnError)
{
    EXPECT_NE(
        test::kind_thrown_by([] { return Destination::open("/proc/nowhere/out", Format::eml); }),
        std::nullopt);
}

// A limit on file sizes fails writes as a full disk does.
TEST(Destination, AWriteThatFailsIsAStorageErrorAndTheExportStaysUnfinished)
{
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
    const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
    std::string raw(1'000'000, '\0');  // that no compressor makes small
    std::ranges::generate(
        raw, [random = std::mt19937(1)]() mutable { return static_cast<char>(random()); });
    for (const Format format : all_formats) {
        const test::TempDir dir;
        const fs::path path = dir.path() / "out";
        const rlimit small{100'000, before.rlim_max};
        ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
        const auto kind = test::kind_thrown_by([&] {
            const auto destination = Destination::open(path, format);
            destination->add(test::outgoing("INBOX", raw));
            return destination->finish();
        });
        ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
        EXPECT_EQ(kind, ErrorKind::storage);
        EXPECT_FALSE(fs::exists(path / manifest_name));
        EXPECT_FALSE(fs::is_regular_file(path));
    }
    std::signal(SIGXFSZ, old_handler);
}

}  // namespace mailhold::deliver
