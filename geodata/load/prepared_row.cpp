#include "geodata/load/prepared_row.hpp"

#include "geodata/base/bytes.hpp"

namespace ritchi::load {
namespace {

using base::put_bytes;
using base::put_text;
using store::ValueView;

enum Flag : unsigned char { synthetic = 1, deleted = 2 };

void put_value(std::string& out, const ValueView& value) {
  put_bytes(out, static_cast<std::uint8_t>(value.index()));
  if (const auto* flag = std::get_if<bool>(&value))
    put_bytes(out, *flag);
  else if (const auto* whole = std::get_if<std::int64_t>(&value))
    put_bytes(out, *whole);
  else if (const auto* real = std::get_if<double>(&value))
    put_bytes(out, *real);
  else if (const auto* text = std::get_if<std::string_view>(&value))
    put_text(out, *text);
}

ValueView take_value(base::ByteTaker& from) {
  switch (from.number<std::uint8_t>()) {
    case 1:
      return from.number<bool>();
    case 2:
      return from.number<std::int64_t>();
    case 3:
      return from.number<double>();
    case 4:
      return from.text();
    default:
      return {};
  }
}

}  // namespace

void encode_row(const PreparedRow& row, std::string& out) {
  out.clear();
  const auto& feature = row.feature;
  put_bytes(out,
            static_cast<unsigned char>((feature.synthetic ? synthetic : 0) | (row.deleted ? deleted : 0)));
  put_text(out, feature.source_id);
  for (const std::uint64_t word : row.hash) put_bytes(out, word);
  put_text(out, {reinterpret_cast<const char*>(feature.geometry.data()), feature.geometry.size()});
  put_text(out, row.extras);
  put_bytes(out, static_cast<std::uint32_t>(feature.values.size()));
  for (const ValueView& value : feature.values) put_value(out, value);
}

PreparedRow decode_row(std::int64_t id, std::string_view bytes, std::vector<ValueView>& values) {
  base::ByteTaker from(bytes);
  PreparedRow out;
  const auto flags = from.number<unsigned char>();
  out.feature.id = id;
  out.feature.synthetic = (flags & synthetic) != 0;
  out.deleted = (flags & deleted) != 0;
  out.feature.source_id = from.text();
  for (std::uint64_t& word : out.hash) word = from.number<std::uint64_t>();
  const std::string_view geometry = from.text();
  out.feature.geometry = {reinterpret_cast<const std::byte*>(geometry.data()), geometry.size()};
  out.extras = from.text();
  values.resize(from.number<std::uint32_t>());
  for (ValueView& value : values) value = take_value(from);
  out.feature.values = values;
  return out;
}

}  // namespace ritchi::load
