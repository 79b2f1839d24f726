// Which folder on the server is which folder in the catalog.

#include "folder_match.hpp"

#include <gmock/gmock.h>

namespace mailhold::harvest {
namespace {

ServerFolder on_server(const std::string& name, std::uint32_t uid_validity)
{
    return {.listed = {.wire_name = name, .name = name}, .uid_validity = UidValidity{uid_validity}};
}

catalog::FolderRow row(std::uint64_t fid, const std::string& name, std::uint32_t uid_validity,
                       bool gone = false)
{
    return {.key = {{}, FolderId{fid}},
            .account = {},
            .name = name,
            .wire_name = name,
            .uid_validity = UidValidity{uid_validity},
            .separator = '/',
            .use = {},
            .gone = gone};
}

const SameContent proven = [](const ServerFolder&, const catalog::FolderRow&) { return true; };
const SameContent not_proven = [](const ServerFolder&, const catalog::FolderRow&) { return false; };
const SameContent never_asked = [](const ServerFolder& folder, const catalog::FolderRow&) {
    ADD_FAILURE() << "asked for proof about " << folder.listed.name;
    return true;
};

/// fid of the row that the match took; 0 for none.
std::uint64_t fid_of(const FolderMatch& match)
{
    return match.row ? static_cast<std::uint64_t>(match.row->key.fid) : 0;
}

std::vector<std::uint64_t> gone_in(const MatchResult& result)
{
    std::vector<std::uint64_t> fids;
    for (const catalog::FolderRow& folder : result.gone)
        fids.push_back(static_cast<std::uint64_t>(folder.key.fid));
    return fids;
}

TEST(FolderMatch, SameNameAndUidValidityNeedNoProof)
{
    const MatchResult result =
        match_folders({on_server("INBOX", 7)}, {row(1, "INBOX", 7)}, never_asked);
    ASSERT_EQ(result.matches.size(), 1U);
    EXPECT_EQ(fid_of(result.matches[0]), 1U);
    EXPECT_FALSE(result.matches[0].renamed);
    EXPECT_TRUE(result.gone.empty());
}

TEST(FolderMatch, ANewUidValidityIsANewIncarnation)
{
    const MatchResult result =
        match_folders({on_server("INBOX", 8)}, {row(1, "INBOX", 7)}, never_asked);
    EXPECT_EQ(fid_of(result.matches[0]), 0U);
    EXPECT_EQ(gone_in(result), std::vector<std::uint64_t>{1});
}

TEST(FolderMatch, AUidValidityThatReturnsIsANewIncarnation)
{
    const MatchResult result = match_folders(
        {on_server("INBOX", 7)}, {row(1, "INBOX", 7, true), row(2, "INBOX", 8)}, never_asked);
    EXPECT_EQ(fid_of(result.matches[0]), 0U);
    EXPECT_EQ(gone_in(result), std::vector<std::uint64_t>{2});
}

TEST(FolderMatch, ARenameIsTakenWhenItsContentProvesIt)
{
    const MatchResult result =
        match_folders({on_server("Customers/New", 7)}, {row(1, "Customers/Old", 7)}, proven);
    EXPECT_EQ(fid_of(result.matches[0]), 1U);
    EXPECT_TRUE(result.matches[0].renamed);
    EXPECT_TRUE(result.gone.empty());
}

TEST(FolderMatch, WithoutProofARenameIsANewFolderAndAGoneOne)
{
    const MatchResult result = match_folders({on_server("New", 7)}, {row(1, "Old", 7)}, not_proven);
    EXPECT_EQ(fid_of(result.matches[0]), 0U);
    EXPECT_FALSE(result.matches[0].renamed);
    EXPECT_EQ(gone_in(result), std::vector<std::uint64_t>{1});
}

// Servers that give every folder the same UIDVALIDITY: names come first, and only what no name
// claims may have been renamed.
TEST(FolderMatch, OneUidValidityForAllFoldersIsToldApartByNameAndContent)
{
    const std::vector<ServerFolder> server{on_server("D", 1), on_server("A", 1), on_server("B", 1)};
    const std::vector<catalog::FolderRow> rows{row(1, "A", 1), row(2, "B", 1), row(3, "C", 1),
                                               row(4, "E", 1)};
    const SameContent only_c_became_d = [](const ServerFolder& folder,
                                           const catalog::FolderRow& candidate) {
        EXPECT_EQ(folder.listed.name, "D");
        return candidate.name == "C";
    };
    const MatchResult result = match_folders(server, rows, only_c_became_d);
    EXPECT_EQ(fid_of(result.matches[0]), 3U);
    EXPECT_TRUE(result.matches[0].renamed);
    EXPECT_EQ(fid_of(result.matches[1]), 1U);
    EXPECT_EQ(fid_of(result.matches[2]), 2U);
    EXPECT_EQ(gone_in(result), std::vector<std::uint64_t>{4});
}

TEST(FolderMatch, TwoFoldersThatSwappedNamesAreMatchedByUidValidity)
{
    const MatchResult result = match_folders({on_server("A", 2), on_server("B", 1)},
                                             {row(1, "A", 1), row(2, "B", 2)}, proven);
    EXPECT_EQ(fid_of(result.matches[0]), 2U);
    EXPECT_EQ(fid_of(result.matches[1]), 1U);
    EXPECT_TRUE(result.gone.empty());
}

TEST(FolderMatch, OneRowIsNeverGivenToTwoFolders)
{
    const MatchResult result =
        match_folders({on_server("X", 7), on_server("Y", 7)}, {row(1, "Old", 7)}, proven);
    EXPECT_EQ(fid_of(result.matches[0]), 1U);
    EXPECT_EQ(fid_of(result.matches[1]), 0U);
}

TEST(FolderMatch, ExcludePatternsAreGlobsOverTheWholeName)
{
    struct Row {
        std::string name;
        std::string pattern;
        bool excluded;
    };
    const std::vector<Row> table{
        {"Spam", "Spam", true},
        {"Spam/2024", "Spam", false},
        {"Spam/2024", "Spam*", true},
        {"Spam/2024", "*/2024", true},
        {"Spam/2024/03", "*/20*3", true},
        {"Spam", "spam", false},
        {"Spam", "S?am", true},
        {"Spam", "S?pam", false},
        {"", "*", true},
        {"", "", true},
        {"a", "", false},
        {"aaab", "a*ab", true},
        {"abcabcabd", "*abd", true},
        {"已删除邮件", "已删除*", true},
        {"inbox", "INBOX", true},
        {"INBOX", "Inbox", true},
        {"INBOX/Sub", "INBOX", false},
    };
    for (const Row& row : table)
        EXPECT_EQ(is_excluded(row.name, {row.pattern}), row.excluded)
            << row.name << " by " << row.pattern;
    EXPECT_FALSE(is_excluded("Spam", {}));
    EXPECT_TRUE(is_excluded("Spam", {"Trash", "Spam"}));
}

TEST(FolderMatch, SpecialUseIsTheFirstKnownAttribute)
{
    EXPECT_EQ(special_use({.attributes = {"\\haschildren", "\\sent"}}), "\\sent");
    EXPECT_EQ(special_use({.attributes = {"\\all", "\\archive"}}), "\\all");
    EXPECT_EQ(special_use({.attributes = {"\\noinferiors"}}), "");
}

}  // namespace
}  // namespace mailhold::harvest
