// Well-known binary to and from flat geometries (ISO and EWKB flags read, ISO 2D little endian written).
#pragma once
#include <cstddef>
#include <span>
#include <string>

#include "geodata/geom/geometry.hpp"

namespace ritchi::geom {

// Empty geometries are written as the empty form of their type (POINT EMPTY as MULTIPOINT EMPTY).
std::string encode_wkb(const Geometry& geometry);

// Replaces out (keeping its capacity). Z and M are dropped, an EWKB SRID is skipped. Truncated, oversized or
// nonsensical input throws Error(damaged); collections and curves throw Error(unsupported).
void decode_wkb(std::span<const std::byte> wkb, Geometry& out);

}  // namespace ritchi::geom
