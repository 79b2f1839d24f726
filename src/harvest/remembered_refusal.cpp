// A refusal remembered in the catalog's settings.

#include "remembered_refusal.hpp"

#include <fmt/format.h>

#include "mailhold/base/clock.hpp"
#include "mailhold/base/json.hpp"

namespace mailhold::harvest {
namespace {

std::string setting_key(const crypto::AccountId& account)
{
    return "refusal/" + account.hex();
}

}  // namespace

bool concerns_whole_account(imap::LoginFailureClass failure)
{
    using enum imap::LoginFailureClass;
    return failure == policy || failure == disabled || failure == throttled;
}

std::optional<AccountFailure> remembered_refusal(const catalog::Catalog& catalog,
                                                 const crypto::AccountId& account)
{
    const auto text = catalog.setting(setting_key(account));
    if (!text || text->empty())
        return {};
    const Json memory = Json::parse(*text);
    const std::int64_t age = static_cast<std::int64_t>(now()) - memory.at("time").as_integer();
    if (age < 0 || age >= credentials_pause_seconds)
        return {};
    return AccountFailure{
        .failure_class = memory.at("class").as_string(),
        .text = memory.at("text").as_string(),
        .hint = fmt::format(
            "{}; not tried again for another {} min, since providers lock accounts after "
            "repeated refusals; `mailhold account test` tries at once",
            memory.at("hint").as_string(), (credentials_pause_seconds - age + 59) / 60)};
}

void remember_refusal(catalog::Catalog& catalog, const crypto::AccountId& account,
                      const AccountFailure& failure)
{
    const Json memory = Json::object({{"time", static_cast<std::int64_t>(now())},
                                      {"class", failure.failure_class},
                                      {"text", printable(failure.text)},
                                      {"hint", failure.hint}});
    catalog.put_setting(setting_key(account), memory.dump());
}

void forget_refusal(catalog::Catalog& catalog, const crypto::AccountId& account)
{
    if (catalog.setting(setting_key(account)).value_or("").empty())
        return;
    catalog.put_setting(setting_key(account), "");
}

}  // namespace mailhold::harvest
