// ritchi audit: who was shown what is not public, exported and verified.
#include <fmt/format.h>

#include <charconv>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "geodata/base/error.hpp"
#include "tileserver/access/audit.hpp"
#include "tileserver/access/folder_lock.hpp"
#include "tileserver/app/commands.hpp"

namespace ritchi::app {
namespace {

using access::AuditHead;
using access::AuditRow;
using base::Error;
using base::ErrorKind;

struct Options {
  std::string data;
  std::string from, to;
  std::string format = "csv";
  std::string head;
};

// RFC 4180; a text that a spreadsheet would run as a formula gets a ' before it, as in files of rejects.
std::string csv_cell(std::string text) {
  if (!text.empty() && std::string_view("=+-@\t\r'").find(text.front()) != std::string_view::npos)
    text.insert(0, "'");
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? "\"\"" : std::string(1, c);
  return out + "\"";
}

void write_csv(const AuditRow& row) {
  std::cout << fmt::format("{},{},{},{},{},{},{},{},{}\r\n", row.id, row.at, row.key, row.role,
                           csv_cell(row.holder), csv_cell(row.channel), csv_cell(row.layer), row.feature,
                           row.chain);
}

void write_json_line(const AuditRow& row) {
  std::cout << nlohmann::ordered_json{{"id", row.id},         {"at", row.at},
                                      {"key", row.key},       {"role", row.role},
                                      {"holder", row.holder}, {"channel", row.channel},
                                      {"layer", row.layer},   {"feature", row.feature},
                                      {"chain", row.chain}}
                   .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)
            << '\n';
}

int export_audit(const Options& options) {
  const auto lock = access::FolderLock::shared(options.data);
  access::Database database(options.data);
  const std::string from = options.from.empty() ? "" : access::parse_begin(options.from, "--from");
  const std::string to = options.to.empty() ? "" : access::parse_end(options.to, "--to");
  const bool as_csv = options.format == "csv";
  if (as_csv) std::cout << "id,at,key,role,holder,channel,layer,feature,chain\r\n";
  access::Audit(database).visit(from, to, as_csv ? write_csv : write_json_line);
  std::cout.flush();
  if (!std::cout)
    throw Error(ErrorKind::io, "the output cannot be written", "", "make room and run it again");
  return 0;
}

// "1234:abcd…", as verify prints it.
AuditHead parse_head(const std::string& text) {
  AuditHead out;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, out.rows);
  if (parsed.ec != std::errc{} || parsed.ptr == end || *parsed.ptr != ':' || out.rows < 1)
    throw Error(ErrorKind::bad_input, "'" + text + "' is no head of an audit", "--head",
                "write ROWS:DIGEST, as `ritchi audit verify` printed it");
  out.chain.assign(parsed.ptr + 1, end);
  return out;
}

int verify(const Options& options) {
  const auto lock = access::FolderLock::shared(options.data);
  access::Database database(options.data);
  const AuditHead head =
      access::Audit(database).verify(options.head.empty() ? AuditHead{} : parse_head(options.head));
  std::cout << fmt::format("{} rows, whole and in order; head {}:{}\n", head.rows, head.rows, head.chain);
  return 0;
}

}  // namespace

void add_audit_command(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* audit = app.add_subcommand("audit", "who was shown what is not public");
  audit->require_subcommand(1);
  const auto command = [&](const char* name, const char* help, int (*run)(const Options&)) {
    CLI::App* out = audit->add_subcommand(name, help);
    out->add_option("--data", options->data, "the data folder")->required()->envname("RITCHI_DATA");
    out->callback([options, &chosen, run] { chosen = [options, run] { return run(*options); }; });
    return out;
  };
  CLI::App* out = command("export", "write the rows to standard output, oldest first", export_audit);
  out->add_option("--from", options->from, "first day in Japan, or date-time");
  out->add_option("--to", options->to, "last day in Japan, or the date-time before which");
  out->add_option("--format", options->format, "csv or jsonl")
      ->check(CLI::IsMember({"csv", "jsonl"}))
      ->capture_default_str();
  CLI::App* check =
      command("verify", "follow the chain of digests; exit 1 where a row was changed or is missing", verify);
  check->add_option("--head", options->head,
                    "ROWS:DIGEST of an earlier verify, noted elsewhere: must still be in it");
}

}  // namespace ritchi::app
