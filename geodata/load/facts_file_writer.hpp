// Writes a file of facts (layout: store/facts_file.hpp).
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "geodata/facts/fact_value.hpp"
#include "geodata/geom/geometry.hpp"
#include "geodata/store/facts_file.hpp"

namespace ritchi::load {

// The rows that facts are of.
struct FactRows {
  std::vector<std::int64_t> ids;  // ascending
  std::vector<geom::Box> boxes;   // empty box: no place
  std::vector<std::uint64_t> shape_ends;
  std::string shapes;  // SpatiaLite blobs, one after the other

  std::size_t size() const { return ids.size(); }
  std::string_view shape(std::size_t row) const;
  void add(std::int64_t id, std::string_view blob);
};

using facts::FactValue;

struct FactValues {
  std::string name;
  store::FactForm form = store::FactForm::number;
  bool of_features = false;  // do its values come of single features
  std::string made_from;
  std::vector<FactValue> rows;
};

// Columns are written as they come, so that memory does not grow with their number.
class FactsFileWriter {
 public:
  // The file must not exist. Throws Error(io), as the others do.
  FactsFileWriter(const std::filesystem::path& file, std::string dataset_revision, const FactRows& rows,
                  const std::vector<store::FactSource>& sources);
  ~FactsFileWriter();
  FactsFileWriter(const FactsFileWriter&) = delete;
  FactsFileWriter& operator=(const FactsFileWriter&) = delete;

  void add(const FactValues& column);
  // Writes the directory and syncs.
  void finish();

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

// A column as a file has it, its sources by their numbers in that file.
FactValues values_of(const store::FactColumn& column);

}  // namespace ritchi::load
