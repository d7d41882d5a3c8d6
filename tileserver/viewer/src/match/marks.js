// The sites found, on the map: outlines and signs with their rank, and the chosen one.
import { bounds_of, collection, feature, make_overlay, middle_of } from "../overlay.js";
import { bring_in_sight, fit_in_sight, is_in_sight } from "../sight.js";

const is_chosen = ["==", ["get", "chosen"], true];

export function make_marks(map, styled, on_choose) {
  const area = make_overlay(map, styled, "match-area", [
    { type: "line", paint: { "line-color": "#0b7285", "line-width": 2, "line-dasharray": [3, 2] } },
  ]);
  const shapes = make_overlay(map, styled, "match-shapes", [
    { type: "fill", paint: { "fill-color": "#f0a202", "fill-opacity": ["case", is_chosen, 0.45, 0.22] } },
    { type: "line", paint: { "line-color": ["case", is_chosen, "#101820", "#a66300"], "line-width": ["case", is_chosen, 3, 1.6] } },
  ]);
  const signs = make_overlay(map, styled, "match-signs", [
    { type: "circle", layout: { "circle-sort-key": ["get", "order"] }, paint: { "circle-radius": ["case", is_chosen, 13, 9.5], "circle-color": ["case", is_chosen, "#101820", "#f0a202"],
      "circle-stroke-color": "#ffffff", "circle-stroke-width": 1.8 } },
    { type: "symbol", layout: { "symbol-sort-key": ["-", ["get", "order"]], "text-field": ["get", "rank"], "text-font": ["sans-serif"], "text-size": 11, "text-allow-overlap": false },
      paint: { "text-color": ["case", is_chosen, "#ffffff", "#2b1d00"] } },
  ]);
  let sites = [];
  let chosen = null;

  function draw() {
    const properties = (site) => ({ site: String(site.id), rank: String(site.rank), order: site.id === chosen ? 1e6 : 1e5 - site.rank, chosen: site.id === chosen });
    shapes.show(collection(...sites.filter(({ geometry }) => geometry && !geometry.type.endsWith("Point")).map((site) => feature(site.geometry, properties(site)))));
    signs.show(collection(...sites.filter(({ geometry }) => geometry)
      .map((site) => feature({ type: "Point", coordinates: middle_of(site.geometry) }, properties(site)))));
  }

  return {
    show(found) {
      sites = found;
      chosen = null;
      draw();
    },
    show_area: (polygon) => area.show(polygon ? collection(feature(polygon)) : collection()),
    fit() {
      const box = bounds_of(sites.map(({ geometry }) => geometry));
      if (box) fit_in_sight(map, box, 14);
    },
    // Brings the chosen one into sight when it is not.
    choose(id) {
      chosen = id;
      draw();
      const middle = middle_of(sites.find((site) => site.id === id)?.geometry);
      if (!middle) return;
      if (!is_in_sight(map, middle) || map.getZoom() < 9) bring_in_sight(map, middle, Math.max(map.getZoom(), 11));
    },
    // Whether a sign or an outline is there; if so it is chosen.
    take_click(point) {
      if (sites.length === 0) return false;
      const ids = [...signs.ids, ...shapes.ids].filter((id) => map.getLayer(id));
      const [hit] = ids.length > 0 ? map.queryRenderedFeatures([[point.x - 4, point.y - 4], [point.x + 4, point.y + 4]], { layers: ids }) : [];
      if (!hit) return false;
      on_choose(sites.find((site) => String(site.id) === hit.properties.site)?.id);
      return true;
    },
  };
}
