#include "tileserver/http/negotiation.hpp"

#include <algorithm>
#include <optional>

#include "geodata/base/text.hpp"
#include "tileserver/http/headers.hpp"

namespace ritchi::http {

namespace {

constexpr std::size_t max_elements = 64;

std::string_view trim(std::string_view text) noexcept {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// "0", "1", "0.5", "0.333", "1.000"; nullopt for anything else.
std::optional<int> parse_q(std::string_view text) noexcept {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return std::nullopt;
  int q = (text[0] - '0') * 1000;
  if (text.size() == 1) return q;
  if (text[1] != '.') return std::nullopt;
  int unit = 100;
  for (const char c : text.substr(2)) {
    if (c < '0' || c > '9') return std::nullopt;
    q += (c - '0') * unit;
    unit /= 10;
  }
  if (q > 1000) return std::nullopt;
  return q;
}

// Cuts the text before the next separator that is not inside quotes.
std::string_view take_until(std::string_view& text, char separator) noexcept {
  bool quoted = false;
  std::size_t i = 0;
  for (; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted && c == '\\') {
      ++i;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == separator && !quoted) {
      break;
    }
  }
  i = std::min(i, text.size());
  const std::string_view piece = text.substr(0, i);
  text.remove_prefix(std::min(text.size(), i + 1));
  return trim(piece);
}

std::optional<Weighted> parse_element(std::string_view element) {
  Weighted weighted;
  weighted.value = take_until(element, ';');
  if (weighted.value.empty()) return std::nullopt;
  while (!element.empty()) {
    const std::string_view parameter = take_until(element, ';');
    if (parameter.size() >= 2 && (parameter[0] == 'q' || parameter[0] == 'Q') && parameter[1] == '=') {
      const std::optional<int> q = parse_q(parameter.substr(2));
      if (!q) return std::nullopt;
      weighted.q = *q;
      break;  // what follows q are extensions of Accept that nobody uses
    }
    if (!parameter.empty()) weighted.parameters.push_back(parameter);
  }
  return weighted;
}

struct MediaType {
  std::string_view type;
  std::string_view subtype;
  std::vector<std::string_view> parameters;
};

MediaType split_media_type(std::string_view text) {
  MediaType media;
  const std::string_view name = take_until(text, ';');
  const std::size_t slash = name.find('/');
  media.type = name.substr(0, slash);
  if (slash != name.npos) media.subtype = name.substr(slash + 1);
  while (!text.empty()) {
    const std::string_view parameter = take_until(text, ';');
    if (!parameter.empty()) media.parameters.push_back(parameter);
  }
  return media;
}

// How closely a range names an offer: 0 not at all, 1 "*/*", 2 "type/*", 3 the type, 4 and more with
// parameters.
std::size_t closeness(const Weighted& range, const MediaType& offer) {
  const std::size_t slash = range.value.find('/');
  const std::string_view type = range.value.substr(0, slash);
  const std::string_view subtype = slash == range.value.npos ? "*" : range.value.substr(slash + 1);
  if (type == "*") return 1;
  if (!equal_ignoring_case(type, offer.type)) return 0;
  if (subtype == "*") return 2;
  if (!equal_ignoring_case(subtype, offer.subtype)) return 0;
  for (const std::string_view wanted : range.parameters) {
    const bool offered = std::ranges::any_of(
        offer.parameters, [wanted](std::string_view have) { return equal_ignoring_case(have, wanted); });
    if (!offered) return 0;
  }
  return 3 + range.parameters.size();
}

}  // namespace

std::vector<Weighted> parse_weighted_list(std::string_view field) {
  std::vector<Weighted> list;
  for (std::size_t i = 0; i < max_elements && !field.empty(); ++i) {
    if (std::optional<Weighted> weighted = parse_element(take_until(field, ','))) {
      list.push_back(std::move(*weighted));
    }
  }
  return list;
}

AcceptedCodings AcceptedCodings::identity_only() noexcept {
  AcceptedCodings codings;
  codings.m_q[static_cast<std::size_t>(Coding::identity)] = 1000;
  return codings;
}

AcceptedCodings AcceptedCodings::parse(std::string_view accept_encoding) {
  std::array<std::optional<int>, 4> named;
  std::optional<int> others;
  for (const Weighted& element : parse_weighted_list(accept_encoding)) {
    if (element.value == "*") others = element.q;
    for (const Coding coding : {Coding::identity, Coding::gzip, Coding::br, Coding::zstd}) {
      const bool is_it = equal_ignoring_case(element.value, name_of(coding)) ||
                         (coding == Coding::gzip && equal_ignoring_case(element.value, "x-gzip"));
      if (is_it) named[static_cast<std::size_t>(coding)] = element.q;
    }
  }
  AcceptedCodings codings;
  for (std::size_t i = 0; i < named.size(); ++i) codings.m_q[i] = named[i].value_or(others.value_or(0));
  // Identity is acceptable unless it is refused, but liked less than anything that was named.
  constexpr auto identity = static_cast<std::size_t>(Coding::identity);
  if (!named[identity] && others != 0) codings.m_q[identity] = 1;
  return codings;
}

AcceptedCodings accepted_codings(const Request& request) {
  if (!request.headers.has("Accept-Encoding")) return AcceptedCodings::identity_only();
  return AcceptedCodings::parse(request.headers.get("Accept-Encoding"));
}

std::string_view choose_media_type(std::string_view accept, const std::vector<std::string_view>& offers) {
  if (offers.empty()) return {};
  const std::vector<Weighted> ranges = parse_weighted_list(accept);
  if (ranges.empty()) return offers.front();
  std::string_view best;
  int best_q = 0;
  for (const std::string_view offer : offers) {
    const MediaType media = split_media_type(offer);
    std::size_t closest = 0;
    int q = 0;
    for (const Weighted& range : ranges) {
      const std::size_t close = closeness(range, media);
      if (close > closest) {
        closest = close;
        q = range.q;
      }
    }
    if (q > best_q) {
      best_q = q;
      best = offer;
    }
  }
  return best;
}

std::string_view choose_language(std::string_view accept_language) {
  std::optional<int> ja;
  std::optional<int> en;
  int others = 0;
  bool ja_first = true;
  for (const Weighted& element : parse_weighted_list(accept_language)) {
    const std::string_view primary = element.value.substr(0, element.value.find('-'));
    if (equal_ignoring_case(primary, "ja")) {
      ja = std::max(ja.value_or(0), element.q);
    } else if (equal_ignoring_case(primary, "en")) {
      if (!ja && !en) ja_first = false;
      en = std::max(en.value_or(0), element.q);
    } else if (element.value == "*") {
      others = element.q;
    }
  }
  const int ja_q = ja.value_or(others);
  const int en_q = en.value_or(others);
  if (ja == 0 && en != 0) return "en";  // Japanese refused
  if (ja_q == en_q) return ja_first || en_q == 0 ? "ja" : "en";
  return ja_q > en_q ? "ja" : "en";
}

}  // namespace ritchi::http
