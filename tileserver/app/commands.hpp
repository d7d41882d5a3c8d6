// The commands of `ritchi`; each adds its options to the command line and runs when it is chosen.
#pragma once
#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

namespace ritchi::app {

// The chosen command, to be run after parsing; returns the exit code.
using Chosen = std::function<int()>;

void add_serve_command(CLI::App& app, Chosen& chosen);
void add_layers_command(CLI::App& app, Chosen& chosen);    // layers
void add_describe_command(CLI::App& app, Chosen& chosen);  // describe
void add_check_command(CLI::App& app, Chosen& chosen);
void add_diff_command(CLI::App& app, Chosen& chosen);
void add_analyse_command(CLI::App& app, Chosen& chosen);
void add_tiles_command(CLI::App& app, Chosen& chosen);     // tiles export
void add_keys_command(CLI::App& app, Chosen& chosen);      // keys add, list, revoke
void add_consents_command(CLI::App& app, Chosen& chosen);  // consents add, withdraw, list
void add_audit_command(CLI::App& app, Chosen& chosen);     // audit export, verify
void add_backup_commands(CLI::App& app, Chosen& chosen);   // backup, restore

// import, profiles and synth are a program of their own beside this one (it alone links GDAL): replaces this
// process by it, so it returns only on failure.
bool is_import_command(int argc, char** argv);
int run_import_program(char** argv);
// Runs it with these arguments and waits; gives its exit code. Throws base::Error(io) where it cannot be run.
int wait_for_import_program(const std::vector<std::string>& arguments);

}  // namespace ritchi::app
