// Names compared with patterns.

#include "places.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "mailhold/base/json.hpp"
#include "mailhold/config/config.hpp"
#include "mailhold/index/terms.hpp"

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
    const std::string wanted = index::in_lower_case(pattern);
    const std::string name = index::in_lower_case(folder.name);
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

bool names_something(const Expression& leaf)
{
    return leaf.kind == Kind::account || leaf.kind == Kind::role || leaf.kind == Kind::folder;
}

void collect_names(const Expression& expression, std::vector<const Expression*>& names)
{
    if (names_something(expression))
        names.push_back(&expression);
    for (const Expression& part : expression.parts)
        collect_names(part, names);
}

/// What could have been meant by a name of this kind, in lower case.
std::set<std::string> known_names(Kind kind, const catalog::Catalog& catalog)
{
    std::set<std::string> names;
    for (const catalog::AccountRow& account : catalog.accounts()) {
        const std::string address = lower_case(account.address);
        if (kind == Kind::role)
            names.insert(index::in_lower_case(account.role));
        if (kind == Kind::account)
            names.insert({address, address.substr(0, address.find('@'))});
        if (kind != Kind::folder)
            continue;
        for (const catalog::FolderRow& folder : catalog.folders(account.id)) {
            const std::string name = index::in_lower_case(folder.name);
            names.insert({name, std::string(last_component(folder, name))});
        }
    }
    return names;
}

std::string_view name_of_kind(Kind kind)
{
    return kind == Kind::account ? "account" : kind == Kind::role ? "role" : "folder";
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
        return matches(condition.text, index::in_lower_case(account.role));
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

NamesAsked::NamesAsked(const Expression& condition)
{
    collect_names(condition, unmet_);
}

void NamesAsked::meet(const catalog::AccountRow& account, const catalog::FolderRow& folder)
{
    std::erase_if(
        unmet_, [&](const Expression* leaf) { return satisfies(*leaf, account, folder, nullptr); });
}

std::vector<std::string> NamesAsked::unknown(const catalog::Catalog& catalog) const
{
    std::vector<std::string> notes;
    for (const Expression* leaf : unmet_) {
        const std::set<std::string> known = known_names(leaf->kind, catalog);
        std::string note =
            fmt::format("no {} is called \"{}\"", name_of_kind(leaf->kind), printable(leaf->text));
        if (const auto nearest = nearest_word(index::in_lower_case(leaf->text), known))
            note += fmt::format("; did you mean \"{}\"?", printable(*nearest));
        notes.push_back(std::move(note));
    }
    return notes;
}

}  // namespace mailhold::search
