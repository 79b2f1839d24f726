// mailhold version: version, vault format, library versions.

#include <fmt/format.h>

#include "mailhold/archive/version.hpp"
#include "mailhold/catalog/version.hpp"
#include "mailhold/crypto/version.hpp"
#include "mailhold/index/version.hpp"
#include "mailhold/mail/version.hpp"
#include "mailhold/net/version.hpp"

#include "commands.hpp"

namespace mailhold::cli {
namespace {

constexpr int vault_format = 1;

void run_version(Session& session)
{
    Json libraries = Json::object({});
    const auto add = [&](const std::vector<std::pair<std::string, std::string>>& versions) {
        for (const auto& [name, version] : versions)
            libraries.set(name, version);
    };
    add(crypto::library_versions());
    add(net::library_versions());
    add(archive::library_versions());
    add(mail::library_versions());
    add(catalog::library_versions());
    add(index::library_versions());
    if (session.options.json) {
        session.print_json(Json::object(
            {{"version", MAILHOLD_VERSION}, {"format", vault_format}, {"libraries", libraries}}));
        return;
    }
    session.out << fmt::format("mailhold {}\nvault format {}\n", MAILHOLD_VERSION, vault_format);
    for (const auto& [name, version] : libraries.as_object())
        session.out << fmt::format("{} {}\n", name, version.as_string());
}

}  // namespace

void add_version_command(const Command& app, Session& session)
{
    const Command command = app.add_command("version", "Version, vault format, library versions");
    command.footer(help_footer("mailhold version", "0 done"));
    command.runs([&session] { run_version(session); });
}

}  // namespace mailhold::cli
