// Shapes of the page's own over the map: what is drawn, asked about or found.
export const nothing = { type: "FeatureCollection", features: [] };

export function feature(geometry, properties = {}, id = undefined) {
  return { type: "Feature", ...(id === undefined ? {} : { id }), properties, geometry };
}

export function collection(...features) {
  return { type: "FeatureCollection", features };
}

// layers: MapLibre layers without id and source. styled: resolves when the map's style is there.
export function make_overlay(map, styled, name, layers) {
  let latest = nothing;
  const put = () => {
    const source = map.getSource(name);
    if (source) source.setData(latest);
    else if (latest !== nothing) {
      map.addSource(name, { type: "geojson", data: latest });
      layers.forEach((layer, index) => map.addLayer({ ...layer, id: `${name}-${index}`, source: name }));
    }
  };
  const show = (data) => {
    latest = data;
    styled.then(put);
  };
  return { ids: layers.map((_, index) => `${name}-${index}`), show, clear: () => show(nothing) };
}

// [west, south, east, north] of any GeoJSON, or null.
export function bounds_of(geojson) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  const visit = (part) => {
    if (typeof part?.[0] === "number") {
      box[0] = Math.min(box[0], part[0]);
      box[1] = Math.min(box[1], part[1]);
      box[2] = Math.max(box[2], part[0]);
      box[3] = Math.max(box[3], part[1]);
    } else if (Array.isArray(part)) part.forEach(visit);
    else if (part && typeof part === "object") [part.features, part.geometry, part.geometries, part.coordinates].forEach(visit);
  };
  visit(geojson);
  return box[0] <= box[2] ? box : null;
}

// A point to stand for a shape: inside its largest ring where that is convex, near it otherwise.
export function middle_of(geometry) {
  if (!geometry) return null;
  if (geometry.type === "Point") return geometry.coordinates;
  const rings = geometry.type === "Polygon" ? [geometry.coordinates[0]]
    : geometry.type === "MultiPolygon" ? geometry.coordinates.map((polygon) => polygon[0]) : [];
  let best = null;
  for (const ring of rings) {
    const [x0, y0] = ring[0];
    let twice = 0, x = 0, y = 0;
    for (let i = 0; i + 1 < ring.length; i += 1) {
      const [ax, ay, bx, by] = [ring[i][0] - x0, ring[i][1] - y0, ring[i + 1][0] - x0, ring[i + 1][1] - y0];
      const cross = ax * by - bx * ay;
      twice += cross;
      x += (ax + bx) * cross;
      y += (ay + by) * cross;
    }
    if (twice !== 0 && (!best || Math.abs(twice) > best.size)) {
      best = { size: Math.abs(twice), at: [x0 + x / (3 * twice), y0 + y / (3 * twice)] };
    }
  }
  if (best) return best.at;
  const box = bounds_of(geometry);
  return box && [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
}
