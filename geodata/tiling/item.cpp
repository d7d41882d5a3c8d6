#include "geodata/tiling/item.hpp"

#include "geodata/base/bytes.hpp"

namespace ritchi::tiling {

using base::put_bytes;
using base::put_text;

void encode_item(const Item& item, std::string& out) {
  out.clear();
  put_bytes(out, item.form);
  put_bytes(out, item.id);
  put_bytes(out, item.rank);
  put_bytes(out, item.digest);
  put_bytes(out, item.place);
  if (item.form == Form::small) put_bytes(out, item.area);
  if (item.form == Form::lost) return;
  put_text(out, item.path);
  put_text(out, item.values);
}

Item decode_item(std::string_view bytes) {
  base::ByteTaker taker(bytes);
  Item out;
  out.form = taker.number<Form>();
  out.id = taker.number<std::int64_t>();
  out.rank = taker.number<double>();
  out.digest = taker.number<std::uint64_t>();
  out.place = taker.number<geom::TilePoint>();
  if (out.form == Form::small) out.area = taker.number<double>();
  if (out.form == Form::lost) return out;
  out.path = taker.text();
  out.values = taker.text();
  return out;
}

}  // namespace ritchi::tiling
