// /inquiries: questions about sites, to the intermediary and the site's municipality, and the way they take.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "geodata/base/error.hpp"
#include "geodata/base/resource.hpp"
#include "geodata/catalogue/places.hpp"
#include "tileserver/access/inquiry_rules.hpp"
#include "tileserver/analysis/process_inputs.hpp"
#include "tileserver/api/caller.hpp"
#include "tileserver/api/json_body.hpp"
#include "tileserver/http/conditional.hpp"
#include "tileserver/http/problem.hpp"

namespace ritchi::api {
namespace {

using access::Caller;
using access::Inquiry;
using access::InquiryStep;
using access::Role;
using analysis::InputObject;
using base::Error;
using base::ErrorKind;
using http::Params;
using http::Request;
using http::Response;
using nlohmann::json;

constexpr std::size_t max_body_bytes = 64 * 1024;

// An inquiry as one caller sees it. Who asked gets nothing of a site that he does not see (any more), and
// nothing of who was asked on his behalf.
class InquiryView {
 public:
  InquiryView(const Site& site, const View& view)
      : m_site(site), m_caller(view.caller), m_seen(view.snapshot) {}

  json summary(const Inquiry& inquiry, const std::string& base) {
    const auto steps = m_site.access->inquiries.steps(m_caller, inquiry);
    json out{{"id", inquiry.reference},
             {"state", name_of(inquiry.state)},
             {"reason", text_or_null(inquiry.reason)},
             {"version", inquiry.version},
             {"asked_at", inquiry.asked_at},
             {"changed_at", steps.empty() ? inquiry.asked_at : steps.back().at},
             {"by", {{"role", name_of(inquiry.role)}, {"holder", inquiry.holder}}},
             {"site", site_json(inquiry)},
             {"like", inquiry.like_json.empty() ? json(nullptr) : json::parse(inquiry.like_json)},
             {"message", inquiry.message},
             {"contact", inquiry.contact},
             {"links", json::array({{{"rel", "self"},
                                     {"type", "application/json"},
                                     {"href", base + "/inquiries/" + inquiry.reference}}})}};
    if (is_office(inquiry)) {
      out["municipality_code"] = text_or_null(inquiry.municipality_code);
      out["informed_at"] = text_or_null(inquiry.informed_at);
    }
    return out;
  }

  json whole(const Inquiry& inquiry, const std::string& base) {
    json out = summary(inquiry, base);
    json steps = json::array();
    for (const InquiryStep& step : m_site.access->inquiries.steps(m_caller, inquiry))
      steps.push_back(step_json(inquiry, step));
    out["steps"] = std::move(steps);
    return out;
  }

  // Before what was made is sent.
  void note() const { note_shown(m_site, m_caller, "inquiry", m_shown); }

 private:
  // Is this caller one of those who deal with it?
  bool is_office(const Inquiry& inquiry) const {
    return m_caller.role == Role::administrator || access::is_informed(m_caller, inquiry);
  }

  json site_json(const Inquiry& inquiry) {
    if (!inquiry.site) return nullptr;
    const auto& site = *inquiry.site;
    if (!is_office(inquiry) && !find_feature(*m_seen, site.layer, site.id)) return nullptr;
    m_shown.push_back({site.layer, site.id});
    return {{"layer", site.layer}, {"id", site.id}};
  }

  json step_json(const Inquiry& inquiry, const InquiryStep& step) const {
    json by{{"role", step.by_role}};
    if (is_office(inquiry) || step.by_holder == m_caller.holder) by["holder"] = step.by_holder;
    json out{{"at", step.at},
             {"from", step.from ? json(name_of(*step.from)) : json(nullptr)},
             {"to", name_of(step.to)},
             {"reason", text_or_null(step.reason)},
             {"note", text_or_null(step.note)},
             {"by", std::move(by)}};
    if (is_office(inquiry)) out["note_for"] = name_of(step.note_for);
    return out;
  }

  const Site& m_site;
  const Caller& m_caller;
  const std::shared_ptr<const store::Snapshot> m_seen;
  std::vector<store::ShownFeature> m_shown;
};

std::string etag_of(const Inquiry& inquiry) {
  return "v" + std::to_string(inquiry.version);
}

Response inquiry_response(const Site& site, const View& view, const Request& request, const Inquiry& inquiry,
                          int status) {
  InquiryView shown(site, view);
  Response response = private_json(shown.whole(inquiry, request.public_base), status);
  shown.note();
  auto tagged = std::make_shared<http::Representation>(*response.content);
  tagged->etag_base = etag_of(inquiry);
  response.content = std::move(tagged);
  return response;
}

access::InquirySite read_site(const json& given) {
  const InputObject site(given, "/site");
  site.allow_only({"layer", "id"});
  const auto id = site.whole_number("id", 0, INT64_MAX);
  if (!id) throw Error(ErrorKind::bad_input, "is missing", site.where("id")).in_japanese("がありません");
  return {site.text("layer").value_or("factory_sites"), *id};
}

Response ask(const Site& site, const Request& request) {
  const View view = known_view(site, request);
  const json given = read_object(request, max_body_bytes);
  const InputObject body(given, "");
  body.allow_only({"site", "like", "message", "contact"});
  access::NewInquiry asked;
  asked.message = body.text("message").value_or("");
  asked.contact = body.text("contact").value_or("");
  if (const json* like = body.find("like")) {
    if (!like->is_object() || like->empty())
      throw Error(ErrorKind::bad_input, "must be an object: the inputs of match-sites", "/like")
          .in_japanese("match-sites の入力（オブジェクト）を指定してください");
    asked.like_json = like->dump();
  }
  if (const json* named = body.find("site")) asked.site = read_site(*named);
  access::check_asked(asked);
  if (asked.site) {
    const auto feature = find_feature(*view.snapshot, asked.site->layer, asked.site->id);
    if (!feature) throw no_such_feature(asked.site->layer, std::to_string(asked.site->id));
    asked.municipality_code = feature->municipality_code;
    note_shown(site, view.caller, "inquiry", {{asked.site->layer, asked.site->id}});
  }
  const Inquiry inquiry = site.access->inquiries.ask(view.caller, asked);
  Response response = inquiry_response(site, view, request, inquiry, 201);
  response.headers.set("Location", request.public_base + "/inquiries/" + inquiry.reference);
  return response;
}

Response list(const Site& site, const Request& request) {
  const View view = known_view(site, request);
  const Caller& caller = view.caller;
  const std::size_t limit = page_limit(request);
  std::int64_t before = INT64_MAX;
  if (const std::string* reference = request.query_value("before")) {
    const auto last = site.access->inquiries.find(caller, *reference);
    if (!last)
      throw Error(ErrorKind::bad_input, "is none of your inquiries", "before")
          .in_japanese("該当する照会がありません");
    before = last->number;
  }
  const auto inquiries = site.access->inquiries.list(caller, before, limit);
  InquiryView shown(site, view);
  json all = json::array();
  for (const Inquiry& inquiry : inquiries) all.push_back(shown.summary(inquiry, request.public_base));
  shown.note();
  json links = json::array();
  if (inquiries.size() == limit)
    links.push_back({{"rel", "next"},
                     {"type", "application/json"},
                     {"href", fmt::format("{}/inquiries?limit={}&before={}", request.public_base, limit,
                                          inquiries.back().reference)}});
  return private_json({{"inquiries", std::move(all)}, {"links", std::move(links)}});
}

Inquiry find_inquiry(const Site& site, const Caller& caller, const std::string& reference) {
  auto found = site.access->inquiries.find(caller, reference);
  if (!found) throw access::no_such_inquiry();
  return *found;
}

Role read_note_for(const InputObject& body, const std::string& name) {
  const auto role = access::role_named(name);
  if (!role || *role == Role::everyone)
    throw Error(ErrorKind::bad_input, "must be operator, municipality or company", body.where("note_for"))
        .in_japanese("operator、municipality、company のいずれかです");
  return *role;
}

access::Transition read_transition(const InputObject& body, const catalogue::Places& places) {
  body.allow_only({"to", "reason", "note", "note_for", "municipality_code", "version"});
  access::Transition out;
  if (const auto to = body.text("to")) {
    out.to = access::state_named(*to);
    if (!out.to)
      throw Error(ErrorKind::bad_input, "must be with_municipality, introduced or closed", body.where("to"))
          .in_japanese("with_municipality、introduced、closed のいずれかです");
  }
  out.reason = body.text("reason").value_or("");
  out.note = body.text("note").value_or("");
  if (const auto role = body.text("note_for")) out.note_for = read_note_for(body, *role);
  out.municipality_code = body.text("municipality_code").value_or("");
  if (!out.municipality_code.empty() && places.present(out.municipality_code) == nullptr)
    throw Error(ErrorKind::bad_input, "is no code of a municipality", body.where("municipality_code"),
                "5 digits, such as 15202")
        .in_japanese("市区町村コードではありません", "15202 のような 5 桁で指定してください");
  return out;
}

Response version_gone(const Request& request, const Inquiry& inquiry) {
  http::Problem problem;
  problem.status = 412;
  problem.where = "If-Match";
  problem.detail = request.language == "en"
                       ? fmt::format("the inquiry is at version {} by now; read it again", inquiry.version)
                       : fmt::format("照会の版は {} に進んでいます。読み直してください", inquiry.version);
  return http::problem_response(problem, request.language);
}

Response move(const Site& site, const catalogue::Places& places, const Request& request,
              const std::string& reference) {
  const View view = known_view(site, request);
  const Caller& caller = view.caller;
  const Inquiry present = find_inquiry(site, caller, reference);
  const json given = read_object(request, max_body_bytes);
  const InputObject body(given, "");
  access::Transition transition = read_transition(body, places);
  const auto version = body.whole_number("version", 1, INT64_MAX);
  if (!version && !request.headers.has("If-Match"))
    throw Error(ErrorKind::bad_input, "is missing: say which version was read", "/version",
                "send it as the answer gave it, or its ETag in If-Match")
        .in_japanese("どの版を読んだかを示してください",
                     "応答の version を送るか、ETag を If-Match に入れてください");
  if (!http::if_match_holds(request, etag_of(present))) return version_gone(request, present);
  transition.version = version.value_or(present.version);
  return inquiry_response(site, view, request, site.access->inquiries.move(caller, reference, transition),
                          200);
}

}  // namespace

void add_inquiry_routes(http::Router& router, const Site& site) {
  const auto places = std::make_shared<const catalogue::Places>(
      catalogue::Places::load(base::share_folder() / "styles" / "places"));
  router.get("/inquiries", [&site](const Request& request, const Params&) { return list(site, request); });
  router.post("/inquiries", [&site](const Request& request, const Params&) { return ask(site, request); });
  router.get("/inquiries/{id}", [&site](const Request& request, const Params& params) {
    const View view = known_view(site, request);
    return inquiry_response(site, view, request, find_inquiry(site, view.caller, params["id"]), 200);
  });
  router.post("/inquiries/{id}/transitions", [&site, places](const Request& request, const Params& params) {
    return move(site, *places, request, params["id"]);
  });
}

}  // namespace ritchi::api
