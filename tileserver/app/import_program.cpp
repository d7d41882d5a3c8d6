#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <iostream>
#include <string_view>

#include "geodata/base/error.hpp"
#include "geodata/base/resource.hpp"
#include "tileserver/app/commands.hpp"

namespace ritchi::app {
namespace {

std::filesystem::path program() {
  return base::self_path().parent_path() / "ritchi-import";
}

}  // namespace

bool is_import_command(int argc, char** argv) {
  constexpr std::array<std::string_view, 3> names{"import", "profiles", "synth"};
  return argc > 1 && std::find(names.begin(), names.end(), argv[1]) != names.end();
}

int run_import_program(char** argv) {
  ::execv(program().c_str(), argv);
  std::cerr << "ritchi: " << program().string() << ": cannot be run: " << std::strerror(errno)
            << " (it is installed beside ritchi)\n";
  return 1;
}

int wait_for_import_program(const std::vector<std::string>& arguments) {
  const std::string path = program().string();
  std::vector<std::string> held{path};
  held.insert(held.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  argv.reserve(held.size() + 1);
  for (std::string& argument : held) argv.push_back(argument.data());
  argv.push_back(nullptr);
  pid_t child = 0;
  const int failed = ::posix_spawn(&child, path.c_str(), nullptr, nullptr, argv.data(), environ);
  if (failed != 0)
    throw base::Error(base::ErrorKind::io, std::string("cannot be run: ") + std::strerror(failed), path,
                      "it is installed beside ritchi");
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

}  // namespace ritchi::app
