// /consents: what municipalities decided about single features; recorded and withdrawn by whom they belong
// to.
#include <nlohmann/json.hpp>

#include "geodata/base/error.hpp"
#include "tileserver/analysis/process_inputs.hpp"
#include "tileserver/api/caller.hpp"
#include "tileserver/api/json_body.hpp"

namespace ritchi::api {
namespace {

using access::Caller;
using access::Decision;
using access::Purpose;
using access::Role;
using analysis::InputObject;
using base::Error;
using base::ErrorKind;
using http::Params;
using http::Request;
using http::Response;
using nlohmann::json;

constexpr std::size_t max_body_bytes = 16 * 1024;

json decision_json(const Decision& decision) {
  return {{"id", decision.id},
          {"layer", decision.layer},
          {"feature", decision.feature},
          {"municipality_code", text_or_null(decision.municipality_code)},
          {"purpose", name_of(decision.purpose)},
          {"holder", text_or_null(decision.granted_to)},
          {"until", text_or_null(decision.until)},
          {"note", decision.note},
          {"decided_at", decision.decided_at},
          {"by", {{"role", decision.by_role}, {"holder", decision.by_holder}}}};
}

// Before anything is looked up: what is answered says nothing of any feature.
View deciding_view(const Site& site, const Request& request) {
  View view = known_view(site, request);
  if (view.caller.role != Role::municipality && view.caller.role != Role::administrator)
    throw Error(ErrorKind::forbidden, "consents are the matter of municipalities and operators",
                "Authorization")
        .in_japanese("同意を扱えるのは市区町村と運営者だけです");
  return view;
}

// Records the decision, where this caller may decide about the feature.
Decision decide(const Site& site, const View& view, Decision decision, const std::string& id) {
  const Caller& caller = view.caller;
  const auto feature = find_feature(*view.snapshot, decision.layer, decision.feature);
  if (!feature) throw no_such_feature(decision.layer, id);
  if (caller.role == Role::municipality &&
      !access::is_within(feature->municipality_code, caller.audience.home))
    throw Error(ErrorKind::forbidden, "lies outside this key's area", "id")
        .in_japanese("このキーの区域の外にあります");
  if (!feature->knows_disclosure)
    throw Error(ErrorKind::bad_input, "all features of '" + decision.layer + "' are public", "layer")
        .in_japanese("「" + decision.layer + "」の地物はすべて公開です");
  decision.municipality_code = feature->municipality_code;
  note_shown(site, caller, "consent", {{decision.layer, decision.feature}});
  return site.access->consents.record(caller, decision);
}

Response created(const Request& request, const Decision& decision) {
  Response response = private_json(decision_json(decision), 201);
  response.headers.set("Location", request.public_base + "/consents?layer=" + decision.layer +
                                       "&id=" + std::to_string(decision.feature));
  return response;
}

Purpose read_purpose(const InputObject& body) {
  const auto purpose = access::purpose_named(body.text("purpose").value_or("?"));
  if (!purpose || *purpose == Purpose::none)
    throw Error(ErrorKind::bad_input, "must be 'matching' or 'publication'", body.where("purpose"),
                "POST /consents/{layer}/{id}/withdrawal withdraws")
        .in_japanese("matching か publication を指定してください",
                     "撤回は POST /consents/{layer}/{id}/withdrawal です");
  return *purpose;
}

Response record(const Site& site, const Request& request) {
  const View view = deciding_view(site, request);
  const json given = read_object(request, max_body_bytes);
  const InputObject body(given, "");
  body.allow_only({"layer", "id", "purpose", "holder", "until", "note"});
  Decision decision;
  decision.layer = body.text("layer").value_or("factory_sites");
  const auto id = body.whole_number("id", 0, INT64_MAX);
  if (!id) throw Error(ErrorKind::bad_input, "is missing", body.where("id")).in_japanese("がありません");
  decision.feature = *id;
  decision.purpose = read_purpose(body);
  decision.granted_to = body.text("holder").value_or("");
  decision.until = body.text("until").value_or("");
  decision.note = body.text("note").value_or("");
  return created(request, decide(site, view, decision, std::to_string(*id)));
}

Response withdraw(const Site& site, const Request& request, const Params& params) {
  const View view = deciding_view(site, request);
  const json given = read_object(request, max_body_bytes);
  const InputObject body(given, "");
  body.allow_only({"note"});
  const auto id = whole_number(params["id"]);
  if (!id) throw no_such_feature(params["layer"], params["id"]);
  Decision decision;
  decision.layer = params["layer"];
  decision.feature = *id;
  decision.note = body.text("note").value_or("");
  return created(request, decide(site, view, decision, params["id"]));
}

std::optional<std::int64_t> number_parameter(const Request& request, const char* name) {
  const std::string* text = request.query_value(name);
  if (text == nullptr) return std::nullopt;
  const auto number = whole_number(*text);
  if (!number)
    throw Error(ErrorKind::bad_input, "must be a whole number", name).in_japanese("整数にしてください");
  return number;
}

Response list(const Site& site, const Request& request) {
  const Caller caller = deciding_view(site, request).caller;
  access::Consents::Query query;
  if (const std::string* layer = request.query_value("layer")) query.layer = *layer;
  query.feature = number_parameter(request, "id");
  query.before = number_parameter(request, "before").value_or(INT64_MAX);
  query.limit = page_limit(request);
  query.layers = caller.audience.layers;
  if (caller.role == Role::municipality) query.in = caller.audience.home;
  const auto decisions = site.access->consents.list(query);
  json out = json::array();
  std::vector<store::ShownFeature> shown;
  for (const Decision& decision : decisions) {
    out.push_back(decision_json(decision));
    shown.push_back({decision.layer, decision.feature});
  }
  note_shown(site, caller, "consent", shown);
  json links = json::array();
  if (decisions.size() == query.limit) {
    std::string next = request.public_base + "/consents?limit=" + std::to_string(query.limit) +
                       "&before=" + std::to_string(decisions.back().id);
    if (!query.layer.empty() && site.catalogue.find_layer(query.layer) != nullptr)
      next += "&layer=" + query.layer;
    if (query.feature) next += "&id=" + std::to_string(*query.feature);
    links.push_back({{"rel", "next"}, {"type", "application/json"}, {"href", next}});
  }
  return private_json({{"consents", std::move(out)}, {"links", std::move(links)}});
}

}  // namespace

void add_consent_routes(http::Router& router, const Site& site) {
  router.get("/consents", [&site](const Request& request, const Params&) { return list(site, request); });
  router.post("/consents", [&site](const Request& request, const Params&) { return record(site, request); });
  router.post("/consents/{layer}/{id}/withdrawal", [&site](const Request& request, const Params& params) {
    return withdraw(site, request, params);
  });
}

}  // namespace ritchi::api
