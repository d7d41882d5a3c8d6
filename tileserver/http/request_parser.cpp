#include "tileserver/http/request_parser.hpp"

#include <utility>  // Boost 1.74's Asio needs it first

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>
#include <optional>

#include "geodata/base/error.hpp"
#include "tileserver/http/target.hpp"

namespace ritchi::http {

namespace {

namespace beast = boost::beast;

// One line of a chunk's size and extensions, or all trailers together.
constexpr std::size_t max_chunk_line_bytes = 8 * 1024;
// "0", CR, LF, CR, LF: no chunked body ends with less.
constexpr std::size_t shortest_last_chunk_bytes = 5;
// What is set aside for a body at once, whatever its Content-Length claims.
constexpr std::size_t max_reserved_bytes = 64 * 1024;

std::string_view view(beast::string_view text) noexcept {
  return {text.data(), text.size()};
}

std::optional<Method> method_of(std::string_view name) noexcept {
  for (const Method method :
       {Method::get, Method::head, Method::options, Method::post, Method::put, Method::patch, Method::del}) {
    if (name == name_of(method)) return method;
  }
  return std::nullopt;
}

// Whether the request line ends in a well-formed version, so that a refusal is about the number alone.
bool names_a_version(std::string_view line) noexcept {
  const std::size_t blank = line.rfind(' ');
  if (std::ranges::count(line, ' ') != 2) return false;
  const std::string_view version = line.substr(blank + 1);
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return version.size() == 8 && version.starts_with("HTTP/") && is_digit(version[5]) && version[6] == '.' &&
         is_digit(version[7]);
}

}  // namespace

// Beast's parser, writing straight into our request.
class RequestParser::Grammar {
 public:
  void reset(Request& request, std::size_t max_header_bytes, std::size_t max_body_bytes) {
    m_parser.emplace(request);
    m_parser->eager(false);
    m_parser->header_limit(static_cast<std::uint32_t>(max_header_bytes));
    m_parser->body_limit(max_body_bytes);
  }

  std::size_t put(std::string_view bytes, beast::error_code& error) {
    return m_parser->put(boost::asio::const_buffer(bytes.data(), bytes.size()), error);
  }
  bool is_header_done() const { return m_parser->is_header_done(); }
  bool is_done() const { return m_parser->is_done(); }
  bool keeps_alive() const { return m_parser->keep_alive(); }
  bool is_chunked() const { return m_parser->chunked(); }
  int version() const { return m_parser->version; }
  const std::string& method() const { return m_parser->method; }

 private:
  struct Parser : beast::http::basic_parser<true> {
    explicit Parser(Request& into) : request(into) {}

    Request& request;
    std::string method;
    int version = 11;
    bool is_in_trailers = false;

    void on_request_impl(beast::http::verb, beast::string_view name, beast::string_view target, int number,
                         beast::error_code& error) override {
      method = view(name);
      request.target = view(target);
      version = number;
      error = {};
    }
    void on_field_impl(beast::http::field, beast::string_view name, beast::string_view value,
                       beast::error_code& error) override {
      // Trailers are read and dropped: a field that arrives after the checks must not count.
      if (!is_in_trailers) request.headers.add(view(name), view(value));
      error = {};
    }
    void on_header_impl(beast::error_code& error) override {
      is_in_trailers = true;
      error = {};
    }
    void on_body_init_impl(const boost::optional<std::uint64_t>& length, beast::error_code& error) override {
      if (length) {
        request.body.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(*length, max_reserved_bytes)));
      }
      error = {};
    }
    std::size_t on_body_impl(beast::string_view bytes, beast::error_code& error) override {
      request.body.append(bytes.data(), bytes.size());
      error = {};
      return bytes.size();
    }
    void on_chunk_header_impl(std::uint64_t, beast::string_view, beast::error_code& error) override {
      error = {};
    }
    std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view bytes,
                                   beast::error_code& error) override {
      request.body.append(bytes.data(), bytes.size());
      error = {};
      return bytes.size();
    }
    void on_finish_impl(beast::error_code& error) override { error = {}; }
    // A request parser has no response line, but every virtual function must be there.
    void on_response_impl(int, beast::string_view, int, beast::error_code& error) override { error = {}; }
  };

  std::optional<Parser> m_parser;
};

RequestParser::RequestParser(const ParserLimits& limits)
    : m_limits(limits), m_grammar(std::make_unique<Grammar>()) {
  reset();
}

RequestParser::~RequestParser() = default;

void RequestParser::reset() {
  m_state = State::header;
  m_request.clear();
  m_is_http_10 = false;
  m_keeps_alive = true;
  m_expects_continue = false;
  m_searched = 0;
  m_grammar->reset(m_request, m_limits.max_header_bytes, m_limits.max_body_bytes);
}

std::size_t RequestParser::feed(std::string_view bytes) {
  switch (m_state) {
    case State::header:
      return feed_header(bytes);
    case State::header_done:
      m_state = State::body;
      return feed_body(bytes);
    case State::body:
      return feed_body(bytes);
    case State::done:
    case State::failed:
      break;
  }
  return 0;
}

std::size_t RequestParser::feed_header(std::string_view bytes) {
  // Some clients end a body with a line break that its length does not count (RFC 9112 §2.2).
  std::size_t skipped = 0;
  while (m_searched == 0 && bytes.starts_with("\r\n")) {
    bytes.remove_prefix(2);
    skipped += 2;
  }
  const std::size_t end = bytes.find("\r\n\r\n", m_searched);
  const std::size_t size = end == bytes.npos ? bytes.size() : end + 4;
  if (size > m_limits.max_header_bytes) {
    const bool in_first_line = bytes.substr(0, m_limits.max_target_bytes + 32).find('\n') == bytes.npos;
    fail(in_first_line ? Refusal::target_too_long : Refusal::header_too_large);
    return skipped;
  }
  if (end == bytes.npos) {
    // A line that ends in a bare line feed would be waited for in vain: say so at once.
    const std::size_t line_feed = bytes.find('\n', m_searched);
    if (line_feed != bytes.npos && (line_feed == 0 || bytes[line_feed - 1] != '\r')) {
      fail(Refusal::bad_request, "a line ends without CR", "行末に CR がありません");
    }
    m_searched = bytes.size() < 4 ? 0 : bytes.size() - 3;
    return skipped;
  }
  const std::string_view raw = bytes.substr(0, size);
  beast::error_code error;
  std::size_t taken = 0;
  while (taken < size && !error && !m_grammar->is_header_done())
    taken += m_grammar->put(raw.substr(taken), error);
  const std::string_view first_line = raw.substr(0, raw.find("\r\n"));
  if (error == beast::http::error::body_limit) {
    fail(Refusal::body_too_large);
  } else if (error == beast::http::error::bad_version && names_a_version(first_line)) {
    fail(Refusal::bad_version);
  } else if (error) {
    fail(Refusal::bad_request, error.message());
  } else {
    check_header(raw);
  }
  if (m_state == State::header) {
    m_state = State::header_done;
    if (m_grammar->is_done()) finish();
  }
  return skipped + size;
}

void RequestParser::check_header(std::string_view raw) {
  for (std::size_t at = 0; at < raw.size(); ++at) {
    if (raw[at] != '\r' && raw[at] != '\n' && raw[at] != '\0') continue;
    if (raw.substr(at, 2) != "\r\n")
      return fail(Refusal::bad_request, "a bare CR, LF or NUL", "単独の CR・LF または NUL があります");
    // Folding a field over lines is obsolete, and proxies disagree about it.
    if (at + 2 < raw.size() && (raw[at + 2] == ' ' || raw[at + 2] == '\t')) {
      return fail(Refusal::bad_request, "a field is folded over lines",
                  "ヘッダーが複数行に折り返されています");
    }
    ++at;
  }
  const Headers& headers = m_request.headers;
  m_is_http_10 = m_grammar->version() == 10;
  m_keeps_alive = m_grammar->keeps_alive();
  const std::size_t hosts = headers.count("Host");
  if (hosts > 1 || (hosts == 0 && !m_is_http_10))
    return fail(Refusal::bad_request, "exactly one Host is needed", "Host がちょうど一つ必要です");
  if (const std::string* coding = headers.find("Transfer-Encoding")) {
    if (headers.has("Content-Length"))
      return fail(Refusal::bad_request, "both a length and a transfer coding",
                  "Content-Length と Transfer-Encoding が両方あります");
    if (m_is_http_10)
      return fail(Refusal::bad_request, "HTTP/1.0 has no transfer coding",
                  "HTTP/1.0 に転送符号化はありません");
    if (headers.count("Transfer-Encoding") > 1 || !equal_ignoring_case(*coding, "chunked")) {
      return fail(Refusal::unknown_method, "the only transfer coding is chunked",
                  "転送符号化は chunked だけです");
    }
    if (!m_grammar->is_chunked())
      return fail(Refusal::bad_request, "bad transfer coding", "転送符号化が正しくありません");
  }
  if (headers.count("Content-Length") > 1)
    return fail(Refusal::bad_request, "more than one Content-Length", "Content-Length が複数あります");
  if (const std::string* length = headers.find("Content-Length")) {
    // Beast would take "5, 5" too; a proxy before us may not read it alike.
    if (length->find_first_not_of("0123456789") != length->npos)
      return fail(Refusal::bad_request, "bad length", "Content-Length が数ではありません");
  }
  if (m_request.target.size() > m_limits.max_target_bytes) return fail(Refusal::target_too_long);
  const std::optional<Method> method = method_of(m_grammar->method());
  if (!method) return fail(Refusal::unknown_method);
  m_request.method = *method;
  if (const std::string* coding = headers.find("Content-Encoding")) {
    if (!equal_ignoring_case(*coding, "identity")) return fail(Refusal::coded_request);
  }
  if (const std::string* expectation = headers.find("Expect")) {
    if (!equal_ignoring_case(*expectation, "100-continue")) return fail(Refusal::expectation_failed);
    m_expects_continue = !m_is_http_10 && !m_grammar->is_done();
  }
}

std::size_t RequestParser::feed_body(std::string_view bytes) {
  std::size_t taken = 0;
  while (!m_grammar->is_done() && taken < bytes.size()) {
    // The grammar asserts that a last chunk which it has seen the beginning of comes again with at least so
    // much.
    if (m_grammar->is_chunked() && bytes.size() - taken < shortest_last_chunk_bytes) return taken;
    beast::error_code error;
    const std::size_t step = m_grammar->put(bytes.substr(taken), error);
    taken += step;
    if (error == beast::http::error::need_more) {
      if (bytes.size() - taken > max_chunk_line_bytes)
        fail(Refusal::bad_request, "a chunk's line is too long", "チャンクの行が長すぎます");
      return taken;
    }
    if (error) {
      if (error == beast::http::error::body_limit) {
        fail(Refusal::body_too_large);
      } else {
        fail(Refusal::bad_request, error.message());
      }
      return taken;
    }
  }
  if (m_grammar->is_done()) finish();
  return taken;
}

void RequestParser::finish() {
  m_state = State::done;
  if (m_request.method == Method::options && m_request.target == "*") {
    m_request.path = m_request.target;
    return;
  }
  try {
    Target target = parse_target(m_request.target);
    m_request.path = std::move(target.path);
    m_request.segments = std::move(target.segments);
    m_request.query = std::move(target.query);
    m_request.raw_query = std::move(target.raw_query);
  } catch (const base::Error& error) {
    std::string ja = error.where() + ": " + error.message_in("ja");
    fail(Refusal::bad_request, error.line(), std::move(ja));
  }
}

void RequestParser::fail(Refusal refusal, std::string detail, std::string detail_ja) {
  m_state = State::failed;
  m_failure = {refusal, std::move(detail), std::move(detail_ja)};
  m_keeps_alive = false;
}

}  // namespace ritchi::http
