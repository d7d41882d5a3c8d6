// The place a report is asked for: a drawn polygon, a file, or a site.
import { element } from "../dom.js";
import { area_text, number_text } from "../format.js";
import { BadShape, corners_of, limits, polygon_of_text, rough_area_m2 } from "../shapes.js";
import { words } from "./words.js";

function words_of_shape(error) {
  const said = words[error.code];
  return typeof said === "function" ? said(error.values) : said;
}

async function place_of_file(file) {
  if (file.size > limits.bytes) throw new BadShape("too_big", { most: limits.bytes / 1024 / 1024 });
  let text;
  try {
    text = await file.text();
  } catch {
    throw new BadShape("unreadable");
  }
  const polygon = polygon_of_text(text);
  return { polygon, title: words.uploaded(file.name, area_text(rough_area_m2(polygon)), number_text(corners_of(polygon))) };
}

// page: { draw(), pick() } resolve with a polygon, a site, or null. on_place({ polygon } or { site, title, geometry } or null).
export function place_chooser(page, on_place, on_show) {
  const says = element("p", { class: "place", role: "status" }, words.no_place);
  const trouble = element("p", { class: "trouble", role: "alert", hidden: true });
  const tools = element("div", { class: "row", hidden: true },
    element("button", { type: "button", class: "link", onclick: () => on_show() }, words.show),
    element("button", { type: "button", class: "link", onclick: () => set(null) }, words.remove));
  const complain = (message) => {
    trouble.textContent = message;
    trouble.hidden = !message;
  };
  function set(place) {
    says.textContent = place?.title ?? words.no_place;
    says.classList.toggle("is-set", place !== null);
    tools.hidden = !place;
    complain("");
    on_place(place);
  }
  async function draw() {
    complain("");
    const polygon = await page.draw();
    if (polygon) set({ polygon, title: words.drawn(area_text(rough_area_m2(polygon)), number_text(corners_of(polygon))) });
  }
  async function pick() {
    complain("");
    says.textContent = words.pick_hint;
    const before = says.textContent;
    const site = await page.pick();
    if (site) set(site);
    else if (says.textContent === before) says.textContent = words.no_place;
  }
  const file = element("input", { type: "file", accept: ".geojson,.json,application/geo+json,application/json", class: "hidden-file", id: "report-file", onchange: async () => {
    complain("");
    const [chosen] = file.files;
    file.value = "";
    if (!chosen) return;
    try {
      set(await place_of_file(chosen));
      on_show();
    } catch (error) {
      if (!(error instanceof BadShape)) throw error;
      complain(words_of_shape(error));
    }
  } });
  const node = element("fieldset", { class: "places" }, element("legend", {}, words.place),
    element("div", { class: "row" },
      element("button", { type: "button", id: "report-draw", onclick: draw }, words.draw),
      element("button", { type: "button", onclick: () => file.click() }, words.upload),
      element("button", { type: "button", id: "report-pick", onclick: pick }, words.pick)),
    file, says, tools, trouble);
  return { node, set, complain };
}
