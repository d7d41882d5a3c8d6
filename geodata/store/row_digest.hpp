// Sums up rows as they are written or read again: counts, extent, and a digest of their content that does not
// depend on their order.
#pragma once
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "geodata/base/digest.hpp"
#include "geodata/catalogue/layer.hpp"
#include "geodata/store/dataset_info.hpp"
#include "geodata/store/feature.hpp"

namespace ritchi::store {

// The revision of the whole covers the sources' checksum and the rejects; that of the rows which somebody
// sees must not, since both tell of rows that are hidden.
enum class Rows { whole, part };

using RowHash = std::array<std::uint64_t, 4>;

// The digest of one row: every value, the shape, and what else belongs to it (see row_extras.hpp).
class RowHasher {
 public:
  RowHash of(const FeatureView& row, std::string_view extras);

 private:
  base::Sha256 m_digest;
};

class RowDigest {
 public:
  void add(const FeatureView& row, const RowHash& hash);
  // The object is spent afterwards.
  Summary finish(const catalogue::Layer& layer, const DatasetInfo& provenance, Rows rows);

 private:
  base::Sha256 m_digest;
  RowHash m_sum{};  // of the rows' digests, each word modulo 2^64
  Summary m_summary;
};

// In a layer that knows disclosure, only what is expressly public is open to everybody.
bool is_open(const catalogue::Layer& layer, const FeatureView& row);

// Rows with some of their attributes alone, as those see them who have no others.
class RowPart {
 public:
  // part: of the whole layer; the whole must outlive this.
  RowPart(const catalogue::Layer& whole, catalogue::Layer part);
  const catalogue::Layer& layer() const { return m_part; }
  bool is_whole() const { return m_columns.size() == m_whole.attributes.size(); }
  // Borrowed until the next call.
  FeatureView of(const FeatureView& row);
  // Without notes about what is not in the part.
  std::string_view extras(std::string_view encoded);
  RowHash hash(const FeatureView& row, std::string_view encoded_extras);

 private:
  const catalogue::Layer& m_whole;
  catalogue::Layer m_part;
  std::vector<std::size_t> m_columns;
  std::vector<ValueView> m_values;
  std::string m_extras;
  RowHasher m_hasher;
};

}  // namespace ritchi::store
