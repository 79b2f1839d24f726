#pragma once
// Tells a leaver emptying a folder from mail that was only moved.

#include <optional>

#include "mailhold/catalog/catalog.hpp"
#include "mailhold/harvest/harvest.hpp"

#include "account_run.hpp"

namespace mailhold::harvest {

/// A purge is more than the configured number and share of a folder's messages vanished, not
/// counting those that now lie in another folder of the same account. Ask after the run's mail is
/// committed.
std::optional<Purge> find_purge(const catalog::Catalog& catalog, const crypto::AccountId& account,
                                const VanishedMail& vanished, const Options& options);

}  // namespace mailhold::harvest
