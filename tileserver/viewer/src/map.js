// The map itself: where it starts, what a click finds, and the mark round the chosen feature.
import maplibregl from "maplibre-gl/dist/maplibre-gl-csp.js";
import { language, text } from "./texts.js";

maplibregl.setWorkerUrl(new URL(WORKER_PATH, document.baseURI).href);

const words = {
  ja: { "NavigationControl.ZoomIn": "拡大", "NavigationControl.ZoomOut": "縮小", "ScaleControl.Kilometers": "km", "ScaleControl.Meters": "m" },
  en: {},
};

export function union_of_bounds(layers) {
  let union = null;
  for (const { bounds } of layers) {
    if (!Array.isArray(bounds) || bounds.length !== 4 || !bounds.every(Number.isFinite)) continue;
    union = union === null ? [...bounds] : [
      Math.min(union[0], bounds[0]), Math.min(union[1], bounds[1]), Math.max(union[2], bounds[2]), Math.max(union[3], bounds[3])];
  }
  return union;
}

// view: {zoom, center} of the address, before the bounds.
export function make_map(container, style, { view, bounds }, rewrite) {
  const map = new maplibregl.Map({
    container,
    style,
    ...(view ?? (bounds ? { bounds, fitBoundsOptions: { padding: 24, maxZoom: 13 } } : {})),
    attributionControl: false, // the page's foot names the sources, as text
    transformRequest: rewrite,
    locale: { ...words[language], "Map.Title": text.map },
    // The map is flat and north is up; no fading spares weak machines half of their frames.
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    maxPitch: 0,
    renderWorldCopies: false,
    fadeDuration: 0,
    minZoom: 4,
    maxZoom: 19,
    pixelRatio: Math.min(window.devicePixelRatio || 1, 2),
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new maplibregl.ScaleControl({ maxWidth: 120 }), "bottom-right");
  return map;
}

// One entry per feature, topmost first; the municipality, which is everywhere, comes last.
export function features_at(map, point, known) {
  const reach = 5;
  const box = [[point.x - reach, point.y - reach], [point.x + reach, point.y + reach]];
  const seen = new Set();
  const found = map.queryRenderedFeatures(box).filter((feature) => {
    // What stands for several has no id and may be in two tiles; _dropped is of the tile.
    const key = `${feature.sourceLayer}/${feature.id ?? JSON.stringify({ ...feature.properties, _dropped: undefined })}`;
    if (!known.has(feature.sourceLayer) || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
  const last = (feature) => (feature.sourceLayer === "municipalities" ? 1 : 0);
  return found.sort((a, b) => last(a) - last(b)).slice(0, 20);
}

const mark_ids = ["chosen-casing", "chosen-line", "chosen-circle"];

// What stands for several has no id: it is known by what it says, but for _dropped, which is of the tile.
function itself({ id, properties }) {
  if (id !== undefined) return ["==", ["id"], id];
  return ["all", ...Object.entries(properties).filter(([key]) => key !== "_dropped").map(([key, value]) => ["==", ["get", key], value])];
}

export function mark_feature(map, feature) {
  for (const id of mark_ids) if (map.getLayer(id)) map.removeLayer(id);
  if (!feature) return;
  const common = { source: feature.source, "source-layer": feature.sourceLayer, filter: itself(feature) };
  const is_point = feature.geometry.type.endsWith("Point");
  if (!is_point) {
    // A line is framed, not painted over: its own colour is what one wants to see.
    const frame = feature.geometry.type.endsWith("LineString") ? { "line-gap-width": 7 } : {};
    map.addLayer({ ...common, id: "chosen-casing", type: "line", paint: { ...frame, "line-color": "#ffffff", "line-width": 5.5, "line-opacity": 0.9 } });
    map.addLayer({ ...common, id: "chosen-line", type: "line", paint: { ...frame, "line-color": "#101820", "line-width": 2.4 } });
  }
  // A site far out is a sign, not a shape: ring it as a point is ringed.
  if (is_point || feature.layer.type === "symbol") {
    map.addLayer({ ...common, id: "chosen-circle", type: "circle", ...(is_point ? {} : { maxzoom: 9 }),
      paint: { "circle-radius": 11, "circle-opacity": 0, "circle-stroke-color": "#101820", "circle-stroke-width": 2.4 } });
  }
}

export function switch_layer(map, id, visible) {
  for (const layer of map.getStyle().layers) {
    if (layer["source-layer"] === id) map.setLayoutProperty(layer.id, "visibility", visible ? "visible" : "none");
  }
}
