// The part of a dataset's file that one audience sees. For the parts of Dataset alone.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "geodata/store/dataset_file.hpp"

namespace ritchi::store {

struct Seen {
  std::shared_ptr<const DatasetFile> file;
  Visibility visibility;
  bool whole = false;  // the file itself: nothing is hidden
  bool is_public = false;
  DatasetInfo info;
  catalogue::Layer layer;

  // By the seen layer's attributes.
  struct Column {
    int at = 0;
    bool only_at_home = false;
  };
  std::vector<Column> columns;
  bool masks = false;    // is any only at home
  std::string no_tiles;  // why those prepared do not fit; empty: they do
  bool differs_everywhere = false;
  std::vector<geom::Box> differences;  // of rows that are seen and not in the tiles, or the other way round

  Seen(std::shared_ptr<const DatasetFile> of, Visibility by, const catalogue::Layer& part);
};

// What an audience sees of it, found by reading every row. Throws Error(damaged | io).
std::unique_ptr<Seen> look_through(const std::shared_ptr<const DatasetFile>& file, Visibility visibility,
                                   const catalogue::Layer& part, std::int64_t& reserved);

}  // namespace ritchi::store
