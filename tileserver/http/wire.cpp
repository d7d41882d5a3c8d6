#include "tileserver/http/wire.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>

#include "tileserver/http/conditional.hpp"
#include "tileserver/http/negotiation.hpp"
#include "tileserver/http/problem.hpp"

namespace ritchi::http {

namespace {

// Below this a coding gains nothing that one packet would not carry anyway.
constexpr std::size_t min_coded_bytes = 256;
// 16 KiB take gzip level 1 about a tenth of a millisecond.
constexpr std::size_t max_quick_bytes = 16 * 1024;

constexpr std::string_view fixed_fields =
    "Access-Control-Allow-Origin: *\r\n"
    "Access-Control-Expose-Headers: ETag, Link, Location, Content-Crs, Content-Disposition, "
    "OGC-NumberMatched, "
    "OGC-NumberReturned, Preference-Applied, Retry-After, Ritchi-Dropped, WWW-Authenticate\r\n"
    "X-Content-Type-Options: nosniff\r\n";

bool is_compressible(std::string_view media_type) noexcept {
  if (media_type.starts_with("text/")) return true;
  for (const std::string_view part : {"json", "xml", "javascript", "vector-tile", "protobuf", "svg"}) {
    if (media_type.find(part) != media_type.npos) return true;
  }
  return false;
}

struct Candidate {
  Coding coding;
  int q;
};

// nullopt: the client accepts nothing that there is.
std::optional<Coding> choose_coding(const AcceptedCodings& accepted, const Representation& content) {
  const std::size_t size = content.body->identity_size();
  if (size == 0) return Coding::identity;
  const bool identity_refused = !accepted.accepts(Coding::identity);
  const bool worth_making =
      identity_refused || (size >= min_coded_bytes && is_compressible(content.media_type));
  std::optional<Candidate> best;
  // What is ready is taken smallest first, what is to be made cheapest first; identity yields to both.
  const auto consider = [&](Coding coding) {
    const int q = accepted.q(coding);
    if (q > 0 && (!best || q > best->q)) best = Candidate{coding, q};
  };
  for (const Coding coding : {Coding::br, Coding::zstd, Coding::gzip}) {
    if (accepted.accepts(coding) && content.body->find(coding)) consider(coding);
  }
  for (const Coding coding : {Coding::gzip, Coding::zstd, Coding::br}) {
    if (worth_making) consider(coding);
  }
  consider(Coding::identity);
  if (!best) return std::nullopt;
  return best->coding;
}

void append_number(std::string& out, std::size_t number) {
  std::array<char, 20> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ");
  const std::size_t start = out.size();
  out.append(value);
  // A line break that came in from data must not begin a field of its own.
  for (std::size_t i = start; i < out.size(); ++i) {
    const auto c = static_cast<unsigned char>(out[i]);
    if (c < 0x20 || c == 0x7f) out[i] = ' ';
  }
  out.append("\r\n");
}

bool is_own_field(std::string_view name, bool has_content) noexcept {
  for (const std::string_view own :
       {"Content-Length", "Transfer-Encoding", "Connection", "Date", "Vary", "Content-Encoding"}) {
    if (equal_ignoring_case(name, own)) return true;
  }
  return has_content && equal_ignoring_case(name, "Content-Type");
}

}  // namespace

bool Answer::is_quick() const noexcept {
  return is_ready() || response.content->body->identity_size() <= max_quick_bytes;
}

void Answer::make_ready() {
  if (!is_ready()) bytes = response.content->body->make(coding);
}

Answer plan_answer(const Request& request, Response response) {
  Answer answer;
  answer.response = std::move(response);
  const Representation* content = answer.response.content.get();
  if (!content) return answer;
  const bool is_success = answer.response.status == 200 || answer.response.status == 204;
  if (is_success && !content->etag_base.empty()) {
    if (std::optional<Response> same = not_modified(request, content->etag_base, content->cache_control)) {
      for (const auto& [name, value] : answer.response.headers) same->headers.add(name, value);
      answer.response = std::move(*same);
      return answer;
    }
  }
  if (!content->body) return answer;
  const std::optional<Coding> coding = choose_coding(accepted_codings(request), *content);
  if (!coding && answer.response.status < 300) {
    return plan_refusal(refusal_response(Refusal::not_acceptable, request.language));
  }
  answer.coding = coding.value_or(Coding::identity);
  answer.bytes = content->body->find(answer.coding);
  return answer;
}

Answer plan_refusal(Response response) {
  Answer answer;
  answer.response = std::move(response);
  if (answer.response.content) answer.bytes = answer.response.content->body->make(Coding::identity);
  return answer;
}

void write_head(const Answer& answer, Connection connection, std::string_view date, std::string& head) {
  const int status = answer.response.status;
  const Representation* content = answer.response.content.get();
  head.assign("HTTP/1.1 ");
  append_number(head, static_cast<std::size_t>(status));
  head.append(" ").append(reason_of(status)).append("\r\nDate: ").append(date).append("\r\n");
  const bool never_has_body = status == 204 || status == 304;
  if (content && !never_has_body) append_field(head, "Content-Type", content->media_type);
  if (!never_has_body) {
    head.append("Content-Length: ");
    append_number(head, answer.bytes ? answer.bytes->size() : 0);
    head.append("\r\n");
  }
  if (answer.coding != Coding::identity && !never_has_body) {
    append_field(head, "Content-Encoding", name_of(answer.coding));
  }
  if (content && !content->etag_base.empty()) {
    head.append("ETag: \"").append(content->etag_base).append(etag_suffix_of(answer.coding)).append("\"\r\n");
  }
  if (content && !content->cache_control.empty()) append_field(head, "Cache-Control", content->cache_control);
  if (content)
    for (const auto& [name, value] : content->fields) append_field(head, name, value);
  head.append("Vary: Accept-Encoding");
  for (const auto& [name, value] : answer.response.headers) {
    if (equal_ignoring_case(name, "Vary")) head.append(", ").append(value);
  }
  head.append("\r\n").append(fixed_fields);
  for (const auto& [name, value] : answer.response.headers) {
    if (!is_own_field(name, content != nullptr)) append_field(head, name, value);
  }
  if (!connection.keeps_alive) {
    head.append("Connection: close\r\n");
  } else if (connection.is_http_10) {
    head.append("Connection: keep-alive\r\n");
  }
  head.append("\r\n");
}

bool has_body(const Answer& answer, Method method) noexcept {
  const int status = answer.response.status;
  return method != Method::head && status != 204 && status != 304 && answer.bytes && !answer.bytes->empty();
}

std::string http_date(long long unix_seconds) {
  constexpr std::array<const char*, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto seconds = static_cast<std::time_t>(unix_seconds);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT", days[static_cast<std::size_t>(parts.tm_wday)],
                     parts.tm_mday, months[static_cast<std::size_t>(parts.tm_mon)], parts.tm_year + 1900,
                     parts.tm_hour, parts.tm_min, parts.tm_sec);
}

}  // namespace ritchi::http
