#include "geodata/catalogue/schema.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "geodata/base/error.hpp"
#include "geodata/base/resource.hpp"

namespace ritchi::catalogue {

using base::Error;
using base::ErrorKind;
using nlohmann::json;

json read_json(const std::filesystem::path& file) {
  const std::string text = base::read_file(file);
  try {
    return json::parse(text);
  } catch (const json::parse_error& error) {
    throw Error(ErrorKind::bad_input, std::string("is not valid JSON: ") + error.what(), file.string());
  }
}

void check_schema(const json& document, const std::filesystem::path& file,
                  const std::filesystem::path& schema_file) {
  const json schema_text = read_json(schema_file);
  valijson::Schema schema;
  valijson::SchemaParser parser;
  const valijson::adapters::NlohmannJsonAdapter schema_adapter(schema_text);
  parser.populateSchema(schema_adapter, schema);

  valijson::Validator validator;
  valijson::ValidationResults results;
  const valijson::adapters::NlohmannJsonAdapter target(document);
  if (validator.validate(schema, target, &results)) return;

  // A breach is followed by one message for each level around it, which only says that something inside
  // failed.
  constexpr std::string_view around = "Failed to validate";
  constexpr int most = 5;
  std::string reasons;
  valijson::ValidationResults::Error error;
  for (int count = 0; count < most && results.popError(error);) {
    if (!reasons.empty() && error.description.starts_with(around)) continue;
    std::string key;
    for (const std::string& step : error.context) key += step;
    if (!reasons.empty()) reasons += "; ";
    reasons += fmt::format("at {}: {}", key, error.description);
    ++count;
  }
  throw Error(ErrorKind::bad_input, reasons, file.string(), "see " + schema_file.filename().string());
}

}  // namespace ritchi::catalogue
