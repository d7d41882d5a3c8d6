// "Find a site": the form, the answer below it, and its marks on the map.
import { write_hash } from "../address.js";
import { element } from "../dom.js";
import { download_link } from "../download.js";
import { ask_json, own_address, words_of } from "../server.js";
import { sources_list, warning_list } from "../sources.js";
import { text } from "../texts.js";
import { read_answer } from "./answer.js";
import { read_choices } from "./choices.js";
import { make_form } from "./form.js";
import { make_marks } from "./marks.js";
import { question_of_text } from "./question.js";
import { funnel_table, result_list } from "./results.js";
import { words } from "./words.js";

const path = "processes/match-sites/execution";

// page: { map, styled, layers, panel, draw(), set_question(text), on_report(site), on_inquire(site) or nothing }
export function make_match(page) {
  const { map, panel } = page;
  const heading = element("h2", { tabindex: "-1" }, words.heading);
  const body = element("div", { class: "tool-body" });
  panel.append(heading, body);
  const answer_box = element("section", { class: "answer", "aria-label": words.results });
  let list = null;
  let form = null;
  let choices = null;
  let ready = null;
  let turn = 0;
  const marks = make_marks(map, page.styled, (id) => list?.choose(id));

  function prepare() {
    ready ??= ask_json("processes/match-sites").then((description) => {
      choices = { ...read_choices(description, page.layers), view_center: () => map.getCenter().toArray().map((value) => Number(value.toFixed(6))) };
      form = make_form(choices, {
        on_ask: (question) => ask_question(question),
        on_draw: page.draw,
        on_area: marks.show_area,
        view_bounds: () => map.getBounds().toArray().flat().map((value) => Number(value.toFixed(6))),
      });
      body.replaceChildren(form.node, answer_box);
    }).catch((error) => {
      ready = null;
      body.replaceChildren(element("p", { class: "trouble", role: "alert" }, words_of(error)));
      throw error;
    });
    return ready;
  }

  function save_box(answer, question) {
    const own_link = new URL(`${location.pathname}${location.search}${write_hash({ match: JSON.stringify(question) })}`, location.href).href;
    const says = element("span", { role: "status" });
    const field = element("input", { type: "text", readonly: true, value: own_link, "aria-label": words.link, onfocus: (event) => event.target.select() });
    const copy = element("button", { type: "button", onclick: async () => {
      try {
        await navigator.clipboard.writeText(own_link);
        says.textContent = words.copied;
      } catch { // not allowed here: marked, so that the keyboard can
        field.select();
      }
    } }, words.copy);
    const posted = { path, body: { inputs: question } };
    const trouble = (error) => { says.textContent = words_of(error); };
    return element("section", { class: "save" }, element("h3", {}, words.save),
      element("div", { class: "row" }, field, copy),
      element("p", { class: "links" },
        download_link("GeoJSON", "sites.geojson", "application/geo+json", { ...posted, href: answer.links.geojson }, trouble),
        download_link("CSV", "sites.csv", "text/csv", { ...posted, href: answer.links.csv }, trouble),
        answer.links.self ? element("a", { href: own_address(answer.links.self), target: "_blank", rel: "noopener" }, words.server_link) : null),
      says);
  }

  function show_answer(answer, question) {
    list = result_list(answer.sites, {
      on_select: (site) => marks.choose(site?.id ?? null),
      on_report: page.on_report,
      on_inquire: page.on_inquire,
    });
    const title = element("h3", { tabindex: "-1", id: "match-results" }, `${words.results}${text.colon}${words.found(answer.sites.length, answer.total)}`);
    answer_box.replaceChildren(
      element("div", { class: "results-head" }, title,
        answer.sites.length > 0 ? element("button", { type: "button", onclick: () => marks.fit() }, words.show_all) : null),
      answer.sites.length === 0 ? element("p", { class: "nothing" }, words.none) : "",
      warning_list(answer.warnings) ?? "",
      list.node,
      answer.funnel ? funnel_table(answer.funnel) : "",
      page.on_inquire ? element("div", { class: "buttons" }, element("button", { type: "button", onclick: () => page.on_inquire({ like: question }) }, words.ask_like)) : "",
      save_box(answer, question),
      sources_list(answer) ?? "");
    marks.show(answer.sites);
    title.scrollIntoView({ block: "start" });
    title.focus({ preventScroll: true });
  }

  async function ask_question(question, { fit = false } = {}) {
    turn += 1;
    const mine = turn;
    form.set_busy(true);
    try {
      const answer = read_answer(await ask_json(path, { method: "POST", body: { inputs: question }, accept: "application/geo+json, application/json;q=0.9" }), choices);
      if (mine !== turn) return;
      page.set_question(JSON.stringify(question));
      show_answer(answer, question);
      if (fit) marks.fit();
    } catch (error) {
      if (mine !== turn) return;
      answer_box.replaceChildren();
      marks.show([]);
      const remedy = error.problem?.remedy;
      form.show_trouble([words_of(error), remedy].filter(Boolean).join(" "), form.field_at(error.problem?.where));
    } finally {
      if (mine === turn) form.set_busy(false);
    }
  }

  return {
    prepare,
    take_click: (point) => marks.take_click(point),
    // A question of a link: fills the form, asks, and shows where the answers lie unless the link says where to look.
    async restore(text, { fit }) {
      await prepare();
      const question = question_of_text(text);
      if (!question) return form.show_trouble(words.bad_link);
      form.show(question);
      return ask_question(question, { fit });
    },
  };
}
