// Reads HTTP/1 requests from bytes as they arrive; Boost.Beast does the grammar, this adds limits and guards.
#pragma once
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "tileserver/http/headers.hpp"
#include "tileserver/http/problem.hpp"
#include "tileserver/http/request.hpp"

namespace ritchi::http {

struct ParserLimits {
  std::size_t max_header_bytes = 0;
  std::size_t max_target_bytes = 0;
  std::size_t max_body_bytes = 0;
};

// A request cannot be served; the connection is closed after the answer, since its bytes cannot be trusted.
struct ParseFailure {
  Refusal refusal = Refusal::bad_request;
  std::string detail;  // may be empty
  std::string detail_ja;

  const std::string& detail_in(std::string_view language) const noexcept {
    return language == "ja" && !detail_ja.empty() ? detail_ja : detail;
  }
};

class RequestParser {
 public:
  enum class State {
    header,       // more bytes are needed
    header_done,  // once, so that 100-continue can be sent and the body's time begins
    body,         // more bytes are needed
    done,
    failed
  };

  explicit RequestParser(const ParserLimits& limits);
  ~RequestParser();
  RequestParser(const RequestParser&) = delete;
  RequestParser& operator=(const RequestParser&) = delete;

  // Forgets the last request.
  void reset();
  // Takes bytes from the front of `bytes` and returns how many; call again with the rest after header_done.
  std::size_t feed(std::string_view bytes);

  State state() const noexcept { return m_state; }
  const ParseFailure& failure() const noexcept { return m_failure; }
  // Valid from header_done on: method, target, headers; from done on also path, segments, query and body.
  Request& request() noexcept { return m_request; }
  bool is_http_10() const noexcept { return m_is_http_10; }
  bool keeps_alive() const noexcept { return m_keeps_alive; }
  bool expects_continue() const noexcept { return m_expects_continue; }

 private:
  class Grammar;

  std::size_t feed_header(std::string_view bytes);
  std::size_t feed_body(std::string_view bytes);
  void check_header(std::string_view raw);
  void finish();
  void fail(Refusal refusal, std::string detail = {}, std::string detail_ja = {});

  ParserLimits m_limits;
  State m_state = State::header;
  ParseFailure m_failure;
  Request m_request;
  bool m_is_http_10 = false;
  bool m_keeps_alive = true;
  bool m_expects_continue = false;
  std::size_t m_searched = 0;  // of the header: where no end was found
  std::unique_ptr<Grammar> m_grammar;
};

}  // namespace ritchi::http
