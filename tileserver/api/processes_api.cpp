// OGC API - Processes 1.0, core: /processes, /processes/{id} and /processes/{id}/execution. Answers come at
// once; a wish for an asynchronous answer (Prefer: respond-async) is granted the same way, as the standard
// allows.
#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "geodata/base/digest.hpp"
#include "geodata/base/error.hpp"
#include "geodata/facts/fact_origin.hpp"
#include "tileserver/analysis/process_inputs.hpp"
#include "tileserver/analysis/process_request.hpp"
#include "tileserver/analysis/processes.hpp"
#include "tileserver/api/site.hpp"

namespace ritchi::api {
namespace {

using analysis::Execution;
using analysis::Format;
using analysis::Process;
using http::Params;
using http::Request;
using http::Response;
using nlohmann::json;
using Processes = std::shared_ptr<const std::vector<Process>>;

// Wherever a text is declared in both languages, the caller's one.
json in_language(const json& declared, const std::string& language) {
  if (declared.is_array()) {
    json out = json::array();
    for (const json& each : declared) out.push_back(in_language(each, language));
    return out;
  }
  if (!declared.is_object()) return declared;
  if (declared.size() == 2 && declared.contains("ja") && declared.contains("en")) return declared[language];
  json out = json::object();
  for (const auto& [name, value] : declared.items()) out[name] = in_language(value, language);
  return out;
}

json link(const char* rel, const char* type, std::string href) {
  return {{"rel", rel}, {"type", type}, {"href", std::move(href)}};
}

json summary(const Process& process, const Request& request) {
  const std::string self = request.public_base + "/processes/" + process.id;
  return {{"id", process.id},
          {"version", "1.0.0"},
          {"title", process.title.in(request.language)},
          {"description", process.description.in(request.language)},
          {"jobControlOptions", {"sync-execute"}},
          {"outputTransmission", {"value"}},
          {"links",
           {link("self", "application/json", self), link("http://www.opengis.net/def/rel/ogc/1.0/execute",
                                                         "application/json", self + "/execution")}}};
}

Response process_list(const std::vector<Process>& processes, const Request& request) {
  json all = json::array();
  for (const Process& process : processes) all.push_back(summary(process, request));
  return json_response({{"processes", std::move(all)},
                        {"links", {link("self", "application/json", request.public_base + "/processes")}}});
}

analysis::Context context_of(const Site& site, const View& view, const Request& request) {
  return {view.snapshot,           site.catalogue,      request.language,
          facts::today_in_japan(), request.public_base, request.deadline};
}

Response description(const Site& site, const Process& process, const Request& request) {
  json out = summary(process, request);
  const json inputs = process.inputs_for
                          ? process.inputs_for(context_of(site, site.viewers.of(request), request))
                          : process.inputs;
  out["inputs"] = in_language(inputs, request.language);
  out["outputs"] = in_language(process.outputs, request.language);
  return json_response(out);
}

// ?f= beats "outputs", which beats Accept.
Format format_for(const Process& process, const Execution& execution, const Request& request) {
  if (const std::string* name = request.query_value("f"))
    return analysis::offered_format(process, *name, "f");
  if (execution.format) return *execution.format;
  std::vector<std::string_view> offers;
  for (const Format each : process.formats) offers.emplace_back(analysis::media_type_of(each));
  const std::string_view liked = request.accepts(offers);
  for (const Format each : process.formats)
    if (liked == analysis::media_type_of(each)) return each;
  return process.formats.front();
}

analysis::Answer run(const Site& site, const Process& process, const Execution& execution,
                     const Request& request) {
  const View view = site.viewers.of(request);
  analysis::Answer answer =
      process.run(execution.inputs, context_of(site, view, request), format_for(process, execution, request));
  site.tell_shown(view.caller, process.id, answer.shown);
  return execution.as_document ? analysis::as_document(process, std::move(answer)) : answer;
}

void name_file(Response& response, const Process& process, const std::string& media_type) {
  if (media_type == analysis::media_type_of(Format::csv))
    response.headers.set("Content-Disposition", "attachment; filename=\"" + process.id + ".csv\"");
}

Response posted(const Site& site, const Process& process, const Request& request) {
  const Execution execution = analysis::read_execution(process, request.body);
  analysis::Answer answer = run(site, process, execution, request);
  Response response = Response::bytes(200, answer.media_type, std::move(answer.body));
  name_file(response, process, answer.media_type);
  return response;
}

// The permanent link: the same question again, and nothing new where the answer has not changed.
Response linked(const Site& site, const Process& process, const Request& request) {
  const std::string* inputs = request.query_value("inputs");
  if (inputs == nullptr)
    throw analysis::bad_question("the question is missing", "inputs",
                                 "?inputs= takes the inputs as JSON; or send them by POST",
                                 "質問がありません", "?inputs= に JSON で指定するか、POST で送ってください");
  analysis::Answer answer = run(site, process, analysis::read_inputs(*inputs), request);
  auto content = std::make_shared<http::Representation>();
  content->media_type = answer.media_type;
  content->etag_base = base::sha256_hex(answer.body).substr(0, 24);
  content->cache_control = "public, max-age=0, must-revalidate";
  content->body = std::make_shared<http::CodedBody>(std::move(answer.body));
  Response response = Response::of(std::move(content));
  response.headers.set("Vary", "Accept, Accept-Language, X-Forwarded-Host, X-Forwarded-Proto");
  name_file(response, process, answer.media_type);
  return response;
}

}  // namespace

void add_process_routes(http::Router& router, const Site& site) {
  const Processes processes = std::make_shared<const std::vector<Process>>(analysis::make_processes());
  const auto chosen = [processes](const Params& params) -> const Process& {
    return analysis::find_process(*processes, params["process"]);
  };
  router.get("/processes", [processes](const Request& request, const Params&) {
    return process_list(*processes, request);
  });
  router.get("/processes/{process}", [&site, chosen](const Request& request, const Params& params) {
    return description(site, chosen(params), request);
  });
  router.get("/processes/{process}/execution", [&site, chosen](const Request& request, const Params& params) {
    return linked(site, chosen(params), request);
  });
  router.post("/processes/{process}/execution",
              [&site, chosen](const Request& request, const Params& params) {
                return posted(site, chosen(params), request);
              });
}

}  // namespace ritchi::api
