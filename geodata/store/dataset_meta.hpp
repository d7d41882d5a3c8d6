// The table that every dataset file carries about itself; written by load, read by store.
#pragma once
#include <string>

#include "geodata/catalogue/layer.hpp"
#include "geodata/store/dataset_info.hpp"
#include "geodata/store/sqlite.hpp"

namespace ritchi::store {

// Of the whole file: a reader refuses files of a later layout.
inline constexpr int layout_version = 1;
inline constexpr const char* meta_table = "ritchi_dataset";

struct DatasetMeta {
  DatasetInfo info;
  catalogue::Layer layer;  // as it was declared when the file was made
};

// The declaration as it is stored.
std::string layer_text(const catalogue::Layer& layer);
void write_meta(const Connection& connection, const DatasetMeta& meta);
// Throws Error(damaged) where the file is not a dataset of this layout.
DatasetMeta read_meta(const Connection& connection, const std::string& where);

}  // namespace ritchi::store
