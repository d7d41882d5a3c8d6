// Builds the bytes of one vector tile layer (Mapbox Vector Tile 2.1). A tile of several layers is the
// concatenation of its layers' bytes.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "geodata/geom/tile_geometry.hpp"
#include "geodata/store/feature.hpp"

namespace ritchi::tiles {

class LayerBuilder {
 public:
  LayerBuilder(std::string_view name, std::uint32_t extent);
  ~LayerBuilder();
  LayerBuilder(const LayerBuilder&) = delete;
  LayerBuilder& operator=(const LayerBuilder&) = delete;

  // Keys are numbered in the order in which they are declared; one that no feature uses costs nothing.
  int declare_key(std::string_view name);

  // begin, any number of add, then the next begin. Geometry must be valid by MVT 2.1 (see geom::TileCutter).
  void begin_feature(std::uint64_t id, const geom::TileGeometry& geometry);
  void add(int key, const store::ValueView& value);  // an unknown value is left out

  bool empty() const;
  // Ends the layer. Equal calls give equal bytes.
  std::string finish();

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

}  // namespace ritchi::tiles
