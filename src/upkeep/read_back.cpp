// Reads messages back from the vault and says which ones fail.

#include "read_back.hpp"

#include <algorithm>

#include "verdict.hpp"

namespace mailhold::upkeep {

std::vector<FailedRead> read_back(ledger::Ledger& ledger, const vault::ReaderKeys& keys,
                                  const std::vector<crypto::ContentId>& messages)
{
    const catalog::Catalog& catalog = ledger.catalog();
    std::vector<std::pair<sealed::Location, crypto::ContentId>> order;
    for (const crypto::ContentId& id : messages) {
        const auto stored = catalog.message(id);
        order.emplace_back(stored && !stored->locations.empty() ? stored->locations.front()
                                                                : sealed::Location{},
                           id);
    }
    std::sort(order.begin(), order.end());

    std::vector<FailedRead> failed;
    ledger::Library library(ledger.store(), keys, catalog);
    for (const auto& [at, id] : order) {
        try {
            static_cast<void>(library.message(id));
        } catch (const Error& e) {
            failed.push_back({id, e.kind(), e.what()});
        }
    }
    return failed;
}

Finding finding_of(const FailedRead& failed)
{
    const Severity severity = severity_of(failed.kind);
    return {.severity = severity,
            .kind = std::string(word_for(severity)),
            .object = {},
            .detail = failed.why,
            .accounts = {},
            .messages = {},
            .next = next_step(severity)};
}

}  // namespace mailhold::upkeep
