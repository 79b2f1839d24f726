#pragma once
// Command lines whose words are a query: "-word" means without that word, and a word may be called
// like a command.

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace mailhold::cli {

/// The arguments, without the program's name, with a "--" before those that belong to the query of
/// `search` or `customers`; the options among them, wherever they stood, come before it. A "--"
/// that is there already ends the options.
std::vector<std::string> arranged_arguments(const CLI::App& app,
                                            std::vector<std::string> arguments);

}  // namespace mailhold::cli
