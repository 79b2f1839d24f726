#pragma once
// Searching the shards: read lazily, so that a search opens a few chunks however large the index.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mailhold/index/query.hpp"
#include "mailhold/index/shard.hpp"

namespace mailhold::index {

enum class Sort : std::uint8_t { date, relevance };  ///< newest, or best, first

struct FindOptions {
    Sort sort = Sort::date;
    std::size_t first = 0;  ///< results to leave out
    std::size_t limit = 20;
};

inline constexpr std::size_t max_opening_bytes = 2 * kibibyte;

/// What a result line shows of a message, kept in the index so that no archive is opened.
struct Card {
    std::string from;             ///< first author, "Name <address>"
    std::vector<std::string> to;  ///< of To and Cc the first twenty, decoded
    std::string subject;
    std::string message_id;
    std::vector<std::string> references;   ///< the oldest and a few, the nearest ones
    std::vector<std::string> attachments;  ///< file names
    std::string opening;    ///< the beginning of the body's text, at most max_opening_bytes
    bool is_whole = false;  ///< the opening is all there is

    bool operator==(const Card&) const = default;
};

struct Hit {
    crypto::ContentId id;
    std::int64_t date = 0;  ///< seconds since 1970
    std::uint64_t size_bytes = 0;
    Card card;

    bool operator==(const Hit&) const = default;
};

struct Found {
    std::uint64_t total = 0;  ///< exact; a repeated message counts once
    std::vector<Hit> hits;
};

struct ReadCounts {
    std::uint64_t shards = 0;
    std::uint64_t index_bytes = 0;  ///< size of all shards
    std::uint64_t read_bytes = 0;   ///< opened so far
};

/// Whether a message may stand in several shards, or several times in one.
enum class Repeats : bool { none, possible };

/// Not for sharing by threads. A shard that cannot be read (damaged, tampered) throws from the call
/// that needs it, naming the shard.
class Index {
public:
    /// Where repeats are possible matches are compared by their ids, which takes longer.
    Index(std::vector<ShardSource> shards, const Languages& languages,
          Repeats repeats = Repeats::possible);
    ~Index();

    Found find(const Query& query, const FindOptions& options) const;
    std::uint64_t count(const Query& query) const;
    /// Ids of all matches, newest or best first.
    std::vector<crypto::ContentId> ids(const Query& query, Sort sort) const;
    /// All messages in the index, in no order, with their cards left empty where `with_cards` is
    /// false.
    void for_each(const std::function<void(const Hit&)>& visit, bool with_cards) const;

    /// A word of the index like a misspelt one; nullopt when none is near.
    std::optional<std::string> suggestion(const std::string& word) const;

    ReadCounts counts() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// False when this build cannot read shards lazily: they are then read whole, which is right, only
/// slower.
bool reads_lazily();

}  // namespace mailhold::index
