// Puts the page together: layers and style from the server, then map, legend, panel and sources.
import { read_hash, watch_address } from "./address.js";
import { element, linked } from "./dom.js";
import { show_legend } from "./legend.js";
import { watch_left_out } from "./left_out.js";
import { features_at, make_map, mark_feature, switch_layer, union_of_bounds } from "./map.js";
import { add_own_layers } from "./own_layers.js";
import { show_panel } from "./panel.js";
import { fetch_layers, fetch_style, same_server } from "./server.js";
import { bring_in_sight, is_in_sight } from "./sight.js";
import { language, text, titled } from "./texts.js";
import { make_tools } from "./tools.js";

const at = (id) => document.getElementById(id);

function show_message(words, detail) {
  const box = at("message");
  box.replaceChildren(element("span", {}, detail ? `${words}（${detail}）` : words),
    element("button", { type: "button", onclick: () => location.reload() }, text.retry));
  box.hidden = false;
}

function show_frame() {
  document.documentElement.lang = language;
  at("tagline").textContent = text.tagline;
  at("skip").textContent = text.skip;
  const link = at("language");
  const other = language === "ja" ? "en" : "ja";
  link.textContent = text.other_language;
  link.lang = link.hreflang = other;
  const aim = () => { link.href = `?lang=${other}${location.hash}`; };
  for (const moment of ["focus", "pointerdown", "click"]) link.addEventListener(moment, aim);
  aim();
}

function show_sources(layers) {
  const credits = [...new Set(layers.map((layer) => layer.attribution || layer.source).filter(Boolean))];
  at("sources").replaceChildren(
    element("strong", {}, `${text.all_sources}: `),
    ...credits.flatMap((credit, index) => [index ? " ／ " : "", linked(String(credit))]),
    layers.some((layer) => layer.synthetic) ? element("span", { class: "badge", title: text.synthetic_note }, text.synthetic_part) : "",
    element("span", { class: "maker" }, element("a", { href: "https://maplibre.org/", rel: "noopener noreferrer", target: "_blank" }, "MapLibre")),
  );
}

// The message of a failure stays until everything in view has been drawn without a further one; other messages
// are not of the drawing and stay.
function watch_errors(map) {
  let failed_since_move = false;
  let failure_shown = false;
  map.on("error", ({ error }) => {
    failed_since_move = failure_shown = true;
    console.warn("map:", error?.message ?? error);
    show_message(error?.status === 401 ? text.key_refused : text.failed, error?.status ? `HTTP ${error.status}` : "");
  });
  map.on("movestart", () => { failed_since_move = false; });
  map.on("idle", () => {
    if (!failure_shown || failed_since_move) return;
    at("message").hidden = true;
    failure_shown = false;
  });
}

function watch_loading(map) {
  let timer = 0;
  const busy = at("busy");
  map.on("dataloading", () => {
    if (timer === 0) timer = window.setTimeout(() => { busy.textContent = text.loading; }, 500);
  });
  const done = () => {
    window.clearTimeout(timer);
    timer = 0;
    busy.textContent = "";
  };
  map.on("idle", done);
  map.on("error", done);
}

function listen(map, layers, tools) {
  const known = new Set(layers.map((layer) => layer.id));
  const panel = at("panel");
  const show = (point, features) => {
    const place = map.unproject(point);
    show_panel(panel, features, layers, {
      zoom: Math.floor(map.getZoom()),
      on_select: (feature) => mark_feature(map, feature),
      actions_of: tools.actions_of,
    });
    // The panel takes room from the map or, on a narrow screen, lies over it.
    map.resize();
    if (!is_in_sight(map, place)) bring_in_sight(map, place);
  };
  map.on("click", ({ point }) => {
    const features = features_at(map, point, known);
    if (tools.take_click(point, features)) return;
    if (features.length > 0) show(point, features);
    else panel.querySelector(".close")?.click(); // a click beside everything clears the table
  });
  const canvas = map.getCanvas();
  canvas.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    const middle = map.project(map.getCenter());
    const features = features_at(map, middle, known);
    if (!tools.take_click(middle, features)) show(middle, features);
  });
  new MutationObserver(() => { if (panel.hidden) canvas.focus({ preventScroll: true }); }).observe(panel, { attributeFilter: ["hidden"] });
}

async function start() {
  show_frame();
  const tools = make_tools(at);
  const caller = await tools.account.who();
  const layers = await fetch_layers();
  if (layers.length === 0) show_message(text.empty);
  const style = await fetch_style(layers);
  const own_legend = add_own_layers(style, layers);
  const metadata = { ...style.metadata, "ritchi:legend": { ...style.metadata?.["ritchi:legend"], ...own_legend } };
  show_sources(layers);

  const base_ids = (metadata["ritchi:subjects"] ?? []).find((subject) => subject.id === "base")?.layers ?? [];
  const bounds = union_of_bounds(layers.filter((layer) => !base_ids.includes(layer.id))) ?? union_of_bounds(layers);
  const asked = read_hash(location.hash);
  const map = make_map("map", style, { view: asked.view, bounds }, same_server);
  window.ritchi = { map }; // for the browser's console and the tests

  const update = show_legend(at("layers"), {
    layers,
    metadata,
    is_visible: (id) => style.layers.some((layer) => layer["source-layer"] === id && layer.layout?.visibility !== "none"),
    // Drawn from the zoom at which both the tiles and the style have it.
    minzoom_of: ({ id, minzoom }) => Math.max(minzoom, Math.min(...style.layers
      .filter((layer) => layer["source-layer"] === id).map((layer) => layer.minzoom ?? 0))),
    on_switch: (id, visible) => switch_layer(map, id, visible),
    on_extent: (layer) => layer.bounds && map.fitBounds(layer.bounds, { padding: 24, maxZoom: 15, animate: false }),
  });
  update(map.getZoom());
  map.on("zoom", () => update(map.getZoom()));
  watch_errors(map);
  watch_loading(map);
  watch_left_out(map, at("left-out"));
  const address = watch_address(map, (question) => tools.restore(question));
  tools.bring_map(map, { layers, caller, address });
  listen(map, layers, tools);
  if (asked.match !== null) tools.restore(asked.match, { fit: asked.view === null });
  document.title = `${language === "ja" ? "リッチ Ritchi 立地" : "Ritchi"} – ${titled(text.tagline)}`;
}

start().catch((error) => {
  console.warn("start:", error);
  const no_webgl = /webgl/i.test(String(error?.message));
  show_message(no_webgl ? text.no_webgl : text.failed_start, no_webgl ? "" : String(error?.message ?? error).slice(0, 200));
});
