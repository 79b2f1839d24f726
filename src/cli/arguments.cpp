// CLI11 behind our own words.

#include "arguments.hpp"

#include <CLI/CLI.hpp>

namespace mailhold::cli {

const Option& Option::required() const
{
    option_->required();
    return *this;
}

const Option& Option::one_of(const std::vector<std::string>& values) const
{
    option_->check(CLI::IsMember(values));
    return *this;
}

const Option& Option::between(std::uint64_t least, std::uint64_t most) const
{
    option_->check(CLI::Range(least, most));
    return *this;
}

const Option& Option::positive() const
{
    option_->check(CLI::PositiveNumber);
    return *this;
}

const Option& Option::existing_file() const
{
    option_->check(CLI::ExistingFile);
    return *this;
}

const Option& Option::shows_default() const
{
    option_->capture_default_str();
    return *this;
}

const Option& Option::shows_default(const std::string& text) const
{
    option_->default_str(text);
    return *this;
}

const Option& Option::repeatable() const
{
    option_->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    return *this;
}

const Option& Option::value_is_optional(const std::string& meaning) const
{
    option_->expected(0, 1)->default_str(meaning);
    return *this;
}

const Option& Option::needs(const std::string& other) const
{
    option_->needs(other);
    return *this;
}

const Option& Option::excludes(const Option& other) const
{
    option_->excludes(other.option_);
    return *this;
}

const Option& Option::environment(const std::string& name) const
{
    option_->envname(name);
    return *this;
}

bool Option::is_given() const
{
    return option_->count() > 0;
}

Command Command::add_command(const std::string& name, const std::string& description) const
{
    return Command(*command_->add_subcommand(name, description));
}

Option Command::add_option(const std::string& names, std::string& variable,
                           const std::string& help) const
{
    return Option(command_->add_option(names, variable, help));
}

Option Command::add_option(const std::string& names, std::vector<std::string>& variable,
                           const std::string& help) const
{
    return Option(command_->add_option(names, variable, help));
}

Option Command::add_option(const std::string& names, std::filesystem::path& variable,
                           const std::string& help) const
{
    return Option(command_->add_option(names, variable, help));
}

Option Command::add_option(const std::string& names, std::vector<std::filesystem::path>& variable,
                           const std::string& help) const
{
    return Option(command_->add_option(names, variable, help));
}

Option Command::add_option(const std::string& names, std::uint64_t& variable,
                           const std::string& help) const
{
    return Option(command_->add_option(names, variable, help));
}

Option Command::add_option(const std::string& names, std::int64_t& variable,
                           const std::string& help) const
{
    return Option(command_->add_option(names, variable, help));
}

Option Command::add_option(const std::string& names, unsigned& variable,
                           const std::string& help) const
{
    return Option(command_->add_option(names, variable, help));
}

Option Command::add_flag(const std::string& names, bool& variable, const std::string& help) const
{
    return Option(command_->add_flag(names, variable, help));
}

void Command::footer(const std::string& text) const
{
    command_->footer(text);
}

void Command::needs_a_command() const
{
    command_->require_subcommand(1);
}

void Command::runs(std::function<void()> work) const
{
    command_->callback(std::move(work));
}

}  // namespace mailhold::cli
