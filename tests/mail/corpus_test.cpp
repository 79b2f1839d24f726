// Real mail, where MAILHOLD_CORPUS names a folder of unpacked messages: every file joins to itself
// and is readable.

#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>

#include "mailhold/base/file.hpp"
#include "mailhold/base/json.hpp"
#include "mailhold/mail/reading.hpp"
#include "mailhold/mail/searchable.hpp"
#include "support_detach.hpp"

#include "gmime_leaves.hpp"
#include "structure.hpp"

namespace mailhold::mail {

namespace {

std::vector<std::filesystem::path> corpus_files()
{
    std::vector<std::filesystem::path> files;
    const char* const folder = std::getenv("MAILHOLD_CORPUS");
    if (folder == nullptr || !std::filesystem::is_directory(folder))
        return files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
        if (entry.is_regular_file() && entry.path().extension() != ".xz" &&
            entry.file_size() < 32 * mebibyte)
            files.push_back(entry.path());
    return files;
}

}  // namespace

TEST(Corpus, EveryMessageJoinsToItself)
{
    const auto files = corpus_files();
    if (files.empty())
        GTEST_SKIP() << "MAILHOLD_CORPUS names no unpacked messages";
    for (const auto& file : files) {
        const ByteBuffer raw = read_file(file);
        if (const auto detached = detach(raw)) {
            EXPECT_TRUE(test::joins_back(*detached, text_of(raw))) << file;
        }
    }
}

TEST(Corpus, EveryMessageIsReadAsUtf8)
{
    const auto files = corpus_files();
    if (files.empty())
        GTEST_SKIP() << "MAILHOLD_CORPUS names no unpacked messages";
    for (const auto& file : files) {
        const Readable message = read_message(read_file(file));
        EXPECT_TRUE(is_utf8(message.subject + message.from + message.text)) << file;
    }
}

TEST(Corpus, EveryMessageIsSearchableAsUtf8)
{
    const auto files = corpus_files();
    if (files.empty())
        GTEST_SKIP() << "MAILHOLD_CORPUS names no unpacked messages";
    for (const auto& file : files) {
        const Searchable message =
            searchable_of(read_file(file), [](const Document&) { return std::string("document"); });
        EXPECT_TRUE(is_utf8(message.subject + message.text)) << file;
        EXPECT_LE(message.text.size(), max_searchable_bytes) << file;
    }
}

// Broken mail may be taken apart in more than one way; the bulk of it must agree.
TEST(Corpus, LeavesAreMostlyWhereGMimeFindsThem)
{
    const auto files = corpus_files();
    if (files.empty())
        GTEST_SKIP() << "MAILHOLD_CORPUS names no unpacked messages";
    std::size_t agreed = 0;
    for (const auto& file : files) {
        const ByteBuffer raw = read_file(file);
        auto expected = test::gmime_leaves(text_of(raw));
        std::vector<std::string> found;
        for (const Entity& entity : entities_of(text_of(raw)))
            if (!entity.is_message)
                found.emplace_back(entity.body);
        std::erase(expected, "");
        std::erase(found, "");
        if (found == expected)
            ++agreed;
        else if (std::getenv("MAILHOLD_CORPUS_DIFFERENCES") != nullptr)
            std::fprintf(stderr, "differs: %s\n", file.c_str());
    }
    EXPECT_GE(agreed * 100, files.size() * 98) << agreed << " of " << files.size();
}

}  // namespace mailhold::mail
