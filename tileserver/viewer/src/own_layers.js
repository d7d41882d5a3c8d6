// Draws layers that the style does not know, such as a user's own files brought in without a declaration.
import { layer_source_url } from "./server.js";

const colours = ["#b5442e", "#3d6fb4", "#8a6d1f", "#7b4fa3", "#2b8a78", "#a83a6d"];

export function add_own_layers(style, layers) {
  const legend = {};
  const known = new Set(style.layers.map((layer) => layer["source-layer"]));
  layers.filter((layer) => !known.has(layer.id)).forEach((layer, index) => {
    const color = colours[index % colours.length];
    const source = `own:${layer.id}`;
    style.sources[source] = { type: "vector", url: layer_source_url([layer.id]) };
    const common = { source, "source-layer": layer.id };
    const is = (type) => ["==", ["geometry-type"], type];
    style.layers.push(
      { ...common, id: `${layer.id}-own-fill`, type: "fill", filter: is("Polygon"), paint: { "fill-color": color, "fill-opacity": 0.3 } },
      { ...common, id: `${layer.id}-own-line`, type: "line", filter: ["!", is("Point")], paint: { "line-color": color, "line-width": 1.4 } },
      { ...common, id: `${layer.id}-own-circle`, type: "circle", filter: is("Point"),
        paint: { "circle-color": color, "circle-radius": ["min", 20, ["+", 4, ["*", 2, ["ln", ["coalesce", ["get", "_count"], 1]]]]], "circle-stroke-color": "#fff", "circle-stroke-width": 1 } },
    );
    const symbol = { point: "circle", line: "line" }[layer.geometry] ?? "fill";
    legend[layer.id] = [{ symbol, color, title: layer.title }];
  });
  return legend;
}
