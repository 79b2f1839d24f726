#pragma once
// One function a command: adds it to the program.

#include <string>
#include <string_view>

#include "session.hpp"

namespace CLI {
class App;
}

namespace mailhold::cli {

void add_init_command(CLI::App& app, Session& session);
void add_account_command(CLI::App& app, Session& session);
void add_backup_command(CLI::App& app, Session& session);
void add_status_command(CLI::App& app, Session& session);
void add_folders_command(CLI::App& app, Session& session);
void add_search_command(CLI::App& app, Session& session);
void add_customers_command(CLI::App& app, Session& session);
void add_show_command(CLI::App& app, Session& session);
void add_export_command(CLI::App& app, Session& session);
void add_restore_command(CLI::App& app, Session& session);
void add_handover_command(CLI::App& app, Session& session);
void add_check_command(CLI::App& app, Session& session);
void add_unlock_command(CLI::App& app, Session& session);
void add_lock_command(CLI::App& app, Session& session);
void add_rebuild_command(CLI::App& app, Session& session);
void add_tidy_command(CLI::App& app, Session& session);
void add_key_command(CLI::App& app, Session& session);
void add_writer_command(CLI::App& app, Session& session);
void add_version_command(CLI::App& app, Session& session);

/// The end of every command's help: an example, and the exit codes it can give.
std::string help_footer(std::string_view example, std::string_view exit_codes);

}  // namespace mailhold::cli
