#include "tileserver/http/conditional.hpp"

#include <algorithm>

#include "tileserver/http/negotiation.hpp"

namespace ritchi::http {

namespace {

constexpr std::size_t max_tags = 64;

// The first coding of this base that is named and accepted; nullopt when none is.
template <class Accepts>
std::optional<Coding> coding_named(const EntityTags& tags, std::string_view base, const Accepts& accepts) {
  for (const EntityTag& tag : tags.tags) {
    if (tag.value.substr(0, base.size()) != base) continue;
    const std::string_view suffix = std::string_view(tag.value).substr(base.size());
    for (const Coding coding : {Coding::identity, Coding::gzip, Coding::br, Coding::zstd}) {
      if (suffix == etag_suffix_of(coding) && accepts(tag, coding)) return coding;
    }
  }
  return std::nullopt;
}

}  // namespace

EntityTags parse_entity_tags(std::string_view field) {
  EntityTags out;
  while (!field.empty() && out.tags.size() < max_tags) {
    const char c = field.front();
    if (c == '*') {
      out.any = true;
      field.remove_prefix(1);
      continue;
    }
    const bool weak = field.substr(0, 3) == "W/\"";
    if (!weak && c != '"') {
      field.remove_prefix(1);
      continue;
    }
    field.remove_prefix(weak ? 3 : 1);
    const std::size_t end = field.find('"');
    if (end == field.npos) break;
    out.tags.push_back({std::string(field.substr(0, end)), weak});
    field.remove_prefix(end + 1);
  }
  return out;
}

std::optional<Coding> unmodified_coding(const Request& request, std::string_view etag_base) {
  if (etag_base.empty() || (request.method != Method::get && request.method != Method::head))
    return std::nullopt;
  if (!request.headers.has("If-None-Match")) return std::nullopt;
  const EntityTags tags = parse_entity_tags(request.headers.get("If-None-Match"));
  const AcceptedCodings accepted = accepted_codings(request);
  const std::optional<Coding> named = coding_named(
      tags, etag_base, [&accepted](const EntityTag&, Coding coding) { return accepted.accepts(coding); });
  if (named || !tags.any) return named;
  return accepted.accepts(Coding::gzip) ? Coding::gzip : Coding::identity;
}

std::optional<Response> not_modified(const Request& request, std::string_view etag_base,
                                     std::string_view cache_control) {
  const std::optional<Coding> coding = unmodified_coding(request, etag_base);
  if (!coding) return std::nullopt;
  Response response = Response::empty(304);
  response.headers.add("ETag", '"' + std::string(etag_base) + std::string(etag_suffix_of(*coding)) + '"');
  if (!cache_control.empty()) response.headers.add("Cache-Control", cache_control);
  return response;
}

bool if_match_holds(const Request& request, std::string_view etag_base) {
  if (!request.headers.has("If-Match")) return true;
  const EntityTags tags = parse_entity_tags(request.headers.get("If-Match"));
  const auto is_strong = [](const EntityTag& tag, Coding) { return !tag.weak; };
  return tags.any || coding_named(tags, etag_base, is_strong).has_value();
}

}  // namespace ritchi::http
