// rooms: tileserver_http
// Targets, queries and the lists of Accept, Accept-Encoding, Accept-Language and If-None-Match.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "geodata/base/error.hpp"
#include "geodata/base/text.hpp"
#include "tileserver/http/conditional.hpp"
#include "tileserver/http/negotiation.hpp"
#include "tileserver/http/origins.hpp"
#include "tileserver/http/router.hpp"
#include "tileserver/http/target.hpp"

namespace {

using namespace ritchi::http;

void require(bool holds) {
  if (!holds) std::abort();
}

void check_target(std::string_view text) {
  try {
    const Target target = parse_target(text);
    require(target.path.front() == '/' && ritchi::base::is_utf8(target.path));
    require(target.path.find('\0') == std::string::npos);
    for (const std::string& segment : target.segments) {
      require(segment != ".." && segment != "." && ritchi::base::is_utf8(segment));
      require(percent_decode(percent_encode(segment), false) == segment);
    }
    for (const auto& [name, value] : target.query) {
      require(ritchi::base::is_utf8(name) && value.find('\0') == std::string::npos);
    }
  } catch (const ritchi::base::Error& error) {
    require(error.kind() == ritchi::base::ErrorKind::bad_input);
  }
}

void check_lists(std::string_view text) {
  for (const Weighted& element : parse_weighted_list(text)) require(element.q >= 0 && element.q <= 1000);
  AcceptedCodings::parse(text);
  const std::string_view language = choose_language(text);
  require(language == "ja" || language == "en");
  Request request;
  request.headers.add("Accept", text);
  request.headers.add("If-None-Match", text);
  request.headers.add("If-Match", text);
  request.headers.add("Accept-Encoding", text);
  request.headers.add("X-Forwarded-For", text);
  request.headers.add("X-Forwarded-Host", text);
  request.headers.add("X-Forwarded-Prefix", text);
  request.accepts({"text/html", "application/json;version=1"});
  not_modified(request, "v1", "");
  if_match_holds(request, "v1");
  Origins origins("", {"10.0.0.0/8"});
  origins.set_local_url("http://local");
  require(origins.public_base_of(true, request.headers).find_first_of("<>\" \r\n") == std::string::npos);
  require(AddressRange::parse(origins.client_of("10.0.0.1", true, request.headers)).has_value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_target(text);
  check_lists(text);
  return 0;
}
