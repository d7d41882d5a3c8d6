// The rows of a published dataset one by one, by id, with all that belongs to them: what a new revision is
// compared with, or made from.
#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "geodata/base/descriptor.hpp"
#include "geodata/load/prepared_row.hpp"
#include "geodata/store/dataset.hpp"
#include "geodata/store/row_extras.hpp"

namespace ritchi::load {

class PublishedRows {
 public:
  // shown: the attributes that rows have, where it is not those that the file was made with; what else
  // belongs to a row is passed over then. Throws Error(damaged | io).
  enum class Which { all, open };  // open: rows and attributes that everybody may see
  explicit PublishedRows(const std::filesystem::path& file, const catalogue::Layer* shown = nullptr,
                         Which which = Which::all);

  const store::Dataset& dataset() const { return *m_dataset; }
  // Steps to the next row; false at the end.
  bool next();
  // Valid until the next step.
  const PreparedRow& row() const { return m_row; }

 private:
  void read_on();

  std::shared_ptr<const store::Dataset> m_whole;
  std::shared_ptr<const store::Dataset> m_dataset;
  base::UniqueDescriptor m_descriptor;
  store::Connection m_connection;
  std::optional<store::ExtrasReader> m_extras_reader;
  store::RowPart m_notes;
  store::RowHasher m_hasher;
  std::vector<store::Feature> m_chunk;
  std::size_t m_at = 0;
  std::int64_t m_last_id = 0;
  std::vector<store::ValueView> m_values;
  std::string m_all_extras;
  std::string m_extras;
  PreparedRow m_row;
};

}  // namespace ritchi::load
