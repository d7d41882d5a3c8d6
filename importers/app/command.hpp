// How a subcommand joins the program: it declares its options and says what is to be run when it is chosen.
#pragma once
#include <CLI/CLI.hpp>
#include <functional>

namespace ritchi::importers {

// Run after the command line is read; gives the exit code.
using Chosen = std::function<int()>;

void add_import_command(CLI::App& app, Chosen& chosen);
void add_profiles_command(CLI::App& app, Chosen& chosen);
void add_synth_command(CLI::App& app, Chosen& chosen);
void add_tiles_command(CLI::App& app, Chosen& chosen);
void add_facts_command(CLI::App& app, Chosen& chosen);

}  // namespace ritchi::importers
