// GEOS behind RAII: one reentrant context per thread, owned geometries, and the way to flat geometries and
// back.
#pragma once
#include <memory>
#include <string>

#include "geodata/geom/geometry.hpp"

// GEOS's own handles, named here so that its header stays in the .cpp files.
struct GEOSGeom_t;
struct GEOSContextHandle_HS;

namespace ritchi::geom {

using GeosHandle = GEOSContextHandle_HS*;

class GeosContext {
 public:
  // The calling thread's context; lives until the thread ends.
  static GeosContext& of_this_thread();

  GeosContext();
  ~GeosContext();
  GeosContext(const GeosContext&) = delete;
  GeosContext& operator=(const GeosContext&) = delete;

  GeosHandle handle() const { return m_handle; }
  // The last error's text since the last take.
  std::string take_error();

 private:
  GeosHandle m_handle;
  std::string m_error;
};

struct GeosDelete {
  void operator()(GEOSGeom_t* geometry) const;
};
// Destroy on the thread that made it.
using GeosPtr = std::unique_ptr<GEOSGeom_t, GeosDelete>;

// Null where GEOS refuses (rings that are too short or not closed).
GeosPtr to_geos(const Geometry& geometry);

// Appends the parts of the wanted kind, collections searched through; others are left out.
void append_from_geos(const GEOSGeom_t* source, Geometry& out);

}  // namespace ritchi::geom
