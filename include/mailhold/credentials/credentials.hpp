#pragma once
// The secret an account logs in with, wherever it is kept.

#include <stop_token>

#include "mailhold/config/config.hpp"
#include "mailhold/credentials/secret_store.hpp"

namespace mailhold::credentials {

/// From the account's token_command or password_command, else from the store. Throws refused, with
/// the provider's own first step as hint, when there is none; else as run_secret_command and
/// SecretStore do.
crypto::SecretBytes login_secret(const config::Account& account, const SecretStore& store,
                                 std::stop_token stop = {});

}  // namespace mailhold::credentials
