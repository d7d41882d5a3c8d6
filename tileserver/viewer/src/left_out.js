// Says how many features the tiles in view leave out because they are crowded or too small to be seen.
import { number_text } from "./format.js";
import { text } from "./texts.js";

// Of the layers that are drawn at this zoom; a tile says it once for each layer, in its first feature.
export function count_left_out(map) {
  const zoom = map.getZoom();
  const drawn = new Map();
  for (const layer of map.getStyle().layers) {
    const shown = layer.layout?.visibility !== "none" && zoom >= (layer.minzoom ?? 0) && zoom < (layer.maxzoom ?? 24);
    if (layer["source-layer"] && shown) drawn.set(`${layer.source}/${layer["source-layer"]}`, layer);
  }
  let sum = 0;
  for (const { source, "source-layer": sourceLayer } of drawn.values()) {
    for (const feature of map.querySourceFeatures(source, { sourceLayer, filter: ["has", "_dropped"] })) sum += feature.properties._dropped;
  }
  return sum;
}

export function watch_left_out(map, note) {
  map.on("idle", () => {
    const count = count_left_out(map);
    note.textContent = count > 0 ? text.left_out(number_text(count)) : "";
  });
}
