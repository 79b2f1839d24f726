#pragma once
// Letters of a small company in an index, as dossiers and divisions are made from.

#include <string>
#include <vector>

#include "index/shard_fixture.hpp"
#include "mailhold/handover/dossier.hpp"

namespace mailhold::test {

inline constexpr Time today{1'773'057'600};  ///< 2026-03-09T12:00:00Z
inline constexpr const char* alice = "Alice Chen <alice@company.example>";
inline constexpr const char* ben = "Ben <ben@company.example>";

struct Letter {
    std::string from;
    std::vector<std::string> to;
    std::string subject = {};
    int days_ago = 0;
    std::vector<std::string> answers = {};  ///< Message-IDs, which are numbers from 1
    std::vector<std::string> files = {};
};

/// The letters, numbered from 1: their Message-ID is the number, their content id begins with it.
class MailWorld {
public:
    explicit MailWorld(const std::vector<Letter>& letters);

    const index::Index& index() const { return index_; }
    /// All letters' cards.
    std::vector<index::Hit> cards() const;
    /// The company has ben's account and alice's.
    handover::Dossier dossier(std::vector<handover::Successor> successors = {
                                  {"bob@company.example", {}}}) const;
    handover::Dossier dossier_of(std::vector<index::Hit> cards) const;

private:
    index::Index index_;
};

search::Company company();

/// The letter that a card is of.
int number_of(const crypto::ContentId& id);

}  // namespace mailhold::test
