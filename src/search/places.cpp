// Names compared with patterns.

#include "places.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "mailhold/base/json.hpp"
#include "mailhold/config/config.hpp"

#include "fields.hpp"

namespace mailhold::search {

namespace {

using Kind = Expression::Kind;

/// Both in lower case.
bool matches(std::string_view pattern, std::string_view name)
{
    return config::matches_folder(pattern, name);
}

std::string_view last_component(const catalog::FolderRow& folder, std::string_view name)
{
    const std::size_t at = folder.separator ? name.rfind(*folder.separator) : std::string::npos;
    return at == std::string_view::npos ? name : name.substr(at + 1);
}

bool matches_folder(const std::string& pattern, const catalog::FolderRow& folder)
{
    const std::string wanted = lower_case(pattern);
    const std::string name = lower_case(folder.name);
    return matches(wanted, name) || matches(wanted, last_component(folder, name));
}

/// By its address, or the part before or behind the @.
bool matches_account(const std::string& pattern, const catalog::AccountRow& account)
{
    const std::string address = lower_case(account.address);
    const std::size_t at = address.find('@');
    if (matches(pattern, address))
        return true;
    return at != std::string::npos && (matches(pattern, std::string_view(address).substr(0, at)) ||
                                       matches(pattern, std::string_view(address).substr(at + 1)));
}

bool has_flag(const Flags& flags, std::string_view wanted)
{
    return std::ranges::any_of(flags, [&](const std::string& flag) {
        const std::size_t backslash = flag.starts_with('\\') ? 1 : 0;
        return lower_case(std::string_view(flag).substr(backslash)) == wanted;
    });
}

struct KnownNames {
    std::vector<catalog::AccountRow> accounts;
    std::vector<catalog::FolderRow> folders;
};

KnownNames known_names(const catalog::Catalog& catalog)
{
    KnownNames known{catalog.accounts(), {}};
    for (const catalog::AccountRow& account : known.accounts)
        for (catalog::FolderRow& folder : catalog.folders(account.id))
            known.folders.push_back(std::move(folder));
    return known;
}

std::string unknown(std::string_view what, const std::string& name,
                    const std::set<std::string>& known)
{
    std::string line = fmt::format("no {} is called \"{}\"", what, printable(name));
    if (const auto nearest = nearest_word(lower_case(name), known))
        line += fmt::format("; did you mean \"{}\"?", printable(*nearest));
    return line;
}

void note_unknown(const Expression& leaf, const KnownNames& known, std::vector<std::string>& notes)
{
    std::set<std::string> names;
    if (leaf.kind == Kind::account) {
        for (const catalog::AccountRow& account : known.accounts) {
            if (matches_account(leaf.text, account))
                return;
            names.insert(lower_case(account.address));
            names.insert(lower_case(account.address.substr(0, account.address.find('@'))));
        }
        notes.push_back(unknown("account", leaf.text, names));
    } else if (leaf.kind == Kind::role) {
        for (const catalog::AccountRow& account : known.accounts) {
            if (matches(leaf.text, lower_case(account.role)))
                return;
            names.insert(lower_case(account.role));
        }
        notes.push_back(unknown("role", leaf.text, names));
    } else if (leaf.kind == Kind::folder) {
        for (const catalog::FolderRow& folder : known.folders) {
            if (matches_folder(leaf.text, folder))
                return;
            names.insert(lower_case(folder.name));
            names.insert(std::string(last_component(folder, lower_case(folder.name))));
        }
        notes.push_back(unknown("folder", leaf.text, names));
    }
}

void visit_leaves(const Expression& expression, const KnownNames& known,
                  std::vector<std::string>& notes)
{
    note_unknown(expression, known, notes);
    for (const Expression& part : expression.parts)
        visit_leaves(part, known, notes);
}

}  // namespace

bool is_place_condition(const Expression& expression)
{
    switch (expression.kind) {
    case Kind::account:
    case Kind::folder:
    case Kind::role:
    case Kind::flag:
    case Kind::unread:
        return true;
    case Kind::all_of:
    case Kind::any_of:
        return std::ranges::all_of(expression.parts, is_place_condition);
    default:
        return false;
    }
}

bool satisfies(const Expression& condition, const catalog::AccountRow& account,
               const catalog::FolderRow& folder, const Flags* flags)
{
    const auto holds = [&](const Expression& part) {
        return satisfies(part, account, folder, flags);
    };
    switch (condition.kind) {
    case Kind::account:
        return matches_account(condition.text, account);
    case Kind::folder:
        return matches_folder(condition.text, folder);
    case Kind::role:
        return matches(condition.text, lower_case(account.role));
    case Kind::flag:
        return !flags || has_flag(*flags, condition.text);
    case Kind::unread:
        return !flags || !has_flag(*flags, "seen");
    case Kind::all_of:
        return std::ranges::all_of(condition.parts, holds);
    case Kind::any_of:
        return std::ranges::any_of(condition.parts, holds);
    default:
        throw Error(ErrorKind::bug, "no condition on a place");
    }
}

std::vector<std::string> unknown_names(const Expression& condition, const catalog::Catalog& catalog)
{
    std::vector<std::string> notes;
    visit_leaves(condition, known_names(catalog), notes);
    return notes;
}

}  // namespace mailhold::search
