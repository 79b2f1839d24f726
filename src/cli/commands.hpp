#pragma once
// One function a command: adds it to the program.

#include <string>
#include <string_view>

#include "arguments.hpp"
#include "session.hpp"

namespace mailhold::cli {

void add_init_command(const Command& app, Session& session);
void add_account_command(const Command& app, Session& session);
void add_backup_command(const Command& app, Session& session);
void add_status_command(const Command& app, Session& session);
void add_folders_command(const Command& app, Session& session);
void add_search_command(const Command& app, Session& session);
void add_customers_command(const Command& app, Session& session);
void add_show_command(const Command& app, Session& session);
void add_export_command(const Command& app, Session& session);
void add_import_command(const Command& app, Session& session);
void add_restore_command(const Command& app, Session& session);
void add_handover_command(const Command& app, Session& session);
void add_check_command(const Command& app, Session& session);
void add_unlock_command(const Command& app, Session& session);
void add_lock_command(const Command& app, Session& session);
void add_rebuild_command(const Command& app, Session& session);
void add_tidy_command(const Command& app, Session& session);
void add_key_command(const Command& app, Session& session);
void add_writer_command(const Command& app, Session& session);
void add_version_command(const Command& app, Session& session);

/// The end of every command's help: an example, and the exit codes it can give.
std::string help_footer(std::string_view example, std::string_view exit_codes);

}  // namespace mailhold::cli
