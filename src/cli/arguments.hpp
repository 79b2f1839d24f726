#pragma once
// Commands and their options, as each command's file describes them. What parses them is CLI11,
// whose headers take longer to compile than all of a command.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace mailhold::cli {

/// An option, flag or positional argument. A handle: cheap to copy, as long as the program's.
class Option {
public:
    explicit Option(CLI::Option* option) : option_(option) {}

    const Option& required() const;
    const Option& one_of(const std::vector<std::string>& values) const;
    const Option& between(std::uint64_t least, std::uint64_t most) const;
    const Option& positive() const;
    const Option& existing_file() const;
    const Option& shows_default() const;  ///< the variable's value, in the help
    const Option& shows_default(const std::string& text) const;
    const Option& repeatable() const;  ///< one value each time
    /// May stand without a value; `meaning` is what the help says it then has.
    const Option& value_is_optional(const std::string& meaning) const;
    const Option& needs(const std::string& other) const;
    const Option& excludes(const Option& other) const;
    const Option& environment(const std::string& name) const;

    bool is_given() const;

private:
    CLI::Option* option_;
};

/// A command, or the program itself. A handle, too.
class Command {
public:
    explicit Command(CLI::App& command) : command_(&command) {}

    Command add_command(const std::string& name, const std::string& description) const;

    /// The variable keeps its value when the option is not given. It must live as long as the
    /// program's parser.
    Option add_option(const std::string& names, std::string& variable,
                      const std::string& help) const;
    Option add_option(const std::string& names, std::vector<std::string>& variable,
                      const std::string& help) const;
    Option add_option(const std::string& names, std::filesystem::path& variable,
                      const std::string& help) const;
    Option add_option(const std::string& names, std::vector<std::filesystem::path>& variable,
                      const std::string& help) const;
    Option add_option(const std::string& names, std::uint64_t& variable,
                      const std::string& help) const;
    Option add_option(const std::string& names, std::int64_t& variable,
                      const std::string& help) const;
    Option add_option(const std::string& names, unsigned& variable, const std::string& help) const;
    Option add_flag(const std::string& names, bool& variable, const std::string& help) const;

    void footer(const std::string& text) const;
    void needs_a_command() const;
    void runs(std::function<void()> work) const;

private:
    CLI::App* command_;
};

}  // namespace mailhold::cli
