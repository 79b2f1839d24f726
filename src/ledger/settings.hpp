#pragma once
// What the ledger keeps among the catalog's settings: the high-water marks that show a rollback.

#include <cstdint>
#include <string>

#include "mailhold/catalog/catalog.hpp"

namespace mailhold::ledger {

/// The root key that a host without a kit saw first.
inline const std::string root_key_setting = "root.key";
/// The highest root log entry ever seen.
inline const std::string root_seq_setting = "root.seq";

/// 0 when it was never set.
std::uint64_t number_setting(const catalog::Catalog& catalog, const std::string& key);

/// The highest entry of another writer's chain whose signature was checked.
std::optional<catalog::Head> seen_head(const catalog::Catalog& catalog,
                                       const crypto::WriterId& writer);
void put_seen_head(catalog::Catalog& catalog, const crypto::WriterId& writer,
                   const catalog::Head& head);

}  // namespace mailhold::ledger
