// Edits of the config as text: what toml++ says about where a table or value stands tells which
// bytes to replace.

#include "mailhold/config/edit.hpp"

#include <algorithm>
#include <system_error>

#include <fmt/format.h>

#include "mailhold/base/error.hpp"
#include "mailhold/base/file.hpp"
#include "mailhold/base/json.hpp"
#include "mailhold/config/config.hpp"
#include "table_reader.hpp"
#include "text_lines.hpp"
#include "toml_text.hpp"

namespace mailhold::config {

namespace {

constexpr std::string_view first_text = R"(# mailhold: where the mail goes, and whose it is.
# Passwords never stand here: `mailhold account add` keeps them sealed in the state folder.

# A folder, or s3://bucket/prefix. Relative paths start at this file's folder.
vault = {}
# This machine's own keys, cache and sealed passwords. Not a backup: the vault is.
state = {}

# [harvest]
# accounts_at_once = 4
# connections = 4          # per account
# max_message_bytes = "256MiB"
)";

/// Last line on which anything of `node` stands.
std::size_t last_line_of(const toml::node& node)
{
    std::size_t last = std::max(node.source().begin.line, node.source().end.line);
    if (const auto* table = node.as_table())
        for (auto&& [key, value] : *table)
            last = std::max(last, last_line_of(value));
    // The region of [[account]] or [account] is its header line; that of a value reaches to its
    // end.
    return last;
}

const toml::table& account_table(const toml::table& root, const std::filesystem::path& file,
                                 std::string_view address)
{
    const toml::array* accounts = root["account"].as_array();
    const std::string wanted = lower_case_address(address);
    for (std::size_t i = 0; accounts != nullptr && i < accounts->size(); ++i) {
        const toml::table& table = *accounts->get(i)->as_table();
        if (lower_case_address(table["address"].value_or(std::string_view())) != wanted)
            continue;
        if (table.is_inline())
            fail_at(file, table.source().begin.line,
                    "accounts written as an inline list cannot be edited",
                    "write each account under an [[account]] line of its own");
        return table;
    }
    throw Error(ErrorKind::not_found,
                fmt::format("there is no account {} in {}", printable(address), file.string()),
                "`mailhold account list` shows the accounts");
}

void set_field(TextLines& lines, const toml::table& table, const Field& field)
{
    const toml::node* node = table.get(field.key);
    if (node == nullptr) {
        if (field.value)
            lines.insert_after(last_line_of(table), field.key + " = " + written(*field.value));
        return;
    }
    const toml::source_region& region = node->source();
    if (field.value)
        lines.replace({region.begin.line, region.begin.column},
                      {region.end.line, region.end.column}, written(*field.value));
    else
        lines.erase(region.begin.line, region.end.line);
}

std::string account_block(const Fields& fields, std::string_view line_end)
{
    std::string block = fmt::format("[[account]]{}", line_end);
    for (const Field& field : fields)
        if (field.value)
            block += fmt::format("{} = {}{}", field.key, written(*field.value), line_end);
    return block;
}

/// The file itself: a config kept elsewhere and linked here stays linked.
std::filesystem::path link_target(const std::filesystem::path& file)
{
    std::error_code failed;
    const auto target = std::filesystem::canonical(file, failed);
    return failed ? file : target;  // reading it tells what is wrong
}

/// Reads the file, lets `edit` change its text, checks the result and writes it.
template <class Edit>
void edit_file(const std::filesystem::path& file, Edit edit)
{
    const auto target = link_target(file);
    const std::string before = read_text_file(target);
    parse_config(before, file);
    const std::string after = edit(before);
    parse_config(after, file);
    if (read_text_file(target) != before)
        throw Error(ErrorKind::locked,
                    fmt::format("{} was changed by someone else just now", file.string()),
                    "run the command again");
    replace_file(target, bytes_of(after));
}

/// The config's text with further [[account]] tables at its end.
std::string with_accounts(const std::string& before, const std::filesystem::path& file,
                          std::span<const Fields> accounts)
{
    const toml::table root = parse_toml(before, file);
    const toml::array* present = root["account"].as_array();
    if (present != nullptr && !present->is_array_of_tables())
        fail_at(file, present->source().begin.line,
                "accounts written as an inline list cannot be edited",
                "write each account under an [[account]] line of its own");
    const std::string line_end(line_end_of(before));
    std::string after = before;
    if (!after.empty() && !after.ends_with('\n'))
        after += line_end;
    for (const Fields& fields : accounts)
        after += line_end + account_block(fields, line_end);
    return after;
}

}  // namespace

void create_config(const std::filesystem::path& file, std::string_view vault,
                   std::string_view state)
{
    std::error_code ignored;
    if (std::filesystem::exists(std::filesystem::symlink_status(file, ignored)))
        throw Error(ErrorKind::usage,
                    fmt::format("there is a config file {} already", file.string()),
                    "name another one with --config, or take this one away");
    const std::string text = fmt::format(first_text, toml_quoted(vault), toml_quoted(state));
    parse_config(text, file);
    create_private_folders(file.parent_path());
    replace_file(file, bytes_of(text));
}

void add_accounts(const std::filesystem::path& file, std::span<const Fields> accounts)
{
    edit_file(file,
              [&](const std::string& before) { return with_accounts(before, file, accounts); });
}

Config preview_accounts(const std::filesystem::path& file, std::span<const Fields> accounts)
{
    return parse_config(with_accounts(read_text_file(link_target(file)), file, accounts), file);
}

void set_account(const std::filesystem::path& file, std::string_view address, const Fields& fields)
{
    edit_file(file, [&](std::string text) {
        for (const Field& field : fields) {
            const toml::table root = parse_toml(text, file);
            TextLines lines(text);
            set_field(lines, account_table(root, file, address), field);
            text = lines.text();
        }
        return text;
    });
}

void remove_account(const std::filesystem::path& file, std::string_view address)
{
    edit_file(file, [&](const std::string& before) {
        const toml::table root = parse_toml(before, file);
        const toml::table& table = account_table(root, file, address);
        TextLines lines(before);
        const std::size_t first = table.source().begin.line;
        lines.erase(first, last_line_of(table));
        lines.join_blank_lines(first);
        return lines.text();
    });
}

}  // namespace mailhold::config
