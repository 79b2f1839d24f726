// Servers that ask for a pause, which is kept.

#include "upload_fixture.hpp"

namespace mailhold::deliver {
namespace {

using test::Reply;
using testing::HasSubstr;
using testing::SizeIs;

class UploadThrottled : public UploadTest {
protected:
    /// The first line that begins with `command` is answered with `text`; the time of its answer
    /// and of the next line are kept.
    void throttle(std::string command, std::string text, bool hangs_up = false)
    {
        server.on_line = [this, command = std::move(command), text = std::move(text),
                          hangs_up](const std::string& line) -> std::optional<Reply> {
            const auto now = std::chrono::steady_clock::now();
            if (throttled_at_ && !next_at_)
                next_at_ = now;
            if (throttled_at_ || !line.starts_with(command))
                return {};
            throttled_at_ = now;
            return Reply{.text = text, .hangs_up = hangs_up};
        };
    }

    void expect_waited(std::chrono::milliseconds time)
    {
        ASSERT_TRUE(throttled_at_ && next_at_);
        EXPECT_GE(*next_at_ - *throttled_at_, time);
        EXPECT_LE(*next_at_ - *throttled_at_, time + std::chrono::milliseconds(600));
    }

private:
    std::optional<std::chrono::steady_clock::time_point> throttled_at_;
    std::optional<std::chrono::steady_clock::time_point> next_at_;
};

constexpr const char* wait_a_while =
    "$ NO Request is throttled. Suggested Backoff Time: 400 milliseconds";

TEST_F(UploadThrottled, Case53_AnAppendWaitsExactlyAsLongAsAsked)
{
    add_letters(5);
    throttle("APPEND", wait_a_while);
    expect_whole(run());
    expect_waited(std::chrono::milliseconds(400));
}

TEST_F(UploadThrottled, Case53_BadAndGoodbyeMeanTheSame)
{
    add_letters(5);
    throttle("APPEND",
             "$ BAD Request is throttled. Suggested Backoff Time: 400 milliseconds\r\n"
             "* BYE Connection is closed. 13",
             true);
    expect_whole(run());
    expect_waited(std::chrono::milliseconds(400));
}

TEST_F(UploadThrottled, Case53_AGoodbyeAloneIsWaitedForToo)
{
    add_letters(5);
    throttle("APPEND", "* BYE Throttled. Suggested Backoff Time: 400 milliseconds", true);
    expect_whole(run());
    expect_waited(std::chrono::milliseconds(400));
}

TEST_F(UploadThrottled, Case53_ReadingBackWaitsAsAsked)
{
    add_letters(5);
    throttle("UID FETCH", wait_a_while);
    expect_whole(run());
    expect_waited(std::chrono::milliseconds(400));
}

TEST_F(UploadThrottled, Case53_AThrottledFolderIsMadeUnderItsOwnName)
{
    folders = {{.levels = {"Mail"}, .use = {}}};
    add_letters(5);
    throttle("CREATE", wait_a_while);
    EXPECT_TRUE(run().is_whole());
    EXPECT_EQ(server.folders["Mail"].raws(), wanted());
    EXPECT_THAT(server.folders, SizeIs(2));
    expect_waited(std::chrono::milliseconds(400));
}

TEST_F(UploadThrottled, Case53_AThrottledLookIntoAFolderIsTriedAgain)
{
    add_letters(5);
    throttle("SELECT", wait_a_while);
    expect_whole(run());
    expect_waited(std::chrono::milliseconds(400));
}

TEST_F(UploadThrottled, Case53_WhoAsksForTooLongIsObeyedByStopping)
{
    add_letters(5);
    throttle("APPEND", "$ NO Request is throttled. Suggested Backoff Time: 3600000 milliseconds");
    const UploadReport report = run();
    EXPECT_EQ(report.end, UploadEnd::lost);
    EXPECT_THAT(report.why, HasSubstr("3600000"));
    EXPECT_EQ(report.missing_bytes, bytes_wanted());
    EXPECT_THAT(server.lines.back(), HasSubstr("APPEND")) << "nothing was sent after it";
}

}  // namespace
}  // namespace mailhold::deliver
