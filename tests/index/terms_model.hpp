#pragma once
// A message's terms in a map, and the meaning of a TermQuery spelt out on it: the model that real
// shards must agree with.

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "mailhold/index/terms.hpp"

namespace mailhold::index::model {

class TermMap final : public TermSink {
public:
    void at(std::string_view term, std::uint32_t position) override;
    void add(std::string_view term) override;

    std::map<std::string, std::set<std::uint32_t>, std::less<>> terms;  ///< with their places
    std::uint32_t last = 0;                                             ///< place
    std::size_t longest = 0;                                            ///< term, bytes
};

TermMap terms_of(const mail::Searchable& message, const Languages& languages);
bool matches(const TermMap& message, const TermQuery& query);

Query leaf(Query::Kind kind, std::string text, std::optional<Field> field = std::nullopt);

/// Stems of English. A message whose body is `text`.
bool finds(std::string_view text, const Query& query);
/// As people type it: words between spaces, all of which must be there.
bool finds_typed(std::string_view text, std::string_view query);
bool finds_phrase(std::string_view text, std::string_view query);
bool finds_exact(std::string_view text, std::string_view query);

}  // namespace mailhold::index::model
