#pragma once
// From the config's accounts to what harvest needs: endpoints, secrets, provider knowledge.

#include <memory>
#include <string>
#include <vector>

#include "mailhold/credentials/secret_store.hpp"
#include "mailhold/harvest/harvest.hpp"

#include "session.hpp"

namespace mailhold::cli {

/// The sealed secret store of this host; its key comes from the writer kit.
credentials::SecretStore open_secret_store(Session& session, const vault::WriterKit& kit);

/// After `writer renew`: what a former writer of this host sealed is sealed to `kit`. Harmless when
/// there is nothing to do, so that an interrupted renewal is completed by the next one.
void take_over_secrets(Session& session, const vault::WriterKit& kit);

/// `secrets` is borrowed by what these give and must outlive it.
imap::Access access_for(const config::Account& account, const credentials::SecretStore& secrets,
                        const config::Config& config);
harvest::AccountPlan plan_for(const config::Account& account,
                              const credentials::SecretStore& secrets,
                              const config::Config& config);

/// What the provider takes into an account in 24 hours; 0: no limit is known.
std::uint64_t upload_bytes_a_day(const config::Account& account);

harvest::Options harvest_options(const config::Config& config);

/// The accounts named by `addresses` (all when empty) that have `role` (any when empty) and a
/// server. Throws not_found for an unknown address.
std::vector<const config::Account*> choose_accounts(const config::Config& config,
                                                    const std::vector<std::string>& addresses,
                                                    const std::string& role);

}  // namespace mailhold::cli
