// Polygons as they are drawn and uploaded: rough area, crossings, and the checks of a file from a stranger.
export const limits = { bytes: 5 * 1024 * 1024, corners: 10000, drawn_corners: 200 };

const earth_radius_m = 6371007.2; // of the sphere with the earth's surface
const radians = Math.PI / 180;

function ring_area_m2(ring) {
  let sum = 0;
  for (let i = 0; i < ring.length; i += 1) {
    const [ax, ay] = ring[i];
    const [bx, by] = ring[(i + 1) % ring.length];
    sum += (bx - ax) * radians * (2 + Math.sin(ay * radians) + Math.sin(by * radians));
  }
  return Math.abs(sum * earth_radius_m * earth_radius_m / 2);
}

// On a sphere: half a percent off at most. The server's answer has the exact one.
export function rough_area_m2({ type, coordinates }) {
  const polygons = type === "Polygon" ? [coordinates] : coordinates;
  return polygons.reduce((sum, [outer, ...holes]) => sum + ring_area_m2(outer) - holes.reduce((less, hole) => less + ring_area_m2(hole), 0), 0);
}

export function corners_of({ type, coordinates }) {
  const polygons = type === "Polygon" ? [coordinates] : coordinates;
  return polygons.flat().reduce((sum, ring) => sum + ring.length - 1, 0);
}

function side(a, b, c) {
  return Math.sign((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]));
}

// Do two edges of the closed line through these corners cross? For the few corners that a hand draws.
export function crosses_itself(corners) {
  const edge = (i) => [corners[i], corners[(i + 1) % corners.length]];
  for (let i = 0; i < corners.length; i += 1) {
    for (let j = i + 2; j < corners.length; j += 1) {
      if (i === 0 && j === corners.length - 1) continue; // neighbours round the corner
      const [[a, b], [c, d]] = [edge(i), edge(j)];
      if (side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0) return true;
    }
  }
  return false;
}

// code: a key of the words for it; values: what goes into them.
export class BadShape extends Error {
  constructor(code, values = {}) {
    super(code);
    this.code = code;
    this.values = values;
  }
}

function geometries_of(value, found = []) {
  if (value?.type === "FeatureCollection" && Array.isArray(value.features)) value.features.forEach((one) => geometries_of(one, found));
  else if (value?.type === "Feature") geometries_of(value.geometry, found);
  else if (value?.type === "GeometryCollection" && Array.isArray(value.geometries)) value.geometries.forEach((one) => geometries_of(one, found));
  else if (typeof value?.type === "string") found.push(value);
  return found;
}

const known_systems = /CRS84|EPSG:{1,2}(?:[\d.]*:)?(4326|6668|6697)$/i;

function checked_ring(ring) {
  if (!Array.isArray(ring)) throw new BadShape("not_numbers");
  const out = ring.map((position) => {
    if (!Array.isArray(position) || !Number.isFinite(position[0]) || !Number.isFinite(position[1])) throw new BadShape("not_numbers");
    const [lng, lat] = position;
    if (lng > 20 && lng < 47 && lat > 120 && lat < 156) throw new BadShape("swapped");
    if (Math.abs(lng) > 180 || Math.abs(lat) > 90) throw new BadShape("not_degrees", { x: lng, y: lat });
    if (lng < 120 || lng > 156 || lat < 20 || lat > 47) throw new BadShape("not_japan", { x: lng, y: lat });
    return [lng, lat];
  });
  if (out.length === 0) throw new BadShape("too_few");
  const [first, last] = [out[0], out[out.length - 1]];
  if (first[0] !== last[0] || first[1] !== last[1]) out.push([...first]);
  if (out.length < 4) throw new BadShape("too_few");
  return out;
}

// The polygons in the text of a GeoJSON file as one geometry. Throws BadShape.
export function polygon_of_text(text) {
  let value;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    throw new BadShape("not_json");
  }
  const system = value?.crs?.properties?.name;
  if (system && !known_systems.test(system)) throw new BadShape("other_system", { system: String(system).slice(0, 80) });
  const geometries = geometries_of(value);
  if (geometries.length === 0) throw new BadShape("not_geojson");
  const polygons = geometries.flatMap(({ type, coordinates }) =>
    (!Array.isArray(coordinates) ? [] : type === "Polygon" ? [coordinates] : type === "MultiPolygon" ? coordinates : []));
  if (polygons.length === 0) throw new BadShape("no_polygon", { kind: String(geometries[0].type).slice(0, 40) });
  const count = polygons.reduce((sum, rings) => sum + (Array.isArray(rings) ? rings : []).reduce((inner, ring) => inner + (ring?.length ?? 0), 0), 0);
  if (count > limits.corners) throw new BadShape("too_many", { count, most: limits.corners });
  const checked = polygons.map((rings) => {
    if (!Array.isArray(rings) || rings.length === 0) throw new BadShape("too_few");
    return rings.map(checked_ring);
  });
  return checked.length === 1 ? { type: "Polygon", coordinates: checked[0] } : { type: "MultiPolygon", coordinates: checked };
}
