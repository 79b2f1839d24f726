// Options and query words told apart.

#include "query_arguments.hpp"

#include <algorithm>

#include <CLI/CLI.hpp>

namespace mailhold::cli {
namespace {

constexpr std::string_view commands_with_query[] = {"search", "customers"};

/// The option that `argument` is, alone or with "=value": no bundles of letters, since "-vat" is a
/// word to leave out.
const CLI::Option* option_of(const CLI::App& app, const std::string& argument)
{
    const std::string name = argument.substr(0, argument.find('='));
    if (name.size() < 2 || name[0] != '-')
        return nullptr;
    for (const CLI::Option* option : app.get_options())
        if (!option->get_positional() && option->check_name(name))
            return option;
    return nullptr;
}

bool takes_next(const CLI::Option& option, const std::string& argument)
{
    return option.get_items_expected_min() > 0 && argument.find('=') == std::string::npos;
}

/// Where the command's name stands; the end when there is none.
std::size_t command_position(const CLI::App& app, const std::vector<std::string>& arguments)
{
    std::size_t at = 0;
    for (; at < arguments.size() && arguments[at].starts_with('-'); ++at) {
        const CLI::Option* option = option_of(app, arguments[at]);
        if (option && takes_next(*option, arguments[at]))
            ++at;
    }
    return std::min(at, arguments.size());
}

}  // namespace

std::vector<std::string> arranged_arguments(const CLI::App& app, std::vector<std::string> arguments)
{
    const std::size_t command_at = command_position(app, arguments);
    if (command_at == arguments.size() ||
        std::ranges::find(commands_with_query, arguments[command_at]) ==
            std::end(commands_with_query))
        return arguments;
    const CLI::App& command = *app.get_subcommand(arguments[command_at]);
    std::vector<std::string> arranged(
        arguments.begin(), arguments.begin() + static_cast<std::ptrdiff_t>(command_at + 1));
    std::vector<std::string> words;
    bool options_end = false;
    for (std::size_t i = command_at + 1; i < arguments.size(); ++i) {
        const std::string& argument = arguments[i];
        if (argument == "--" && !options_end) {
            options_end = true;
            continue;
        }
        const CLI::Option* option = option_of(command, argument);
        if (!option)
            option = option_of(app, argument);
        if (options_end || !option) {
            words.push_back(argument);
            continue;
        }
        arranged.push_back(argument);
        if (takes_next(*option, argument) && i + 1 < arguments.size())
            arranged.push_back(arguments[++i]);
    }
    if (!words.empty())
        arranged.emplace_back("--");
    arranged.insert(arranged.end(), words.begin(), words.end());
    return arranged;
}

}  // namespace mailhold::cli
