// Where an account's secret comes from.

#include "mailhold/credentials/credentials.hpp"

#include <fmt/format.h>

#include "mailhold/base/error.hpp"
#include "mailhold/config/preset.hpp"
#include "mailhold/credentials/command.hpp"

namespace mailhold::credentials {

crypto::SecretBytes login_secret(const config::Account& account, const SecretStore& store,
                                 std::stop_token stop)
{
    if (!account.token_command.empty())
        return run_secret_command(account.token_command, account.address, command_limit, stop);
    if (!account.password_command.empty())
        return run_secret_command(account.password_command, account.address, command_limit, stop);
    if (auto secret = store.get(account.address))
        return std::move(*secret);

    std::string hint =
        fmt::format("store one with `mailhold account set {} --password-stdin`, or give a "
                    "password_command",
                    account.address);
    if (const config::Preset* preset = config::find_preset(account.preset))
        hint = fmt::format("{}; then {}", preset->user_step, hint);
    throw Error(ErrorKind::refused, fmt::format("{}: there is no password for it", account.address),
                std::move(hint));
}

}  // namespace mailhold::credentials
