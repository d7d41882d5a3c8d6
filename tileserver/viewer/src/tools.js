// What can be done beside looking: find a site, look into a place, sign in. Ties them to each other and to the map.
import { make_account } from "./account/panel.js";
import { make_dock } from "./dock.js";
import { make_drawing } from "./draw.js";
import { make_match } from "./match/panel.js";
import { make_report, site_place } from "./report/panel.js";
import { text } from "./texts.js";

// What is land to settle on: of these one asks what stands in the way; of the first also whether it is to be had.
const site_layers = ["factory_sites", "industrial_parks"];

// at(id): an element of the page. The map comes later, by bring_map().
export function make_tools(at) {
  let drawing = null;
  let match = null;
  let report = null;
  let picking = null; // resolves with the place of the site that is clicked next
  const account = make_account({ panel: at("account"), button: at("toggle-account"), open: () => dock.open("account", { focus: true }) });
  const dock = make_dock([
    { name: "layers", title: text.layers, panel: at("layers") },
    { name: "match", title: text.find_site, panel: at("match"), on_open: () => match?.prepare() },
    { name: "report", title: text.look_into, panel: at("report") },
    { name: "account", title: text.sign_in, panel: at("account"), on_open: () => account.refresh() },
  ]);

  // The map must be seen while one points at it.
  async function with_map(act) {
    dock.lower(true);
    try {
      return await act();
    } finally {
      dock.lower(false);
    }
  }

  function look_into(site) {
    dock.open("report", { focus: true });
    report.ask_for_site(site);
  }

  function site_of({ id, sourceLayer, properties, geometry }) {
    return { id, layer: sourceLayer, name: properties.name, geometry, municipality_code: properties.municipality_code };
  }

  function stop_picking(place) {
    picking?.(place);
    picking = null;
    document.body.classList.remove("is-picking");
  }

  function pick(map) {
    drawing.cancel();
    stop_picking(null);
    document.body.classList.add("is-picking");
    map.getCanvas().focus({ preventScroll: true });
    return new Promise((resolve) => { picking = resolve; });
  }

  window.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !picking) return;
    event.preventDefault();
    stop_picking(null);
  }, { capture: true });

  return {
    account,
    bring_map(map, { layers, caller, address }) {
      const styled = new Promise((resolve) => {
        if (map.isStyleLoaded()) resolve();
        else map.once("style.load", () => resolve());
      });
      drawing = make_drawing(map, styled, at("drawing"));
      const draw = () => { stop_picking(null); return with_map(() => drawing.draw()); };
      const on_inquire = caller?.role === "company" ? (site) => account.ask_about(site) : undefined;
      match = make_match({ map, styled, layers, panel: at("match"), draw, on_report: look_into, on_inquire, set_question: address.set_match });
      report = make_report({ map, styled, layers, panel: at("report"), draw, pick: () => with_map(() => pick(map)) });
      account.bring_layers(layers);
      if (dock.is_open("match")) match.prepare();
    },
    restore(question, { fit = false } = {}) {
      if (question === null) return;
      if (!dock.is_open("account")) dock.open("match"); // who has just signed in wants to see that first
      match.restore(question, { fit });
    },
    // Whether a click on the map, or Enter in its middle, was meant for a tool.
    take_click(point, features) {
      if (drawing.is_drawing()) return true;
      if (picking) {
        const site = features.find(({ sourceLayer, id }) => site_layers.includes(sourceLayer) && id !== undefined);
        if (site) stop_picking(site_place(site_of(site)));
        return true;
      }
      if (!match.take_click(point)) return false;
      if (!dock.is_open("match")) dock.open("match");
      return true;
    },
    actions_of(feature) {
      if (!site_layers.includes(feature.sourceLayer)) return [];
      const site = site_of(feature);
      return [{ title: text.report_here, act: () => look_into(site) },
        ...(account.may_inquire() && site.layer === site_layers[0] ? [{ title: text.ask_about, act: () => account.ask_about(site) }] : [])];
    },
  };
}
