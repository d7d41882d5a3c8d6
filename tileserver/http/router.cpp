#include "tileserver/http/router.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "geodata/base/error.hpp"

namespace ritchi::http {

namespace {

constexpr std::size_t method_count = 7;

std::size_t index_of(Method method) noexcept {
  return static_cast<std::size_t>(method);
}

enum class PartKind { literal, named, rest };

struct Part {
  PartKind kind = PartKind::literal;
  std::string text;  // the literal, or what follows "{name}"
  std::string name;
};

[[noreturn]] void refuse_pattern(const char* what, const std::string& pattern) {
  throw base::Error(base::ErrorKind::internal, what, pattern);
}

Part parse_part(std::string_view text, const std::string& pattern) {
  Part part;
  if (text.empty() || text.front() != '{') {
    if (text.find_first_of("{}") != text.npos) refuse_pattern("a {name} must begin its part", pattern);
    part.text = text;
    return part;
  }
  const std::size_t end = text.find('}');
  if (end == text.npos || end == 1) refuse_pattern("a {name} is not closed or empty", pattern);
  part.kind = PartKind::named;
  part.name = text.substr(1, end - 1);
  part.text = text.substr(end + 1);
  if (part.name.back() == '*') {
    part.kind = PartKind::rest;
    part.name.pop_back();
    if (!part.text.empty()) refuse_pattern("nothing may follow a {name*}", pattern);
  }
  return part;
}

std::vector<Part> parse_pattern(const std::string& pattern) {
  if (pattern.empty() || pattern.front() != '/') refuse_pattern("a pattern begins with a slash", pattern);
  std::vector<Part> parts;
  std::string_view rest = std::string_view(pattern).substr(1);
  while (!rest.empty()) {
    const std::size_t slash = rest.find('/');
    if (!parts.empty() && parts.back().kind == PartKind::rest) {
      refuse_pattern("{name*} must be the last part", pattern);
    }
    parts.push_back(parse_part(rest.substr(0, slash), pattern));
    if (slash == rest.npos) break;
    rest.remove_prefix(slash + 1);
  }
  return parts;
}

}  // namespace

const std::string& Params::operator[](std::string_view name) const {
  for (const auto& [key, value] : m_values) {
    if (key == name) return value;
  }
  throw base::Error(base::ErrorKind::internal, "the route has no such parameter", std::string(name));
}

struct Endpoint {
  Route route;
  std::vector<std::string> names;  // in the order in which the path gives their values
};

// One part of all patterns that begin alike.
struct Router::Node {
  std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
  std::vector<std::pair<std::string, std::unique_ptr<Node>>> suffixed;  // "{…}.mvt", longest end first
  std::unique_ptr<Node> named;
  std::unique_ptr<Node> rest;
  std::array<std::unique_ptr<Endpoint>, method_count> endpoints;

  Node& child(const Part& part);
  const Endpoint* endpoint_for(Method method) const noexcept {
    if (const Endpoint* own = endpoints[index_of(method)].get()) return own;
    return method == Method::head ? endpoints[index_of(Method::get)].get() : nullptr;
  }
};

namespace {

Router::Match to_match(const Endpoint& endpoint, std::vector<std::string> values) {
  Router::Match match;
  match.route = &endpoint.route;
  match.params.reserve(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) match.params.add(endpoint.names[i], std::move(values[i]));
  return match;
}

// Walks the tree, most literal branch first; stops when visit(node, values) is true.
template <class Node, class Visit>
bool walk(const Node& node, const std::vector<std::string>& segments, std::size_t at,
          std::vector<std::string>& values, const Visit& visit) {
  if (at == segments.size()) return visit(node, values);
  const std::string& segment = segments[at];
  if (const auto literal = node.literals.find(segment); literal != node.literals.end()) {
    if (walk(*literal->second, segments, at + 1, values, visit)) return true;
  }
  const auto try_value = [&](const Node& next, std::string value, std::size_t next_at) {
    values.push_back(std::move(value));
    const bool found = walk(next, segments, next_at, values, visit);
    if (!found) values.pop_back();
    return found;
  };
  for (const auto& [suffix, next] : node.suffixed) {
    if (segment.size() <= suffix.size() || !segment.ends_with(suffix)) continue;
    if (try_value(*next, segment.substr(0, segment.size() - suffix.size()), at + 1)) return true;
  }
  if (node.named && !segment.empty() && try_value(*node.named, segment, at + 1)) return true;
  if (!node.rest) return false;
  std::string joined = segment;
  for (std::size_t i = at + 1; i < segments.size(); ++i) joined.append("/").append(segments[i]);
  return try_value(*node.rest, std::move(joined), segments.size());
}

}  // namespace

Router::Node& Router::Node::child(const Part& part) {
  if (part.kind == PartKind::literal) {
    std::unique_ptr<Node>& next = literals[part.text];
    if (!next) next = std::make_unique<Node>();
    return *next;
  }
  if (part.kind == PartKind::named && !part.text.empty()) {
    for (auto& [suffix, next] : suffixed) {
      if (suffix == part.text) return *next;
    }
    const auto longer = [&part](const auto& entry) { return entry.first.size() >= part.text.size(); };
    const auto place = std::ranges::find_if_not(suffixed, longer);
    return *suffixed.emplace(place, part.text, std::make_unique<Node>())->second;
  }
  std::unique_ptr<Node>& next = part.kind == PartKind::rest ? rest : named;
  if (!next) next = std::make_unique<Node>();
  return *next;
}

Router::Router() : m_root(std::make_unique<Node>()) {}
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;
Router::~Router() = default;

Router& Router::add(Method method, std::string pattern, Handler handler) {
  return add(method, std::move(pattern), {}, std::move(handler));
}

Router& Router::add(Method method, std::string pattern, InlineHandler inline_handler, Handler handler) {
  if (!inline_handler && !handler) refuse_pattern("a route needs a handler", pattern);
  auto endpoint = std::make_unique<Endpoint>();
  Node* node = m_root.get();
  for (Part& part : parse_pattern(pattern)) {
    node = &node->child(part);
    if (part.kind != PartKind::literal) endpoint->names.push_back(std::move(part.name));
  }
  std::unique_ptr<Endpoint>& place = node->endpoints[index_of(method)];
  if (place) refuse_pattern("two routes of one method have the same shape", pattern);
  m_patterns.push_back(pattern);
  endpoint->route = {method, std::move(pattern), std::move(inline_handler), std::move(handler)};
  place = std::move(endpoint);
  return *this;
}

Router::Match Router::match(Method method, const std::vector<std::string>& segments) const {
  std::vector<std::string> values;
  values.reserve(segments.size());
  const Endpoint* found = nullptr;
  walk(*m_root, segments, 0, values, [&](const Node& node, const std::vector<std::string>&) {
    found = node.endpoint_for(method);
    return found != nullptr;
  });
  if (found) return to_match(*found, std::move(values));
  Match match;
  match.allowed = methods_of(segments);
  return match;
}

std::vector<Method> Router::methods_of(const std::vector<std::string>& segments) const {
  std::array<bool, method_count> offered{};
  std::vector<std::string> values;
  walk(*m_root, segments, 0, values, [&](const Node& node, const std::vector<std::string>&) {
    for (std::size_t i = 0; i < method_count; ++i) offered[i] = offered[i] || node.endpoints[i] != nullptr;
    return false;
  });
  if (std::ranges::none_of(offered, [](bool is_offered) { return is_offered; })) return {};
  offered[index_of(Method::head)] = offered[index_of(Method::head)] || offered[index_of(Method::get)];
  offered[index_of(Method::options)] = true;
  std::vector<Method> methods;
  for (std::size_t i = 0; i < method_count; ++i) {
    if (offered[i]) methods.push_back(static_cast<Method>(i));
  }
  return methods;
}

}  // namespace ritchi::http
