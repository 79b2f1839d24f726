// The kernel finds a vault's keys by the vault's id, so that two vaults do not get in each other's
// way.

#include "kept_keys.hpp"

#include <fmt/format.h>

#include "mailhold/base/error.hpp"
#include "mailhold/base/json.hpp"
#include "mailhold/base/log.hpp"
#include "mailhold/config/units.hpp"
#include "mailhold/credentials/keyring.hpp"

namespace mailhold::cli {
namespace {

std::string name_of(const vault::RootLog& log)
{
    return "mailhold:" + log.vault.hex();
}

}  // namespace

std::optional<KeptKeys> kept_keys(const vault::RootLog& log)
{
    const auto kept = credentials::kept_secret(name_of(log));
    if (!kept)
        return std::nullopt;
    auto keys = vault::unpack_for_reading(log, kept->secret.view());
    if (!keys) {
        drop_keys(log);
        log::info("the vault has new keys since `mailhold unlock`; the kept ones were dropped");
        return std::nullopt;
    }
    return KeptKeys{std::move(*keys), kept->until};
}

void keep_keys(const vault::RootLog& log, const vault::ReaderKeys& keys,
               std::chrono::seconds duration)
{
    credentials::keep_secret(name_of(log), vault::pack_for_reading(keys).view(), duration);
}

bool drop_keys(const vault::RootLog& log)
{
    return credentials::drop_secret(name_of(log));
}

std::chrono::seconds unlock_time(const std::string& text)
{
    const auto duration = config::parse_duration(text);
    if (!duration)
        throw Error(ErrorKind::usage,
                    fmt::format("--for takes a time such as 45m or 2h, not '{}'", printable(text)));
    if (*duration < std::chrono::seconds(1) || *duration > longest_unlock_time)
        throw Error(ErrorKind::usage,
                    fmt::format("--for takes 1s to {}h, not {}", longest_unlock_time.count(), text),
                    "a vault that is open all day is not locked; take the time of your work");
    return std::chrono::duration_cast<std::chrono::seconds>(*duration);
}

}  // namespace mailhold::cli
