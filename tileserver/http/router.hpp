// Finds the handler of a path: patterns such as "/xyz/{layers}/{z}/{x}/{y}", the most literal match first.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tileserver/http/request.hpp"
#include "tileserver/http/response.hpp"

namespace ritchi::http {

// The values of the pattern's {names}, decoded.
class Params {
 public:
  // Throws Error(internal) for a name that the pattern has not.
  const std::string& operator[](std::string_view name) const;
  void reserve(std::size_t count) { m_values.reserve(count); }
  void add(std::string_view name, std::string value) { m_values.emplace_back(name, std::move(value)); }

 private:
  std::vector<std::pair<std::string_view, std::string>> m_values;  // names live in the router
};

// Runs on a worker thread; may take until request.deadline; throws base::Error.
using Handler = std::function<Response(const Request&, const Params&)>;
// Runs on the I/O thread and must not block, wait or compute for long; nullopt hands over to the Handler.
using InlineHandler = std::function<std::optional<Response>(const Request&, const Params&)>;

struct Route {
  Method method = Method::get;
  std::string pattern;
  InlineHandler inline_handler;  // either may be empty, not both
  Handler handler;
};

class Router {
 public:
  Router();
  Router(Router&&) noexcept;
  Router& operator=(Router&&) noexcept;
  ~Router();

  // Parts of a pattern: literal, "{name}", "{name}.mvt" (a literal end), and as the last part "{name*}" (one
  // or more whole parts joined by "/"). HEAD is served by GET; a slash at the end of a path is ignored.
  // Throws Error(internal) for a bad pattern or a second route of the same method and shape.
  Router& add(Method method, std::string pattern, Handler handler);
  Router& add(Method method, std::string pattern, InlineHandler inline_handler, Handler handler);
  Router& get(std::string pattern, Handler handler) {
    return add(Method::get, std::move(pattern), std::move(handler));
  }
  Router& get(std::string pattern, InlineHandler inline_handler, Handler handler) {
    return add(Method::get, std::move(pattern), std::move(inline_handler), std::move(handler));
  }
  Router& get_inline(std::string pattern, InlineHandler inline_handler) {
    return add(Method::get, std::move(pattern), std::move(inline_handler), {});
  }
  Router& post(std::string pattern, Handler handler) {
    return add(Method::post, std::move(pattern), std::move(handler));
  }

  struct Match {
    const Route* route = nullptr;  // null: no such path, or not with this method
    Params params;
    std::vector<Method> allowed;  // filled when route is null: what the path offers (empty: no such path)
  };
  Match match(Method method, const std::vector<std::string>& segments) const;
  // What a path offers, HEAD and OPTIONS included; empty for an unknown path.
  std::vector<Method> methods_of(const std::vector<std::string>& segments) const;
  // Of every route, in the order in which they were added.
  const std::vector<std::string>& patterns() const noexcept { return m_patterns; }

 private:
  struct Node;
  std::unique_ptr<Node> m_root;
  std::vector<std::string> m_patterns;
};

}  // namespace ritchi::http
