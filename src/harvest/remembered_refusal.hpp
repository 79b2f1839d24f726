#pragma once
// Not knocking again too soon: providers lock accounts for less.

#include <optional>

#include "mailhold/catalog/catalog.hpp"
#include "mailhold/harvest/harvest.hpp"

namespace mailhold::harvest {

/// True for a refusal after login that every folder of the account would meet.
bool concerns_whole_account(imap::LoginFailureClass failure);

/// Refused credentials are not tried again for 15 minutes (docs/operations.md).
inline constexpr std::int64_t credentials_pause_seconds = 15 * 60;

/// The refusal to report instead of knocking again, if the last one is too fresh.
std::optional<AccountFailure> remembered_refusal(const catalog::Catalog& catalog,
                                                 const crypto::AccountId& account);
void remember_refusal(catalog::Catalog& catalog, const crypto::AccountId& account,
                      const AccountFailure& failure);
void forget_refusal(catalog::Catalog& catalog, const crypto::AccountId& account);

}  // namespace mailhold::harvest
