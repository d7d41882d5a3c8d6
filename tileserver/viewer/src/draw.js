// Drawing a polygon on the map, with mouse, finger or keyboard.
import { element } from "./dom.js";
import { area_text, number_text } from "./format.js";
import { collection, feature, make_overlay } from "./overlay.js";
import { crosses_itself, limits, rough_area_m2 } from "./shapes.js";
import { text } from "./texts.js";

const near_px = 10;

const sketch_layers = [
  { type: "fill", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": "#d9480f", "fill-opacity": 0.16 } },
  { type: "line", paint: { "line-color": "#d9480f", "line-width": 2.4 } },
  { type: "circle", filter: ["==", ["geometry-type"], "Point"],
    paint: { "circle-radius": 5, "circle-color": "#ffffff", "circle-stroke-color": "#d9480f", "circle-stroke-width": 2.2 } },
];

// bar: the place for its buttons over the map. Returns { draw(), is_drawing(), cancel() }; draw() resolves with a
// Polygon, or null when it was given up.
export function make_drawing(map, styled, bar) {
  const sketch = make_overlay(map, styled, "sketch", sketch_layers);
  const canvas = map.getCanvas();
  let session = null;

  const far_apart = (a, b) => {
    const [p, q] = [map.project(a), map.project(b)];
    return Math.hypot(p.x - q.x, p.y - q.y) > near_px;
  };

  function show() {
    const { corners, pointer } = session;
    const line = pointer ? [...corners, pointer] : corners;
    const shapes = corners.map((corner) => feature({ type: "Point", coordinates: corner }));
    if (line.length > 2) shapes.push(feature({ type: "Polygon", coordinates: [[...line, line[0]]] }));
    else if (line.length === 2) shapes.push(feature({ type: "LineString", coordinates: line }));
    sketch.show(collection(...shapes));
  }

  function tell(trouble = "") {
    const { corners, says, buttons } = session;
    const area = corners.length > 2 ? `${text.about} ${area_text(rough_area_m2({ type: "Polygon", coordinates: [corners] }))}` : "";
    says.textContent = trouble || [text.corners(number_text(corners.length)), area].filter(Boolean).join(text.comma);
    says.classList.toggle("trouble", trouble !== "");
    buttons.close.disabled = corners.length < 3;
    buttons.back.disabled = corners.length === 0;
  }

  function add(corner) {
    const { corners } = session;
    if (corners.length > 2 && !far_apart(corners[0], corner)) return close();
    if (corners.length > 0 && !far_apart(corners[corners.length - 1], corner)) return undefined; // second click of a double one
    if (corners.length >= limits.drawn_corners) return tell(text.corners_at_most(limits.drawn_corners));
    corners.push([Number(corner[0].toFixed(7)), Number(corner[1].toFixed(7))]);
    show();
    return tell();
  }

  function back() {
    session.corners.pop();
    session.pointer = null;
    show();
    tell();
  }

  function close() {
    const { corners } = session;
    if (corners.length < 3) return tell(text.three_corners);
    if (crosses_itself(corners)) return tell(text.lines_cross);
    return finish({ type: "Polygon", coordinates: [[...corners, corners[0]]] });
  }

  function finish(polygon) {
    const { done, stop } = session;
    stop.abort();
    for (const [kind, handler] of Object.entries(on_map)) map.off(kind, handler);
    session = null;
    map.doubleClickZoom.enable();
    canvas.classList.remove("drawing");
    document.body.classList.remove("is-drawing");
    bar.hidden = true;
    bar.replaceChildren();
    sketch.clear();
    done(polygon);
  }

  const on_map = {
    click: ({ lngLat }) => session && add(lngLat.toArray()),
    dblclick: (event) => { event.preventDefault(); if (session) close(); },
    mousemove: ({ lngLat }) => {
      if (!session || session.corners.length === 0) return;
      session.pointer = lngLat.toArray();
      show();
    },
  };

  function on_key(event) {
    if (event.target.closest?.("input, textarea, select")) return;
    const of_button = event.target.closest?.("button");
    const acts = {
      " ": () => add(map.getCenter().toArray()),
      Enter: close,
      Backspace: back,
      Escape: () => finish(null),
    };
    const act = acts[event.key];
    if (!act || (of_button && (event.key === "Enter" || event.key === " "))) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  function show_bar() {
    const button = (words, act, extra) => element("button", { type: "button", onclick: act, ...extra }, words);
    const says = element("p", { role: "status" });
    const buttons = {
      add: button(text.add_corner, () => add(map.getCenter().toArray())),
      back: button(text.corner_back, back),
      close: button(text.close_shape, close, { class: "main" }),
      cancel: button(text.give_up, () => finish(null)),
    };
    bar.replaceChildren(element("p", { class: "how" }, text.how_to_draw), says, element("div", { class: "buttons" }, ...Object.values(buttons)));
    bar.hidden = false;
    Object.assign(session, { says, buttons });
  }

  function draw() {
    if (session) finish(null);
    return new Promise((resolve) => {
      session = { corners: [], pointer: null, done: resolve, stop: new AbortController() };
      show_bar();
      tell();
      for (const [kind, handler] of Object.entries(on_map)) map.on(kind, handler);
      window.addEventListener("keydown", on_key, { capture: true, signal: session.stop.signal });
      map.doubleClickZoom.disable();
      canvas.classList.add("drawing");
      document.body.classList.add("is-drawing");
      canvas.focus({ preventScroll: true });
    });
  }

  return { draw, is_drawing: () => session !== null, cancel: () => session && finish(null) };
}
