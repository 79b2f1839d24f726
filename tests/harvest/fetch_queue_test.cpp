// The fetching still to be done, handed out in tasks.

#include "fetch_queue.hpp"

#include <atomic>
#include <numeric>
#include <thread>

#include <gtest/gtest.h>

namespace mailhold::harvest {
namespace {

std::vector<Uid> uids(std::uint32_t count, std::uint32_t first = 1)
{
    std::vector<Uid> list;
    for (std::uint32_t i = 0; i < count; ++i)
        list.push_back(Uid{first + i});
    return list;
}

/// Folders with so many messages, which count their completions.
class FetchQueueTest : public testing::Test {
protected:
    FetchQueue& queue_of(const std::vector<std::uint32_t>& sizes)
    {
        completed_ = std::vector<std::atomic<int>>(sizes.size());
        for (std::size_t i = 0; i < sizes.size(); ++i)
            folders_.push_back(
                {.uids = uids(sizes[i]), .complete = [this, i] { ++completed_[i]; }});
        queue_.emplace(folders_);
        return *queue_;
    }

    std::vector<FetchFolder> folders_;
    std::vector<std::atomic<int>> completed_;
    std::optional<FetchQueue> queue_;
};

TEST_F(FetchQueueTest, EveryMessageIsHandedOutOnceInTasksOfAFewHundred)
{
    FetchQueue& queue = queue_of({1'234, 3});
    EXPECT_EQ(queue.messages_waiting(), 1'237U);
    std::vector<Uid> first_folder;
    std::size_t second_folder = 0;
    while (const auto task = queue.take({})) {
        EXPECT_LE(task->uids.size(), 500U);
        if (task->folder == 0)
            first_folder.insert(first_folder.end(), task->uids.begin(), task->uids.end());
        else
            second_folder += task->uids.size();
        queue.done(*task);
    }
    EXPECT_EQ(first_folder, uids(1'234));
    EXPECT_EQ(second_folder, 3U);
    EXPECT_EQ(completed_[0], 1);
    EXPECT_EQ(completed_[1], 1);
}

TEST_F(FetchQueueTest, TheOpenFolderIsPreferred)
{
    FetchQueue& queue = queue_of({10, 10});
    const auto task = queue.take(std::size_t{1});
    ASSERT_TRUE(task);
    EXPECT_EQ(task->folder, 1U);
}

TEST_F(FetchQueueTest, AFolderIsCompleteOnlyWhenWhatWasGivenBackIsDoneToo)
{
    FetchQueue& queue = queue_of({10});
    auto task = queue.take({});
    queue.done(*task, {{.folder = 0, .uids = uids(3, 8)}});
    EXPECT_EQ(completed_[0], 0);
    EXPECT_EQ(queue.messages_waiting(), 3U);
    task = queue.take({});
    ASSERT_TRUE(task);
    EXPECT_EQ(task->uids, uids(3, 8));
    queue.done(*task);
    EXPECT_EQ(completed_[0], 1);
    EXPECT_FALSE(queue.take({}));
}

TEST_F(FetchQueueTest, AnEmptyRestMeansNothingIsLeft)
{
    FetchQueue& queue = queue_of({10});
    const auto task = queue.take({});
    queue.done(*task, {{.folder = 0, .uids = {}}});
    EXPECT_EQ(completed_[0], 1);
    EXPECT_FALSE(queue.take({}));
}

TEST_F(FetchQueueTest, WhatIsGivenBackComesNext)
{
    FetchQueue& queue = queue_of({10, 10});
    const auto task = queue.take({});
    queue.done(*task, {{.folder = 0, .uids = uids(4)},
                       {.folder = 0, .uids = uids(1, 5), .is_suspect = true}});
    const auto next = queue.take({});
    ASSERT_TRUE(next);
    EXPECT_TRUE(next->is_suspect);
    EXPECT_EQ(next->uids, uids(1, 5));
}

TEST_F(FetchQueueTest, ADroppedFolderIsNeverComplete)
{
    FetchQueue& queue = queue_of({1'200, 10});
    const auto task = queue.take({});
    ASSERT_EQ(task->folder, 0U);
    queue.drop_folder(0);
    EXPECT_EQ(queue.messages_waiting(), 10U);
    queue.done(*task, {{.folder = 0, .uids = uids(3)}});
    EXPECT_EQ(queue.messages_waiting(), 10U) << "nothing of a dropped folder comes back";
    const auto other = queue.take({});
    EXPECT_EQ(other->folder, 1U);
    queue.done(*other);
    EXPECT_FALSE(queue.take({}));
    EXPECT_EQ(completed_[0], 0);
    EXPECT_EQ(completed_[1], 1);
}

TEST_F(FetchQueueTest, AClosedQueueHandsOutNothingAndCompletesNothingUnfinished)
{
    FetchQueue& queue = queue_of({1'200});
    const auto task = queue.take({});
    queue.close();
    EXPECT_TRUE(queue.closed());
    EXPECT_FALSE(queue.take({}));
    queue.done(*task, {{.folder = 0, .uids = uids(3)}});
    EXPECT_EQ(completed_[0], 0);
}

TEST_F(FetchQueueTest, WhoWaitsGetsWhatAnotherGivesBack)
{
    FetchQueue& queue = queue_of({10});
    const auto task = queue.take({});
    std::optional<FetchTask> got;
    std::jthread waiting([&] { got = queue.take({}); });
    queue.done(*task, {{.folder = 0, .uids = uids(2)}});
    waiting.join();
    ASSERT_TRUE(got);
    EXPECT_EQ(got->uids, uids(2));
}

TEST_F(FetchQueueTest, SeveralThreadsFinishEverythingExactlyOnce)
{
    FetchQueue& queue = queue_of({20'000, 501, 1, 7'777});
    std::atomic<std::size_t> fetched = 0;
    {
        std::vector<std::jthread> threads;
        for (unsigned thread = 0; thread < 4; ++thread)
            threads.emplace_back([&, thread] {
                std::optional<std::size_t> open;
                for (unsigned round = thread; auto task = queue.take(open); ++round) {
                    open = task->folder;
                    std::vector<FetchTask> left;
                    if (round % 3 == 0 && task->uids.size() > 1) {  // a lost connection
                        const auto half =
                            task->uids.begin() + static_cast<std::ptrdiff_t>(task->uids.size() / 2);
                        left.push_back({.folder = task->folder, .uids = {half, task->uids.end()}});
                    }
                    fetched += task->uids.size() - (left.empty() ? 0 : left[0].uids.size());
                    queue.done(*task, std::move(left));
                }
            });
    }
    EXPECT_EQ(fetched, 20'000U + 501U + 1U + 7'777U);
    for (const auto& count : completed_)
        EXPECT_EQ(count, 1);
}

}  // namespace
}  // namespace mailhold::harvest
