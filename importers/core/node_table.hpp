// Where the nodes of a network are, for ledgers whose pipes name their nodes and have no shape of their own.
#pragma once
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "geodata/geom/geometry.hpp"
#include "importers/core/profile_place.hpp"
#include "importers/core/source.hpp"

namespace ritchi::importers {

class NodeTable {
 public:
  struct Node {
    geom::Point at;
    std::string crs;     // empty where the source does not say
    bool plane = false;  // metres of a plane in columns, which only a declared system places
    bool authority_axes = false;
    bool ambiguous = false;  // the table has it at two places
    Message fault;           // why its row has no place
  };

  // True for a layer that has nodes and no pipes: such rows are no records.
  static bool is_table(const GeometryFrom& from, const SourceLayer& layer);
  // Reads all such layers of a source.
  void add(const GeometryFrom& from, Source& source);

  bool empty() const { return m_nodes.empty(); }
  // True where some coordinates are of a plane that the source does not name.
  bool needs_plane() const { return m_needs_plane; }
  // Null where nobody knows the node.
  const Node* find(std::string_view id) const;

 private:
  std::unordered_map<std::string, Node> m_nodes;  // by folded id
  bool m_needs_plane = false;
};

}  // namespace ritchi::importers
