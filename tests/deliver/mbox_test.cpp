// mbox exports, taken apart by the rules of mboxrd.

#include <sys/resource.h>

#include <gtest/gtest.h>

#include "mailhold/deliver/destination.hpp"
#include "outgoing.hpp"
#include "support/temp_dir.hpp"

namespace mailhold::deliver {

namespace {

/// Cuts at From_ lines and takes one '>' away from quoted ones, line by line.
std::vector<std::string> read_mbox(std::string_view text)
{
    std::vector<std::string> messages;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        const std::string_view line = text.substr(0, end == std::string_view::npos ? end : end + 1);
        text.remove_prefix(line.size());
        const std::size_t quotes = line.find_first_not_of('>');
        const bool is_from =
            quotes != std::string_view::npos && line.substr(quotes).starts_with("From ");
        if (is_from && quotes == 0)
            messages.emplace_back();
        else
            messages.back() += line.substr(is_from ? 1 : 0);
    }
    return messages;
}

}  // namespace

TEST(Mbox, MessagesComeBackByteForByte)
{
    const test::TempDir dir;
    const auto destination = Destination::open(dir.path() / "out", Format::mbox);
    for (const std::string& raw : test::odd_messages()) {
        destination->add(test::outgoing("INBOX", raw));
        destination->add(test::outgoing("Customers/ACME", raw));  // files alternate
    }
    destination->add_folder("Empty");
    destination->finish();

    for (const char* name : {"INBOX.mbox", "Customers/ACME.mbox"}) {
        const std::string text(text_of(read_file(dir.path() / "out" / name)));
        std::vector<Json> lines;
        for (const Json& line : test::manifest_in(dir.path() / "out"))
            if (line.at("path").as_string() == name)
                lines.push_back(line);
        const auto messages = read_mbox(text);
        ASSERT_EQ(messages.size(), test::odd_messages().size());
        ASSERT_EQ(lines.size(), messages.size());
        for (std::size_t i = 0; i < messages.size(); ++i) {
            EXPECT_EQ(messages[i].substr(0, lines[i].at("size").as_unsigned()),
                      test::odd_messages()[i])
                << i;
            EXPECT_EQ(text.substr(lines[i].at("offset").as_unsigned(), 5), "From ");
        }
    }
    EXPECT_EQ(std::filesystem::file_size(dir.path() / "out/Empty.mbox"), 0U);
}

TEST(Mbox, AFromLineIsThePlainOne)
{
    const test::TempDir dir;
    const std::string raw = "Subject: x\n\nbody\n";
    const auto destination = Destination::open(dir.path() / "out", Format::mbox);
    destination->add(test::outgoing("INBOX", raw));
    auto undated = test::outgoing("INBOX", raw);
    undated.date.reset();
    destination->add(undated);
    destination->finish();
    EXPECT_EQ(read_text_file(dir.path() / "out/INBOX.mbox"),
              "From MAILER-DAEMON Thu Feb 29 15:59:59 2024\n" + raw +
                  "\nFrom MAILER-DAEMON Thu Jan  1 00:00:00 1970\n" + raw + "\n");
}

TEST(Mbox, MoreFoldersThanDescriptorsAreNoTrouble)
{
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
    const rlimit few{40, before.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &few), 0);
    const test::TempDir dir;
    const std::string raw = "Subject: x\n\n";
    const auto destination = Destination::open(dir.path() / "out", Format::mbox);
    for (int round = 0; round < 2; ++round)
        for (int i = 0; i < 100; ++i)
            destination->add(test::outgoing("F" + std::to_string(i), raw));
    EXPECT_EQ(destination->finish().messages, 200U);
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
    EXPECT_EQ(read_mbox(read_text_file(dir.path() / "out/F99.mbox")).size(), 2U);
}

}  // namespace mailhold::deliver
