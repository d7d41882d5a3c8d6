// From a validated record to the row that is stored: computed attributes filled, the shape encoded, all
// hashed.
#pragma once
#include <string>
#include <vector>

#include "geodata/catalogue/layer.hpp"
#include "geodata/load/dataset_writer.hpp"
#include "geodata/load/prepared_row.hpp"
#include "geodata/store/row_digest.hpp"

namespace ritchi::load {

class RowPreparer {
 public:
  // layer must outlive it.
  explicit RowPreparer(const catalogue::Layer& layer) : m_layer(layer) {}
  // As encode_row makes it; valid until the next call.
  const std::string& prepare(const Record& record);

 private:
  void fill_values(const Record& record);
  void encode_shape(const std::optional<geom::Geometry>& geometry);

  const catalogue::Layer& m_layer;
  store::RowHasher m_hasher;
  std::string m_blob;
  std::string m_extras;
  std::string m_row;
  geom::Geometry m_promoted;
  std::vector<store::ValueView> m_values;
};

}  // namespace ritchi::load
