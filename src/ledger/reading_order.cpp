// Archives are numbered as they are met.

#include "mailhold/ledger/reading_order.hpp"

namespace mailhold::ledger {

ReadingPlace ReadingOrder::place_of(const std::optional<catalog::Stored>& stored)
{
    if (!stored || stored->locations.empty())
        return {};
    const sealed::Location& at = stored->locations.front();
    const auto next = static_cast<std::uint32_t>(archives_.size());
    return {.archive = archives_.try_emplace(at.object, next).first->second, .offset = at.offset};
}

}  // namespace mailhold::ledger
