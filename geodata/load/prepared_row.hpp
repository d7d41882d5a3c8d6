// One row ready to be stored, as bytes that can wait on disk until all rows are known and in order.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "geodata/store/feature.hpp"
#include "geodata/store/row_digest.hpp"

namespace ritchi::load {

// Borrowed from the bytes it was read from.
struct PreparedRow {
  store::FeatureView feature;
  store::RowHash hash{};
  std::string_view extras;  // as store::encode_extras makes them
  bool deleted = false;     // takes the row of this key away; all else but the key is empty
};

void encode_row(const PreparedRow& row, std::string& out);

// The row's values live in `values` and in the bytes. Bytes that encode_row did not make are not expected.
PreparedRow decode_row(std::int64_t id, std::string_view bytes, std::vector<store::ValueView>& values);

}  // namespace ritchi::load
