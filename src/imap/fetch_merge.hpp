#pragma once
// Puts together what several FETCH responses tell of one message, and hands each message on once.

#include <bitset>
#include <functional>
#include <list>
#include <unordered_map>
#include <vector>

#include "mailhold/imap/client.hpp"
#include "response.hpp"

namespace mailhold::imap {

/// A set of UIDs; cheap where they lie close together.
class UidSet {
public:
    bool contains(Uid uid) const;
    void insert(Uid uid);

private:
    static constexpr std::uint32_t page_size = 1024;
    std::unordered_map<std::uint32_t, std::bitset<page_size>> pages_;
};

/// Responses are told apart by UID. One without a UID belongs to a sequence number, and such data
/// reaches a message only if the same number comes with its UID before it could have changed its
/// meaning; else it is dropped: never attached to a wrong message.
class FetchMerge {
public:
    /// `wanted` is sorted and disjoint; `items` are those that the server really was asked for.
    FetchMerge(std::vector<UidRange> wanted, FetchItems items, Client::FetchHandlers handlers);

    void take(FetchData&& data);
    /// EXPUNGE: later messages move down by one.
    void expunged(std::uint32_t sequence);
    /// VANISHED: sequence numbers have moved in ways not told.
    void forget_sequence_numbers();
    /// The command for `uids` is answered: hands on what never became complete.
    void finish(const std::vector<UidRange>& uids);

    bool settled(Uid uid) const { return settled_.contains(uid); }
    /// Calls `failed` unless the message was handed on already.
    void fail(Uid uid, const std::string& why);
    std::uint64_t handed_on() const noexcept { return handed_on_; }
    /// Why a response that named no UID could not be understood, once: a message is missing then.
    std::string take_unattributed_failure();

private:
    struct Pending {
        std::uint32_t sequence = 0;  ///< 0: not to be trusted any more
        Fetched message;
        std::string broken;
    };
    using Entries = std::list<Pending>;

    Entries::iterator entry_of(const FetchData& data);
    bool is_complete(const Fetched& message) const;
    void settle(Entries::iterator entry);
    void hand_on(Pending&& done);
    void drop_oldest_if_too_many();

    std::vector<UidRange> wanted_;
    FetchItems items_;
    Client::FetchHandlers handlers_;
    Entries pending_;
    UidSet settled_;
    std::uint64_t handed_on_ = 0;
};

}  // namespace mailhold::imap
