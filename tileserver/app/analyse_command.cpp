// ritchi analyse: the questions of /processes from the shell, answered as over HTTP to the public or to the
// holder of a key.
#include <iostream>
#include <iterator>
#include <memory>

#include "geodata/base/error.hpp"
#include "geodata/base/resource.hpp"
#include "geodata/facts/fact_origin.hpp"
#include "tileserver/access/services.hpp"
#include "tileserver/analysis/process_request.hpp"
#include "tileserver/analysis/processes.hpp"
#include "tileserver/app/commands.hpp"

namespace ritchi::app {
namespace {

struct Options {
  std::string process;
  std::string inputs;
  std::string data;
  std::string key;
  std::string format;
  std::string language = "ja";
};

std::string read_all(const std::string& from) {
  if (from != "-") return base::read_file(from);
  return {std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
}

// Without a key the public. From a file: what stands on a command line, everybody on the machine can read.
access::Caller caller_of(const Options& options, access::Services& services) {
  if (options.key.empty()) return {};
  if (options.key == "-" && options.inputs == "-")
    throw base::Error(base::ErrorKind::bad_input, "standard input cannot be both the inputs and the key",
                      "--key", "name a file for one of them");
  std::string key = read_all(options.key);
  key.erase(key.find_last_not_of(" \t\r\n") + 1);
  return services.keys.caller_of({.authorization = {}, .x_api_key = std::move(key)});
}

int analyse(const Options& options) {
  access::Services services(options.data);
  const access::Caller caller = caller_of(options, services);
  const auto processes = analysis::make_processes();
  const analysis::Process& process = analysis::find_process(processes, options.process);
  const analysis::Execution execution = analysis::read_execution(process, read_all(options.inputs));
  analysis::Format format = execution.format.value_or(process.formats.front());
  if (!options.format.empty()) format = analysis::offered_format(process, options.format, "--format");

  const auto catalogue = catalogue::Catalogue::load(base::share_folder() / "styles");
  const auto loaded = store::Snapshot::load(options.data, catalogue, nullptr);
  for (const auto& damaged : loaded->damaged())
    std::cerr << "ritchi: " << damaged.file.string() << ": " << damaged.reason << '\n';
  const std::string today = facts::today_in_japan();
  const analysis::Context context{
      .snapshot = loaded->seen_by(caller.audience, services.consents.restated(today), today),
      .catalogue = catalogue,
      .language = options.language,
      .today = today,
      .public_base = "",
      .deadline = base::Deadline::never(),
  };
  analysis::Answer answer = process.run(execution.inputs, context, format);
  services.audit.record(caller, process.id, answer.shown);
  if (execution.as_document) answer = analysis::as_document(process, std::move(answer));
  std::cout << answer.body;
  if (!answer.body.ends_with('\n')) std::cout << '\n';
  return 0;
}

}  // namespace

void add_analyse_command(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("analyse", "answer a question about the data, as over HTTP");
  command->add_option("process", options->process, "what is asked: match-sites, …")->required();
  command->add_option("inputs", options->inputs, "JSON file with the inputs; -: standard input")->required();
  command->add_option("--data", options->data, "the data folder")->required()->envname("RITCHI_DATA");
  command
      ->add_option(
          "--key", options->key,
          "file with an API key, -: standard input; answered as to its holder, and noted in the audit "
          "(default: as to the public)")
      ->envname("RITCHI_KEY_FILE");
  command->add_option("--format", options->format, "json, geojson, csv or html, where the process has it");
  command->add_option("--lang", options->language, "language of titles and messages")
      ->check(CLI::IsMember({"ja", "en"}))
      ->envname("RITCHI_LANG")
      ->capture_default_str();
  command->callback([options, &chosen] { chosen = [options] { return analyse(*options); }; });
}

}  // namespace ritchi::app
