#pragma once
// What an index answers, without any database, and questions to compare it by.

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "mailhold/index/query.hpp"
#include "mailhold/index/shard.hpp"
#include "terms_model.hpp"

namespace mailhold::test {

std::vector<crypto::ContentId> sorted(std::vector<crypto::ContentId> ids);

/// The messages of an index with their terms, and what a query means.
class IndexModel {
public:
    explicit IndexModel(const std::vector<index::Entry>& entries);

    /// In the order of their bytes.
    std::vector<crypto::ContentId> ids(const index::Query& query) const;
    bool are_newest_first(const std::vector<crypto::ContentId>& ids) const;

private:
    struct Message {
        index::Entry entry;
        index::model::TermMap terms;
    };

    static bool matches(const Message& message, const index::Query& query);

    std::vector<Message> messages_;
};

/// Questions of any shape about the first 900 generated messages.
class Questions {
public:
    explicit Questions(std::uint64_t seed) : random_(seed) {}

    index::Query question(int depth);

private:
    std::size_t below(std::size_t limit) { return random_() % limit; }
    std::string some_word();
    index::Query leaf();
    index::Query among();
    index::Query text_leaf();

    std::mt19937_64 random_;
};

}  // namespace mailhold::test
