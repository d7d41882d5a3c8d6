#include "geodata/tiling/value.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>

#include "geodata/base/error.hpp"
#include "geodata/tiling/wire.hpp"

namespace ritchi::tiling {
namespace {

enum Field : std::uint32_t {
  string_value = 1,
  float_value = 2,
  double_value = 3,
  int_value = 4,
  uint_value = 5,
  sint_value = 6,
  bool_value = 7
};

template <class Number>
void put_fixed(std::string& out, std::uint32_t field, WireType type, Number number) {
  put_key(out, field, type);
  out.append(reinterpret_cast<const char*>(&number), sizeof number);
}

void put_whole(std::string& out, std::int64_t whole) {
  if (whole >= 0)
    put_varint_field(out, uint_value, static_cast<std::uint64_t>(whole));
  else
    put_varint_field(out, sint_value, zigzag(whole));
}

void put_real(std::string& out, double real) {
  if (!std::isfinite(real)) return;  // JSON knows none, and neither do clients
  // As varints, whole numbers up to here take no more bytes than a float, and up to there no more than eight.
  constexpr double as_float = 1 << 28;
  constexpr double as_double = 562949953421312.0;  // 2^49
  const bool whole = real == std::trunc(real) && !(real == 0 && std::signbit(real));
  const double size = real < 0 ? -2 * real : real;  // as folded
  if (whole && size < as_float) return put_whole(out, static_cast<std::int64_t>(real));
  if (std::fabs(real) <= std::numeric_limits<float>::max() &&
      static_cast<double>(static_cast<float>(real)) == real)
    return put_fixed(out, float_value, WireType::fixed32, static_cast<float>(real));
  if (whole && size < as_double) return put_whole(out, static_cast<std::int64_t>(real));
  put_fixed(out, double_value, WireType::fixed64, real);
}

template <class Number>
Number fixed(std::string_view bytes) {
  Number out{};
  std::memcpy(&out, bytes.data(), sizeof out);
  return out;
}

std::optional<double> any_number_in(std::string_view value) {
  if (value.empty()) return std::nullopt;
  WireReader reader(value);
  switch (reader.varint() >> 3U) {
    case float_value:
      return static_cast<double>(fixed<float>(reader.bytes(sizeof(float))));
    case double_value:
      return fixed<double>(reader.bytes(sizeof(double)));
    case int_value:
      return static_cast<double>(static_cast<std::int64_t>(reader.varint()));
    case uint_value:
      return static_cast<double>(reader.varint());
    case sint_value: {
      const std::uint64_t folded = reader.varint();
      return static_cast<double>(static_cast<std::int64_t>(folded >> 1U) ^
                                 -static_cast<std::int64_t>(folded & 1U));
    }
    default:
      return std::nullopt;
  }
}

// A text that only repeats the id says nothing that the feature's own id does not.
bool repeats_id(const store::FeatureView& feature) {
  char buffer[24];
  const auto end = std::to_chars(std::begin(buffer), std::end(buffer), feature.id).ptr;
  return feature.source_id == std::string_view(buffer, static_cast<std::size_t>(end - buffer));
}

}  // namespace

void encode_value(const store::ValueView& value, std::string& out) {
  if (const auto* text = std::get_if<std::string_view>(&value))
    put_bytes_field(out, string_value, *text);
  else if (const auto* flag = std::get_if<bool>(&value))
    put_varint_field(out, bool_value, *flag ? 1 : 0);
  else if (const auto* whole = std::get_if<std::int64_t>(&value))
    put_whole(out, *whole);
  else if (const auto* real = std::get_if<double>(&value))
    put_real(out, *real);
}

std::string encode_value(const store::ValueView& value) {
  std::string out;
  encode_value(value, out);
  return out;
}

std::optional<double> number_in(std::string_view value) {
  const auto number = any_number_in(value);
  return number && std::isfinite(*number) ? number : std::nullopt;
}

std::int64_t count_in(std::string_view value) {
  constexpr double most = 1099511627776.0;  // 2^40: more than any layer has, and far from running over
  const double number = number_in(value).value_or(1);
  if (!(number >= 0 && number <= most && number == std::trunc(number)))
    throw base::Error(base::ErrorKind::damaged, "a feature of a tile stands for no whole number of features");
  return static_cast<std::int64_t>(number);
}

void put_value(std::string& list, std::string_view value) {
  put_varint(list, value.size());
  list.append(value);
}

void take_values(std::string_view list, ValueList& out) {
  out.clear();
  WireReader reader(list);
  while (!reader.at_end()) out.push_back(reader.bytes(reader.varint()));
}

TileKeys::TileKeys(const catalogue::Layer& layer) : m_names{"source_id", "synthetic"} {
  for (std::size_t i = 0; i < layer.attributes.size(); ++i) {
    if (!layer.attributes[i].in_tiles) continue;
    m_names.push_back(layer.attributes[i].name);
    m_attributes.push_back(i);
  }
}

std::size_t TileKeys::find(std::string_view name) const {
  return static_cast<std::size_t>(std::find(m_names.begin(), m_names.end(), name) - m_names.begin());
}

void TileKeys::encode(const store::FeatureView& feature, std::string& list) const {
  list.clear();
  thread_local std::string value;
  const auto put = [&](const store::ValueView& of) {
    value.clear();
    encode_value(of, value);
    put_value(list, value);
  };
  put(repeats_id(feature) ? store::ValueView{} : store::ValueView{feature.source_id});
  put(feature.synthetic);
  for (const std::size_t attribute : m_attributes) put(feature.values[attribute]);
}

}  // namespace ritchi::tiling
