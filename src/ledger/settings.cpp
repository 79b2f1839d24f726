// High-water marks, written as text.

#include "settings.hpp"

#include <charconv>

#include <fmt/format.h>

namespace mailhold::ledger {

namespace {

std::uint64_t number_in(std::string_view text)
{
    std::uint64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

std::string seen_setting(const crypto::WriterId& writer)
{
    return "seen." + writer.hex();
}

}  // namespace

std::uint64_t number_setting(const catalog::Catalog& catalog, const std::string& key)
{
    return number_in(catalog.setting(key).value_or(""));
}

std::optional<catalog::Head> seen_head(const catalog::Catalog& catalog,
                                       const crypto::WriterId& writer)
{
    const std::string text = catalog.setting(seen_setting(writer)).value_or("");
    const auto dash = text.find('-');
    if (dash == std::string::npos)
        return std::nullopt;
    const auto hash = crypto::Hash::from_hex(std::string_view(text).substr(dash + 1));
    if (!hash)
        return std::nullopt;
    return catalog::Head{.seq = number_in(text), .hash = *hash};
}

void put_seen_head(catalog::Catalog& catalog, const crypto::WriterId& writer,
                   const catalog::Head& head)
{
    catalog.put_setting(seen_setting(writer), fmt::format("{}-{}", head.seq, head.hash.hex()));
}

}  // namespace mailhold::ledger
