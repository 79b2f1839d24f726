// The pool: documents read by workers, and what hostile or unlucky ones cost.

#include "mailhold/mail/document_workers.hpp"

#include <chrono>
#include <csignal>
#include <fstream>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "mail/document_samples.hpp"

namespace mailhold::mail {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using Outcome = DocumentText::Outcome;

DocumentText read(DocumentWorkers& workers, std::string_view name, std::string_view content)
{
    return workers.text_of({name, "application/octet-stream", bytes_of(content)});
}

std::vector<pid_t> children()
{
    std::ifstream list(fmt::format("/proc/self/task/{}/children", ::gettid()));
    std::vector<pid_t> pids;
    for (pid_t pid = 0; list >> pid;)
        pids.push_back(pid);
    return pids;
}

/// Page content that takes minutes to read: a form that draws the next one many times.
std::string slow_pdf()
{
    std::vector<std::string> objects = {
        "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1/Kids[3 0 R]>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</XObject<</X 5 0 R"
        ">>>>>>",
        test::pdf_stream("/X Do")};
    for (int i = 5; i < 15; ++i) {
        std::string drawn;
        for (int n = 0; n < 30; ++n)
            drawn += "/X Do ";
        objects.push_back(fmt::format("<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<<"
                                      "/XObject<</X {} 0 R>>>>/Length {}>>\nstream\n{}\nendstream",
                                      i + 1, drawn.size(), drawn));
    }
    objects.push_back("<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length 0>>\nstream\n\nendstream");
    return test::pdf_of_objects(objects);
}

TEST(DocumentWorkers, ReadDocumentsOneAfterAnotherInTheSameWorker)
{
    DocumentWorkers workers(1);
    EXPECT_EQ(read(workers, "a.pdf", test::pdf({"stainless"})).text, "stainless\n");
    const std::vector<pid_t> first = children();
    EXPECT_EQ(read(workers, "a.docx", test::docx({"报价"})).text, "报价\n");
    EXPECT_EQ(read(workers, "a.txt", "\xb1\xa8\xbc\xdb\xb5\xa5").text, "报价单\n");
    EXPECT_EQ(children(), first);
    EXPECT_EQ(first.size(), 1U);
}

TEST(DocumentWorkers, APictureStartsNone)
{
    DocumentWorkers workers(1);
    EXPECT_EQ(read(workers, "a.png", "\x89PNG\r\n\x1a\n").outcome, Outcome::unread);
    EXPECT_TRUE(children().empty());
}

TEST(DocumentWorkers, ThatWereKilledAreReplacedWithoutLossOfText)
{
    DocumentWorkers workers(1);
    read(workers, "a.txt", "one");
    for (const pid_t pid : children())
        ::kill(pid, SIGKILL);
    EXPECT_EQ(read(workers, "a.txt", "two").text, "two\n");
}

TEST(DocumentWorkers, ADocumentThatIsKilledInTheMiddleFailsAndTheNextIsRead)
{
    DocumentWorkers workers(1, {.time = 60s});
    std::thread killer([main = ::getpid()] {
        // The first of them starts with a canary; the second time it is the document alone.
        for (int i = 0; i < 2; ++i) {
            std::this_thread::sleep_for(2s);
            std::ifstream list(fmt::format("/proc/self/task/{}/children", main));
            for (pid_t pid = 0; list >> pid;)
                ::kill(pid, SIGKILL);
        }
    });
    const DocumentText text = read(workers, "a.pdf", slow_pdf());
    EXPECT_EQ(text.outcome, Outcome::failed);
    EXPECT_EQ(text.why, "its reader crashed");
    killer.join();
    EXPECT_EQ(read(workers, "a.txt", "next").text, "next\n");
}

TEST(DocumentWorkers, ADocumentWithoutEndFailsInTimeAndTheNextIsRead)
{
    DocumentWorkers workers(1, {.time = 1s});
    const auto start = std::chrono::steady_clock::now();
    const DocumentText text = read(workers, "a.pdf", slow_pdf());
    EXPECT_EQ(text.outcome, Outcome::failed);
    EXPECT_EQ(text.why, "takes too long");
    EXPECT_LT(std::chrono::steady_clock::now() - start, 10s);
    EXPECT_EQ(read(workers, "a.txt", "next").text, "next\n");
}

TEST(DocumentWorkers, ManyThreadsShareFewWorkers)
{
    DocumentWorkers workers(2);
    std::vector<std::jthread> threads;
    for (int i = 0; i < 6; ++i)
        threads.emplace_back([&workers, i] {
            for (int n = 0; n < 5; ++n) {
                const std::string word = fmt::format("word{}x{}", i, n);
                EXPECT_EQ(read(workers, "a.pdf", test::pdf({word})).text, word + "\n");
            }
        });
}

TEST(DocumentWorkers, EndWithThePool)
{
    {
        DocumentWorkers workers(2);
        read(workers, "a.txt", "one");
        EXPECT_EQ(children().size(), 1U);
    }
    EXPECT_TRUE(children().empty());
}

}  // namespace
}  // namespace mailhold::mail
