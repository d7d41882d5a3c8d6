#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <iostream>
#include <string_view>

#include "geodata/base/resource.hpp"
#include "tileserver/app/commands.hpp"

namespace ritchi::app {

bool is_import_command(int argc, char** argv) {
  constexpr std::array<std::string_view, 3> names{"import", "profiles", "synth"};
  return argc > 1 && std::find(names.begin(), names.end(), argv[1]) != names.end();
}

int run_import_program(char** argv) {
  const auto program = base::self_path().parent_path() / "ritchi-import";
  ::execv(program.c_str(), argv);
  std::cerr << "ritchi: " << program.string() << ": cannot be run: " << std::strerror(errno)
            << " (it is installed beside ritchi)\n";
  return 1;
}

}  // namespace ritchi::app
