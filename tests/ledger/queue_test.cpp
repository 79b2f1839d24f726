// The intake's queue: bounded in bytes, first come first served, and ended with one error for all.

#include <thread>

#include "intake_queue.hpp"
#include "world.hpp"

namespace mailhold::ledger {
namespace {

Item item(std::uint64_t ticket)
{
    return FlushItem{ticket};
}

std::uint64_t ticket_of(const Item& taken)
{
    return std::get<FlushItem>(taken).ticket;
}

TEST(IntakeQueue, GivesItemsInOrderAndTimesOut)
{
    IntakeQueue queue(100);
    queue.push(item(1), queue.reserve(10));
    queue.push(item(2), queue.reserve(10));
    Item taken;
    Room room;
    EXPECT_EQ(queue.take(taken, room, std::nullopt), IntakeQueue::Taken::item);
    EXPECT_EQ(ticket_of(taken), 1u);
    EXPECT_EQ(queue.take(taken, room, std::nullopt), IntakeQueue::Taken::item);
    EXPECT_EQ(ticket_of(taken), 2u);
    EXPECT_EQ(queue.take(taken, room, std::chrono::steady_clock::now()),
              IntakeQueue::Taken::timeout);
}

TEST(IntakeQueue, WaitsForRoomAndServesALargeOneInItsTurn)
{
    IntakeQueue queue(100);
    Room first = queue.reserve(90);
    std::atomic<int> order = 0;
    std::atomic<int> large = 0;
    std::atomic<int> small = 0;
    std::jthread waiting_large([&] {
        const Room room = queue.reserve(1'000);
        large = ++order;
    });
    while (!queue.has_waiting())
        std::this_thread::yield();
    std::jthread waiting_small([&] {
        const Room room = queue.reserve(5);
        small = ++order;
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    EXPECT_EQ(order, 0);  // 5 bytes would fit; they wait behind the 1,000
    first.shrink_to(0);
    waiting_large.join();
    waiting_small.join();
    EXPECT_EQ(large, 1);
    EXPECT_EQ(small, 2);
}

TEST(IntakeQueue, AnUnusedRoomIsGivenBack)
{
    IntakeQueue queue(100);
    {
        Room room = queue.reserve(100);
        Room moved = std::move(room);
        moved.shrink_to(40);
        const Room other = queue.reserve(60);
    }
    const Room all = queue.reserve(100);
    queue.close(std::nullopt);
}

TEST(IntakeQueue, ItsErrorReachesEveryCallerAndWhoeverWaits)
{
    IntakeQueue queue(100);
    const Room all = queue.reserve(100);
    std::optional<ErrorKind> kind;
    std::jthread waiting([&] { kind = test::kind_thrown_by([&] { return queue.reserve(1); }); });
    queue.close(Error(ErrorKind::storage, "the disk is full"));
    waiting.join();
    EXPECT_EQ(kind, ErrorKind::storage);
    EXPECT_EQ(test::kind_thrown_by([&] {
                  queue.push(item(1), Room());
                  return 0;
              }),
              ErrorKind::storage);
    EXPECT_EQ(test::kind_thrown_by([&] {
                  queue.wait_until([] { return false; });
                  return 0;
              }),
              ErrorKind::storage);
    Item taken;
    Room room;
    EXPECT_EQ(queue.take(taken, room, std::nullopt), IntakeQueue::Taken::closed);
}

}  // namespace
}  // namespace mailhold::ledger
