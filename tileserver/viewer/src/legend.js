// The list of layers: a switch for each, and below it what its colours and signs mean.
import { element, svg } from "./dom.js";
import { format_count, yen } from "./format.js";
import { text, titled } from "./texts.js";

function swatch(entry) {
  const node = svg("svg", { viewBox: "0 0 26 16", width: 26, height: 16, "aria-hidden": "true", class: "swatch" });
  const { color } = entry;
  const line = { x1: 2, x2: 24, y1: 8, y2: 8, stroke: color, "stroke-width": 3.4 };
  const shapes = {
    fill: () => svg("rect", { x: 3, y: 2, width: 20, height: 12, rx: 1.5, fill: color, "fill-opacity": 0.65, stroke: entry.line ?? color }),
    line: () => svg("line", { ...line, "stroke-linecap": "round" }),
    dash: () => svg("line", { ...line, "stroke-width": 2.6, "stroke-dasharray": "5 3.5" }),
    circle: () => svg("circle", { cx: 13, cy: 8, r: 6, fill: color, "fill-opacity": 0.8, stroke: "#fff" }),
    ring: () => svg("circle", { cx: 13, cy: 8, r: 4.6, fill: "#fff", stroke: color, "stroke-width": 1.6 }),
    diamond: () => svg("path", { d: "M13 1.5 19.5 8 13 14.5 6.5 8z", fill: color, stroke: "#fff" }),
  };
  node.append((shapes[entry.symbol] ?? shapes.fill)());
  return node;
}

function size_scale(scale) {
  const list = element("ul", { class: "scale", "aria-label": titled(scale.title) });
  for (const value of scale.values) {
    const radius = Math.max(scale.minimum, scale.factor * Math.sqrt(value));
    const side = Math.ceil(radius * 2 + 2);
    list.append(element("li", {},
      svg("svg", { width: side, height: side, viewBox: `0 0 ${side} ${side}`, "aria-hidden": "true" },
        svg("circle", { cx: side / 2, cy: side / 2, r: radius, fill: "#868e96", "fill-opacity": 0.35, stroke: "#5c6670" })),
      yen(value)));
  }
  return list;
}

function legend_of(layer, metadata) {
  const box = element("div", { class: "legend", id: `legend-${layer.id}` });
  const entries = metadata["ritchi:legend"]?.[layer.id] ?? [];
  const list = element("ul", { class: entries.length > 8 ? "columns" : "" });
  for (const entry of entries) list.append(element("li", { "data-color": entry.color }, swatch(entry), element("span", {}, titled(entry.title))));
  box.append(list);
  const scale = metadata["ritchi:scale"]?.[layer.id];
  if (scale) box.append(size_scale(scale));
  const note = metadata["ritchi:notes"]?.[layer.id];
  if (note) box.append(element("p", { class: "note" }, titled(note)));
  return box;
}

// on_switch(id, visible), on_extent(layer). Returns a function to call with the zoom when it changes.
export function show_legend(container, { layers, metadata, is_visible, minzoom_of, on_switch, on_extent }) {
  const hints = [];
  const row = (layer) => {
    const visible = is_visible(layer.id);
    const box = element("input", { type: "checkbox", id: `switch-${layer.id}`, checked: visible });
    const hint = element("span", { class: "hint" }, text.zoom_in);
    const legend = legend_of(layer, metadata);
    legend.hidden = !visible;
    box.addEventListener("change", () => {
      legend.hidden = !box.checked;
      on_switch(layer.id, box.checked);
    });
    const item = element("li", { class: "layer", "data-layer": layer.id },
      element("div", { class: "head" },
        element("label", { for: box.id, title: titled(layer.description) }, box, element("span", {}, titled(layer.title, layer.id))),
        layer.synthetic ? element("span", { class: "badge", title: text.synthetic_note }, text.synthetic_short) : null,
        layer.rows === undefined ? null : element("button", { type: "button", class: "rows", title: text.zoom_to, onclick: () => on_extent(layer) }, format_count(layer.rows))),
      hint,
      legend);
    hints.push((zoom) => item.classList.toggle("too-far", zoom < minzoom_of(layer) - 0.01));
    return item;
  };

  container.setAttribute("aria-label", text.layers);
  container.replaceChildren(element("h2", {}, text.layers));
  const left = new Map(layers.map((layer) => [layer.id, layer]));
  const groups = (metadata["ritchi:subjects"] ?? []).map((subject) => ({
    title: titled(subject.title),
    layers: subject.layers.filter((id) => left.has(id)).map((id) => { const layer = left.get(id); left.delete(id); return layer; }),
  }));
  groups.unshift({ title: text.other_layers, layers: [...left.values()] });
  for (const group of groups.filter((candidate) => candidate.layers.length > 0)) {
    container.append(element("section", {}, element("h3", {}, group.title), element("ul", { class: "layers" }, ...group.layers.map(row))));
  }
  return (zoom) => hints.forEach((update) => update(zoom));
}
