// What holds of every history: random ones, each from a seed, of a mailbox that grows, shrinks,
// changes flags and gets the same mail twice.

#include <algorithm>
#include <random>

#include <fmt/format.h>

#include "mailhold/archive/tar.hpp"
#include "mailhold/mail/detach.hpp"
#include "splice.hpp"
#include "world.hpp"

namespace mailhold::ledger {
namespace {

constexpr int histories = 6;
constexpr int runs = 5;
constexpr std::int64_t first_run = 1'772'000'000;
constexpr std::int64_t day = 86'400;

using Mailbox = std::map<std::uint32_t, ServerMessage>;

/// Other clocks for this process while it lives.
class Clock {
public:
    static void set(Time time) { ::setenv("MAILHOLD_TEST_NOW", format_utc(time).c_str(), 1); }
    ~Clock() { ::unsetenv("MAILHOLD_TEST_NOW"); }
};

class History {
public:
    explicit History(std::uint64_t seed) : random_(seed)
    {
        for (int run = 0; run < runs; ++run) {
            Clock::set(time_of(run));
            change();
            back_up(*world.open(), server);
            states.push_back(server.messages);
        }
    }

    static Time time_of(int run) { return Time{first_run + run * day}; }

    World world;
    Server server;
    std::vector<Mailbox> states;                        ///< of the server, at each run
    std::map<std::string, std::uint32_t> first_places;  ///< where each content was seen first

private:
    std::size_t below(std::size_t limit) { return random_() % limit; }

    std::string content()
    {
        if (!first_places.empty() && below(5) == 0)  // moved or sent twice
            return std::next(first_places.begin(),
                             static_cast<std::ptrdiff_t>(below(first_places.size())))
                ->first;
        const int n = next_number_++;
        // Of few attachments, so that they are shared.
        return below(3) == 0 ? letter_with_attachment(n, static_cast<int>(below(3))) : letter(n);
    }

    Flags flags()
    {
        Flags flags;
        for (const char* flag : {"$Work", "\\Answered", "\\Seen"})
            if (below(2) == 0)
                flags.emplace_back(flag);
        return flags;
    }

    void change()
    {
        Mailbox& messages = server.messages;
        std::erase_if(messages, [&](const auto& /*message*/) { return below(6) == 0; });
        for (auto& [uid, message] : messages)
            if (below(4) == 0)
                message.flags = flags();
        for (std::size_t more = 1 + below(6); more > 0; --more) {
            const std::string raw = content();
            first_places.try_emplace(raw, next_uid_);
            messages[next_uid_++] = {raw, flags()};
        }
    }

    Clock clock_;
    std::mt19937_64 random_;
    int next_number_ = 1;
    std::uint32_t next_uid_ = 1;
};

class Properties : public testing::TestWithParam<int> {
protected:
    History history{static_cast<std::uint64_t>(GetParam())};
};

INSTANTIATE_TEST_SUITE_P(Seeds, Properties, testing::Range(0, histories));

TEST_P(Properties, WhatIsReadBackIsWhatWasFetched)
{
    expect_backed_up(*history.world.open(), history.world.keys(), history.server);
    const auto ledger = history.world.open(Ledger::Mode::read);
    Library library(ledger->store(), history.world.keys(), ledger->catalog());
    const crypto::ContentHasher hasher(history.world.keys().key_i.view());
    for (const auto& [raw, uid] : history.first_places)
        EXPECT_EQ(text_of(library.message(hasher.content_id(bytes_of(raw)))), raw) << uid;
}

TEST_P(Properties, TheJournalReplayedIsTheCatalog)
{
    const auto ledger = history.world.open();
    const std::string grown = snapshot(ledger->catalog());
    ledger->rebuild_catalog(history.world.keys(), {});
    EXPECT_EQ(snapshot(ledger->catalog()), grown);
}

/// Live messages at a time, as the catalog tells it.
std::map<std::uint32_t, std::pair<crypto::ContentId, Flags>> live_at(const Ledger& ledger, Time at)
{
    std::map<std::uint32_t, std::pair<crypto::ContentId, Flags>> live;
    ledger.catalog().for_each_placement_at(
        anna, at, [&](const catalog::FolderRow& /*folder*/, const catalog::PlacementRow& row) {
            live[static_cast<std::uint32_t>(row.uid)] = {row.id, row.flags};
        });
    return live;
}

TEST_P(Properties, AsOfEachRunIsWhatTheServerHadThenAndAsOfNowWhatItHas)
{
    const auto ledger = history.world.open(Ledger::Mode::read);
    const crypto::ContentHasher hasher(history.world.keys().key_i.view());
    for (int run = 0; run < runs; ++run) {
        std::map<std::uint32_t, std::pair<crypto::ContentId, Flags>> wanted;
        for (const auto& [uid, message] : history.states.at(static_cast<std::size_t>(run)))
            wanted[uid] = {hasher.content_id(bytes_of(message.raw)), message.flags};
        EXPECT_EQ(live_at(*ledger, History::time_of(run)), wanted) << "run " << run;
    }
    EXPECT_EQ(live_at(*ledger, now()), live_at(*ledger, end_of_time));
    const catalog::FolderKey key{ledger->kit().writer, history.server.fid};
    EXPECT_EQ(live_at(*ledger, now()).size(), ledger->catalog().live_uids(key).size());
}

/// What the archives say by themselves, opened with nothing but the keys.
struct FromArchives {
    struct Message {
        std::string content;  ///< of a spliced one, its skeleton
        std::string meta;
        bool is_spliced = false;
    };
    std::vector<Message> messages;
    std::map<crypto::PartId, std::string> parts;

    FromArchives(const objects::Store& store, const vault::ReaderKeys& keys)
    {
        for (const objects::ObjectInfo& info : store.list("archives/"))
            add_archive(store, keys, info);
    }

    std::string joined(const Message& message) const
    {
        if (!message.is_spliced)
            return message.content;
        std::vector<mail::JoinPart> join_parts;
        for (const SplicedPart& part : parse_splice(message.meta))
            join_parts.push_back({part.offset, part.encoding, bytes_of(parts.at(part.id))});
        return std::string(
            text_of(mail::join(bytes_of(message.content), join_parts, 16 * mebibyte)));
    }

private:
    void add_archive(const objects::Store& store, const vault::ReaderKeys& keys,
                     const objects::ObjectInfo& info)
    {
        const sealed::Header header =
            sealed::decode_header(store.get_range(info.name, 0, sealed::min_header_bytes));
        sealed::StreamReader stream(
            keys.opening(header),
            [&](std::uint64_t offset, std::uint64_t length) {
                return store.get_range(info.name, offset, length);
            },
            info.length);
        const ByteBuffer tar = stream.read(0, stream.plain_length());
        Bytes rest = tar;
        archive::for_each_tar_entry(
            [&](std::span<std::byte> into) {
                const Bytes taken = rest.first(std::min(into.size(), rest.size()));
                std::ranges::copy(taken, into.begin());
                rest = rest.subspan(taken.size());
                return taken.size();
            },
            16 * mebibyte, [&](archive::ParsedTarEntry&& entry) { add(entry); });
    }

    void add(const archive::ParsedTarEntry& entry)
    {
        const std::string& path = entry.entry.path;
        std::string content(text_of(entry.content));
        if (path.starts_with("parts/"))
            parts[crypto::PartId::from_hex(path.substr(6)).value()] = std::move(content);
        else
            messages.push_back({std::move(content), entry.entry.meta, path.ends_with(".spliced")});
    }
};

// The journal is lost, and so is every catalog.
TEST_P(Properties, TheArchivesAloneGiveEveryMessageWithItsFirstPlacement)
{
    const auto ledger = history.world.open(Ledger::Mode::read);
    const FromArchives archives(ledger->store(), history.world.keys());
    std::map<std::string, std::uint32_t> found;
    for (const FromArchives::Message& message : archives.messages) {
        const std::string_view meta = message.meta;
        const auto event = vault::parse_line(meta.substr(0, meta.find('\n')));
        ASSERT_TRUE(event && std::holds_alternative<vault::Placed>(*event));
        const auto& placed = std::get<vault::Placed>(*event);
        EXPECT_EQ(placed.fid, history.server.fid);
        found[archives.joined(message)] = static_cast<std::uint32_t>(placed.uid);
    }
    EXPECT_EQ(found, history.first_places);
    EXPECT_EQ(archives.messages.size(), found.size()) << "stored once";
}

}  // namespace
}  // namespace mailhold::ledger
