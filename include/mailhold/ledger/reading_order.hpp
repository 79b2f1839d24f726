#pragma once
// In which order messages are read fastest: archive by archive, each from its start to its end.

#include <cstdint>
#include <limits>
#include <map>

#include "mailhold/catalog/catalog.hpp"

namespace mailhold::ledger {

/// Where a message lies; sorts as it should be read. What lies nowhere comes last.
struct ReadingPlace {
    std::uint32_t archive = std::numeric_limits<std::uint32_t>::max();
    std::uint64_t offset = 0;
    auto operator<=>(const ReadingPlace&) const = default;
};

/// Archives come in the order in which they were first asked for.
class ReadingOrder {
public:
    explicit ReadingOrder(const catalog::Catalog& catalog) : catalog_(catalog) {}

    ReadingPlace place_of(const crypto::ContentId& id) { return place_of(catalog_.message(id)); }
    ReadingPlace place_of(const std::optional<catalog::Stored>& stored);

private:
    const catalog::Catalog& catalog_;
    std::map<crypto::Hash, std::uint32_t> archives_;
};

}  // namespace mailhold::ledger
