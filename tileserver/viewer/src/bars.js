// Small bars beside numbers, drawn as shapes: a strict page allows no styles in its text.
import { svg } from "./dom.js";

// parts: shares of the whole bar (0 to 1), side by side.
export function bar(parts, { class: name = "", width = 120, height = 10 } = {}) {
  const node = svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, class: `bar-chart ${name}`, "aria-hidden": "true", preserveAspectRatio: "none" },
    svg("rect", { x: 0, y: 0, width, height, class: "rest" }));
  let x = 0;
  for (const part of parts) {
    const long = Math.max(0, Math.min(width - x, part * width));
    if (!(long > 0)) continue;
    node.append(svg("rect", { x, y: 0, width: Math.max(0.8, long - (parts.length > 1 ? 0.8 : 0)), height, class: "part" }));
    x += long;
  }
  return node;
}
