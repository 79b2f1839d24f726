// Finding what a person named.

#include "lookup.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "mailhold/base/ascii.hpp"
#include "mailhold/base/error.hpp"
#include "mailhold/base/json.hpp"

namespace mailhold::cli {
namespace {

constexpr std::size_t shortest_prefix = 6;
constexpr std::size_t shown_digits = 12;

}  // namespace

catalog::AccountRow find_account(const ledger::Ledger& ledger, std::string_view address)
{
    if (const auto row = ledger.catalog().account(address))
        return *row;
    std::string known;
    for (const catalog::AccountRow& row : ledger.catalog().accounts())
        known += (known.empty() ? "" : ", ") + row.address;
    throw Error(ErrorKind::not_found, fmt::format("no account {} in the vault", printable(address)),
                known.empty() ? "no account has been backed up yet; run `mailhold backup`"
                              : "accounts in the vault: " + known);
}

crypto::ContentId find_message(const ledger::Ledger& ledger, std::string_view prefix)
{
    const std::string hex = lower_case(prefix);
    if (hex.size() < shortest_prefix || hex.size() > 2 * crypto::ContentId::size ||
        hex.find_first_not_of("0123456789abcdef") != std::string::npos)
        throw Error(ErrorKind::usage, fmt::format("'{}' is no message id", printable(prefix)),
                    "an id is 6 to 64 hex digits, as the export manifest and reports show it");
    const auto found = ledger.catalog().messages_with_prefix(hex, 3);
    if (found.empty())
        throw Error(ErrorKind::not_found, fmt::format("no message {} in the vault", hex),
                    "ids come from export manifests and reports; give at least 6 digits");
    if (found.size() > 1)
        throw Error(ErrorKind::usage, fmt::format("{} could be several messages", hex),
                    fmt::format("give more digits: {} or {}",
                                found[0].hex().substr(0, shown_digits),
                                found[1].hex().substr(0, shown_digits)));
    return found.front();
}

std::vector<Lying> where_it_lies(const catalog::Catalog& catalog, const crypto::ContentId& id)
{
    const std::vector<catalog::PlacementRow> placements = catalog.placements_of(id);
    std::vector<Lying> found;
    for (const catalog::AccountRow& account : catalog.accounts())
        for (const catalog::FolderRow& folder : catalog.folders(account.id))
            for (const catalog::PlacementRow& placement : placements)
                if (placement.folder == folder.key)
                    found.push_back({account.address, folder.name, placement});
    return found;
}

}  // namespace mailhold::cli
