#pragma once
// The command line (docs/operations.md): parses, calls the verbs, prints.

namespace mailhold::cli {

/// Runs one command and returns its exit code (docs/operations.md, Exit codes). Never throws;
/// errors go to stderr as "mailhold: what failed: why" and a line "hint: next step".
int run(int argc, char** argv);

}  // namespace mailhold::cli
