// mailhold.toml and lists of accounts: read or refused with the user's name for it; an edit of what
// can be read changes what was asked, and nothing else.

#include <fstream>

#include "mailhold/config/account_csv.hpp"
#include "mailhold/config/edit.hpp"
#include "mailhold/config/units.hpp"
#include "support/temp_dir.hpp"

#include "toml_text.hpp"

#include "fuzz.hpp"

namespace mailhold::fuzz {
namespace {

/// Only the user's mistakes may be found in a file of theirs.
template <class Work>
auto read(Work work) -> std::optional<decltype(work())>
{
    try {
        return work();
    } catch (const Error& e) {
        require(e.kind() == ErrorKind::usage, "what is wrong in a file is for its user to mend");
        return std::nullopt;
    }
}

std::vector<std::string> addresses(const config::Config& config)
{
    std::vector<std::string> all;
    for (const config::Account& account : config.accounts)
        all.push_back(account.address);
    return all;
}

void try_edits(std::string_view text, const config::Config& before)
{
    static const test::TempDir folder;
    const std::filesystem::path file = folder.path() / "mailhold.toml";
    std::ofstream(file, std::ios::binary) << text;
    const std::string address = before.accounts.front().address;
    const auto changed = read([&] {
        config::set_account(file, address, {{"host", "new.example"}, {"exclude", std::nullopt}});
        return config::load_config(file);
    });
    if (changed) {
        require(addresses(*changed) == addresses(before), "an edit keeps all accounts");
        require(changed->find(address)->host == "new.example", "an edit changes what was asked");
        require(changed->find(address)->exclude.empty(), "an edit removes what was asked");
    }
    const auto shorter = read([&] {
        config::remove_account(file, address);
        return config::load_config(file);
    });
    require(!shorter || shorter->accounts.size() + 1 == before.accounts.size(),
            "one account is removed");
}

void try_units(std::string_view text)
{
    config::parse_duration(text);
    if (const auto size = config::parse_size(text))
        require(config::parse_size(config::format_size(*size)) == size,
                "a size reads as it was written");
}

void try_quoting(std::string_view text)
{
    const auto quoted = read([&] { return config::toml_quoted(text); });
    if (!quoted)
        return;
    const toml::table table = config::parse_toml("a = " + *quoted, "mailhold.toml");
    require(table["a"].value<std::string>() == text, "a text reads as it was quoted");
}

}  // namespace

void try_one(Bytes input)
{
    const std::string_view text = text_of(input);
    const auto config = read([&] { return config::parse_config(text, "/etc/mailhold.toml"); });
    if (config && !config->accounts.empty())
        try_edits(text, *config);
    read([&] { return config::parse_account_csv(text, "accounts.csv"); });
    try_units(text);
    try_quoting(text);
}

}  // namespace mailhold::fuzz
