// "What stands in the way": the place, the day, and the answer below.
import { element } from "../dom.js";
import { download_link } from "../download.js";
import { key } from "../key.js";
import { bounds_of, collection, feature, make_overlay } from "../overlay.js";
import { ask, ask_json, own_address, words_of } from "../server.js";
import { fit_in_sight } from "../sight.js";
import { language, language_of_links } from "../texts.js";
import { read_report } from "./answer.js";
import { place_chooser } from "./place.js";
import { open_printable } from "./printable.js";
import { words } from "./words.js";
import { report_view } from "./view.js";

const path = "processes/constraint-report/execution";

const place_layers = [
  { type: "fill", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": "#0b7285", "fill-opacity": 0.14 } },
  { type: "line", paint: { "line-color": "#0b7285", "line-width": 2.6 } },
  { type: "circle", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-radius": 9, "circle-opacity": 0, "circle-stroke-color": "#0b7285", "circle-stroke-width": 3 } },
];

// page: { map, styled, layers, panel, draw(), pick() }
export function make_report(page) {
  const { map, panel } = page;
  const shape = make_overlay(map, page.styled, "report-place", place_layers);
  let place = null;
  let turn = 0;
  const answer_box = element("section", { class: "answer", "aria-live": "polite" });
  const as_of = element("input", { type: "date", title: words.as_of_hint });
  const button = element("button", { type: "submit", class: "main" }, words.ask);

  const chooser = place_chooser(page, (chosen) => {
    place = chosen;
    turn += 1; // an answer on its way is of another place
    answer_box.replaceChildren();
    const geometry = chosen?.polygon ?? chosen?.geometry;
    if (geometry) shape.show(collection(feature(geometry)));
    else shape.clear();
  }, () => {
    const box = bounds_of(place?.polygon ?? place?.geometry);
    if (box) fit_in_sight(map, box, 16);
  });

  function inputs() {
    const asked = place.polygon ? { polygon: place.polygon } : { site: place.site };
    return { ...asked, ...(as_of.value ? { as_of: as_of.value } : {}) };
  }

  function print_button(answer, question, says) {
    const href = answer.links.html;
    if (href && !key() && language_of_links() === language) return element("a", { class: "button print", href: own_address(href), target: "_blank", rel: "noopener" }, words.print);
    return element("button", { type: "button", class: "print", onclick: async () => {
      says.textContent = "";
      try {
        const fetched = async () => (await ask(path, { method: "POST", body: { inputs: question }, accept: "text/html" })).text();
        if (!await open_printable(fetched)) says.textContent = words.popup;
      } catch (error) {
        says.textContent = words_of(error);
      }
    } }, words.print);
  }

  function show_answer(answer, question) {
    const says = element("p", { class: "trouble", role: "alert" });
    const trouble = (error) => { says.textContent = words_of(error); };
    const posted = { path, body: { inputs: question } };
    answer_box.replaceChildren(...report_view(answer, print_button(answer, question, says)), says,
      element("section", { class: "save" }, element("h3", {}, words.save),
        element("div", { class: "row" },
          download_link("JSON", "constraint-report.json", "application/json", { ...posted, href: answer.links.json }, trouble),
          download_link("GeoJSON", "constraint-report.geojson", "application/geo+json", { ...posted, href: answer.links.geojson }, trouble))));
    const title = answer_box.querySelector("h3");
    title.scrollIntoView({ block: "start" });
    title.focus({ preventScroll: true });
  }

  async function ask_report() {
    if (!place) return chooser.complain(words.need_place);
    turn += 1;
    const mine = turn;
    const question = inputs();
    button.disabled = true;
    button.textContent = words.asking;
    chooser.complain("");
    try {
      const answer = read_report(await ask_json(path, { method: "POST", body: { inputs: question } }), page.layers);
      if (mine === turn) show_answer(answer, question);
    } catch (error) {
      if (mine === turn) chooser.complain([words_of(error), error.problem?.remedy].filter(Boolean).join(" "));
    } finally {
      button.disabled = false;
      button.textContent = words.ask;
    }
    return undefined;
  }

  panel.append(element("h2", { tabindex: "-1" }, words.heading),
    element("div", { class: "tool-body" },
      element("form", { onsubmit: (event) => { event.preventDefault(); ask_report(); } },
        element("p", { class: "note" }, words.intro),
        chooser.node,
        element("div", { class: "row" }, element("label", {}, element("span", {}, words.as_of), as_of), button)),
      answer_box));

  return {
    // site: { layer, id, name, geometry }
    ask_for_site(site) {
      chooser.set(site_place(site));
      return ask_report();
    },
  };
}

export function site_place({ layer, id, name, geometry }) {
  return { site: { layer, id }, geometry, title: words.site(name || `#${id}`) };
}
