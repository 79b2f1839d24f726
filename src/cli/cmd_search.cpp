// mailhold search: full text over every account.

#include <memory>

#include <fmt/format.h>

#include "mailhold/base/error.hpp"

#include "commands.hpp"
#include "finding.hpp"
#include "indexing.hpp"
#include "search_results.hpp"

namespace mailhold::cli {
namespace {

constexpr std::size_t usual_limit = 20;
constexpr std::size_t max_limit = 10'000;

struct SearchOptions {
    std::vector<std::string> query;
    std::size_t limit = 0;  ///< 0: as usual
    std::size_t page = 1;
    std::string sort = "date";
    bool count = false;
    bool ids = false;
    bool threads = false;

    std::size_t page_size() const { return limit == 0 ? usual_limit : limit; }
    index::Sort order() const
    {
        return sort == "date" ? index::Sort::date : index::Sort::relevance;
    }
};

/// All ids, unless a limit or a page is asked for.
void print_ids(const SearchOptions& options, const Finding& finding,
               const search::Resolved& resolved, std::ostream& out)
{
    const auto ids = finding.index().ids(resolved.query, options.order());
    const bool is_all = options.limit == 0 && options.page == 1;
    const std::size_t first = std::min((options.page - 1) * options.page_size(), ids.size());
    const std::size_t last =
        is_all ? ids.size() : std::min(first + options.page_size(), ids.size());
    for (std::size_t i = first; i < last; ++i)
        out << ids[i].hex() << '\n';
}

void add_conversations(ResultPage& page, const std::vector<index::Hit>& hits, ResultMaker& maker,
                       const Finding& finding)
{
    search::Conversations grown = search::conversations_of(finding.index(), hits);
    page.conversations_are_whole = grown.is_whole;
    for (search::Conversation& conversation : grown.conversations) {
        std::vector<Result> messages;
        for (search::ConversationMessage& message : conversation.messages) {
            messages.push_back(maker.make(std::move(message.hit)));
            messages.back().is_found = message.is_found;
        }
        page.conversations.push_back(std::move(messages));
    }
}

ResultPage collect(const SearchOptions& options, const Question& question, Finding& finding,
                   const search::Resolved& resolved)
{
    ResultPage page;
    page.first = (options.page - 1) * options.page_size();
    index::Found found = finding.index().find(
        resolved.query,
        {.sort = options.order(), .first = page.first, .limit = options.page_size()});
    page.total = found.total;
    if (page.total == 0)
        page.suggestion = search::corrected(question.text, resolved, finding.index());
    ResultMaker maker(finding, resolved, output_columns());
    if (options.threads)
        add_conversations(page, found.hits, maker, finding);
    for (index::Hit& hit : found.hits)
        page.results.push_back(maker.make(std::move(hit)));
    return page;
}

void answer(const SearchOptions& options, const Question& question, Finding& finding,
            Session& session)
{
    const search::Resolved resolved = resolve_question(question, finding.catalog());
    if (options.ids) {
        print_ids(options, finding, resolved, session.out);
    } else if (options.count) {
        const std::uint64_t total = finding.index().count(resolved.query);
        if (session.options.json)
            session.print_json(Json::object({{"total", total}}));
        else
            session.out << total << '\n';
    } else {
        const ResultPage page = collect(options, question, finding, resolved);
        if (session.options.json)
            session.print_json(results_json(page));
        else
            print_results(page, finding, resolved, session.out);
    }
}

void run_search(const SearchOptions& options, Session& session)
{
    const Question question = read_question(options.query);
    Finding finding(session);
    answer(options, question, finding, session);
    finding.tell_costs();
    tend_index(session, finding.catalog(), finding.keys());
}

}  // namespace

void add_search_command(const Command& app, Session& session)
{
    auto options = std::make_shared<SearchOptions>();
    const Command command =
        app.add_command("search", "Full text over every account, attachments too");
    command.add_option("query", options->query, "Words, \"phrases\", -without, from:, date:, …")
        .required();
    command.add_option("--limit", options->limit, "Results a page")
        .between(1, max_limit)
        .shows_default("20");
    command.add_option("--page", options->page, "Which page").between(1, 1'000'000).shows_default();
    command.add_option("--sort", options->sort, "Newest first, or best first")
        .one_of({"date", "relevance"})
        .shows_default();
    const Option count = command.add_flag("--count", options->count, "Only how many");
    const Option ids = command.add_flag("--ids", options->ids, "Only ids, one a line");
    command.add_flag("--threads", options->threads, "Whole conversations")
        .excludes(count)
        .excludes(ids);
    ids.excludes(count);
    command.footer(
        help_footer(
            "mailhold search 'from:acme.example \"price list\" 304* -draft date:2026-01..'",
            "0 done, also when nothing is found, 2 a query that is not understood, 3 the index is "
            "damaged, 12 wrong passphrase") +
        "\nThe language: docs/search.md. Dashed words that are no option belong to the query; all "
        "words behind -- do.");
    command.runs([options, &session] { run_search(*options, session); });
}

}  // namespace mailhold::cli
