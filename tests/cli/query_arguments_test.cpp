// Command lines with queries: options go first, whatever else belongs to the query.

#include <CLI/CLI.hpp>
#include <gmock/gmock.h>

#include "query_arguments.hpp"

namespace mailhold::cli {
namespace {

using testing::ElementsAre;

class QueryArguments : public testing::Test {
protected:
    QueryArguments()
    {
        app_.add_option("-c,--config", text_);
        app_.add_flag("-v,--verbose", flag_);
        app_.add_subcommand("status");
        CLI::App* search = app_.add_subcommand("search");
        search->add_option("query", words_);
        search->add_option("--limit", number_);
        search->add_flag("--count", flag_);
    }

    std::vector<std::string> arranged(const std::vector<std::string>& arguments)
    {
        return arranged_arguments(app_, arguments);
    }

private:
    CLI::App app_;
    std::string text_;
    std::vector<std::string> words_;
    int number_ = 0;
    bool flag_ = false;
};

TEST_F(QueryArguments, DashedWordsThatAreNoOptionBelongToTheQuery)
{
    EXPECT_THAT(arranged({"search", "steel", "-copper", "--limit", "5", "pipe"}),
                ElementsAre("search", "--limit", "5", "--", "steel", "-copper", "pipe"));
    EXPECT_THAT(arranged({"-c", "search", "search", "-x", "--limit=5", "--count"}),
                ElementsAre("-c", "search", "search", "--limit=5", "--count", "--", "-x"));
    EXPECT_THAT(arranged({"search", "a", "-v", "--verbos"}),
                ElementsAre("search", "-v", "--", "a", "--verbos"));
}

TEST_F(QueryArguments, LettersOfOptionsAreNoOptionWithinAWord)
{
    EXPECT_THAT(arranged({"search", "-vat", "-coffee"}),
                ElementsAre("search", "--", "-vat", "-coffee"));
}

TEST_F(QueryArguments, NamesOfCommandsAreWordsLikeAnyOther)
{
    EXPECT_THAT(arranged({"search", "status", "search"}),
                ElementsAre("search", "--", "status", "search"));
}

TEST_F(QueryArguments, EverythingBehindTwoDashesIsTheQuery)
{
    EXPECT_THAT(arranged({"search", "--", "--limit", "--", "-v"}),
                ElementsAre("search", "--", "--limit", "--", "-v"));
}

TEST_F(QueryArguments, OtherCommandsStayAsTheyAre)
{
    EXPECT_THAT(arranged({"-v", "status", "-x", "search"}),
                ElementsAre("-v", "status", "-x", "search"));
    EXPECT_THAT(arranged({}), ElementsAre());
    EXPECT_THAT(arranged({"-c"}), ElementsAre("-c"));
    EXPECT_THAT(arranged({"search"}), ElementsAre("search"));
    EXPECT_THAT(arranged({"search", "--limit"}), ElementsAre("search", "--limit"));
}

}  // namespace
}  // namespace mailhold::cli
