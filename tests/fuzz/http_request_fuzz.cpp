// rooms: tileserver_http
// Bytes of a connection: however they are cut into pieces, the same requests must come out.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "tileserver/http/request_parser.hpp"

namespace {

using ritchi::http::RequestParser;

// Everything that was understood of a stream fed in pieces of the given size, as one text.
std::string understood(std::string_view bytes, std::size_t piece) {
  RequestParser parser({2048, 1024, 4096});
  std::string out;
  std::string waiting;
  while (true) {
    const std::size_t taken = parser.feed(waiting);
    if (taken > waiting.size()) std::abort();
    waiting.erase(0, taken);
    switch (parser.state()) {
      case RequestParser::State::header_done:
        continue;
      case RequestParser::State::failed:
        return out + "failed " + std::to_string(static_cast<int>(parser.failure().refusal));
      case RequestParser::State::done:
        out.append(parser.request().path).append("|").append(parser.request().body).append("\n");
        parser.reset();
        continue;
      case RequestParser::State::header:
      case RequestParser::State::body:
        break;
    }
    if (bytes.empty()) return out;
    waiting.append(bytes.substr(0, piece));
    bytes.remove_prefix(std::min(piece, bytes.size()));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::string whole = understood(bytes, size + 1);
  const std::string split = understood(bytes, 1);
  // A refusal may name another rule first when bytes come one by one; what was served may not differ.
  const auto served = [](const std::string& text) { return text.substr(0, text.rfind('\n') + 1); };
  if (served(whole) != served(split)) std::abort();
  return 0;
}
