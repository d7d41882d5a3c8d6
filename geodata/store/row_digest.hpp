// Sums up rows as they are written or read again: counts, extent, and a digest of their content that does not
// depend on their order.
#pragma once
#include <array>

#include "geodata/base/digest.hpp"
#include "geodata/catalogue/layer.hpp"
#include "geodata/store/dataset_info.hpp"
#include "geodata/store/feature.hpp"

namespace ritchi::store {

// The revision of the whole covers the sources' checksum and the rejects; that of the public rows must not,
// since both tell of rows that are hidden.
enum class Audience { operators, everybody };

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
  Summary finish(const catalogue::Layer& layer, const DatasetInfo& provenance, Audience audience);

 private:
  base::Sha256 m_digest;
  RowHash m_sum{};  // of the rows' digests, each word modulo 2^64
  Summary m_summary;
};

// In a layer that knows disclosure, only what is expressly public is open to everybody.
bool is_open(const catalogue::Layer& layer, const FeatureView& row);

}  // namespace ritchi::store
