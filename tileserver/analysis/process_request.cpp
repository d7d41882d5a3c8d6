#include "tileserver/analysis/process_request.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "tileserver/analysis/process_inputs.hpp"

namespace ritchi::analysis {

using nlohmann::json;

namespace {

bool offers(const Process& process, Format format) {
  return std::find(process.formats.begin(), process.formats.end(), format) != process.formats.end();
}

std::string without_parameters(std::string_view media_type) {
  return std::string(media_type.substr(0, media_type.find(';')));
}

// "outputs": {"result": {"format": {"mediaType": "text/csv"}, "transmissionMode": "value"}}
std::optional<Format> format_in(const Process& process, const json& outputs) {
  const InputObject members(outputs, "outputs");
  std::optional<Format> out;
  for (const auto& [name, wanted] : outputs.items()) {
    if (!process.outputs.contains(name))
      throw bad_question(fmt::format("there is no output '{}'", name), members.where(name), "",
                         fmt::format("「{}」という出力はありません", name), "");
    const InputObject output(wanted, members.where(name));
    const json* format = output.find("format");
    if (format == nullptr) continue;
    const InputObject described(*format, output.where("format"));
    const auto type = described.text("mediaType");
    if (!type) continue;
    const auto found = std::find_if(process.formats.begin(), process.formats.end(), [&](Format each) {
      return without_parameters(media_type_of(each)) == without_parameters(*type);
    });
    if (found == process.formats.end())
      throw bad_question(fmt::format("'{}' is not offered", *type), described.where("mediaType"), "",
                         fmt::format("「{}」では返せません", *type), "");
    out = *found;
  }
  return out;
}

}  // namespace

Format offered_format(const Process& process, std::string_view name, const std::string& where) {
  const auto format = format_named(name);
  if (format && offers(process, *format)) return *format;
  std::string known;
  for (const Format each : process.formats) known += (known.empty() ? "" : ", ") + std::string(name_of(each));
  throw bad_question(fmt::format("'{}' does not come as '{}'", process.id, name), where,
                     "choose among " + known, fmt::format("「{}」形式では返せません", name),
                     "使える形式: " + known);
}

Execution read_execution(const Process& process, std::string_view body) {
  json request = parse_strictly(body, "");
  const InputObject members(request, "");
  const bool bare =
      !request.contains("inputs") && !request.contains("outputs") && !request.contains("response");
  Execution out;
  if (bare) {
    out.inputs = std::move(request);
    return out;
  }
  for (const auto& [name, value] : request.items())
    if (name != "inputs" && name != "outputs" && name != "response" && name != "subscriber")
      throw bad_question("an execution request has no such member", name, "put what is asked into \"inputs\"",
                         "実行リクエストにこの項目はありません", "質問は \"inputs\" の中に書いてください");
  if (const auto response = members.text("response")) {
    if (*response != "raw" && *response != "document")
      throw bad_question(fmt::format("'{}' is neither raw nor document", *response), "response", "",
                         "raw か document を指定してください", "");
    out.as_document = *response == "document";
  }
  if (const json* outputs = members.find("outputs")) out.format = format_in(process, *outputs);
  const json* inputs = members.find("inputs");
  out.inputs = inputs == nullptr ? json::object() : *inputs;
  return out;
}

Execution read_inputs(std::string_view text) {
  return {.inputs = parse_strictly(text, "inputs"), .as_document = false, .format = std::nullopt};
}

Answer as_document(const Process& process, Answer answer) {
  const bool is_json = answer.media_type == media_type_of(Format::json);
  const std::string name = process.outputs.empty() ? "result" : process.outputs.begin().key();
  std::string body = "{" + json(name).dump() + ":";
  if (is_json) {
    body += answer.body;
  } else {
    const bool is_geojson = answer.media_type == media_type_of(Format::geojson);
    body += "{\"mediaType\":" + json(answer.media_type).dump() + ",\"value\":";
    body += is_geojson ? answer.body : json(answer.body).dump();
    body += "}";
  }
  answer.body = body + "}";
  answer.media_type = media_type_of(Format::json);
  return answer;
}

}  // namespace ritchi::analysis
