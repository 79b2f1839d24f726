#pragma once
// Secrets that another program hands out: password_command and token_command.

#include <chrono>
#include <stop_token>
#include <string_view>

#include "mailhold/crypto/secret.hpp"

namespace mailhold::credentials {

inline constexpr std::chrono::seconds command_limit{30};

/// Runs `/bin/sh -c command` without a terminal and returns the first line of its output. Throws
/// refused, naming `account`, when it fails, prints nothing or takes longer than `limit` (it is
/// killed then); the error shows its stderr. Throws interrupted on a stop request.
crypto::SecretBytes run_secret_command(std::string_view command, std::string_view account,
                                       std::chrono::milliseconds limit = command_limit,
                                       std::stop_token stop = {});

}  // namespace mailhold::credentials
