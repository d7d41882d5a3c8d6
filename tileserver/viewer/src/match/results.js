// The sites found, best first: score, and unfolded why.
import { bar } from "../bars.js";
import { element } from "../dom.js";
import { date_text, number_text } from "../format.js";
import { language, text } from "../texts.js";
import { words } from "./words.js";

const signs = { pass: "✓", fail: "✕", unknown: "?" };
const state_words = { pass: words.pass, fail: words.fail, unknown: words.unknown_state };

function score_text(score) {
  if (score === null) return "–";
  return new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(score * 100);
}

function criterion_line(criterion) {
  const { title, value, state, contribution, source, as_of } = criterion;
  const from = [source, as_of && date_text(as_of)].filter(Boolean).join(text.comma);
  return element("tr", { class: state },
    element("th", { scope: "row" }, title, from ? element("small", { class: "from" }, from) : null),
    element("td", { class: value === null ? "unknown" : value.length < 14 ? "short" : "" }, value ?? text.unknown),
    element("td", { class: "state" }, element("span", { "aria-hidden": "true" }, signs[state] ?? ""), ` ${state_words[state] ?? state}`),
    element("td", { class: "figure" }, score_text(contribution)));
}

function why(site, { on_report, on_inquire }) {
  const table = element("table", { class: "why" },
    element("thead", {}, element("tr", {}, ...[words.criterion, words.value, words.verdict, words.share].map((title) => element("th", { scope: "col" }, title)))),
    element("tbody", {}, ...site.criteria.map(criterion_line)),
    element("tfoot", {}, element("tr", {}, element("th", { scope: "row", colspan: 3 }, words.score), element("td", { class: "figure" }, score_text(site.score)))));
  return [table, element("div", { class: "buttons" },
    element("button", { type: "button", onclick: () => on_report(site) }, words.look_into),
    on_inquire ? element("button", { type: "button", onclick: () => on_inquire(site) }, words.ask_about) : null)];
}

// on_select(site or null): what is unfolded. Returns { node, choose(id) }.
export function result_list(sites, { on_select, on_report, on_inquire }) {
  const list = element("ol", { class: "sites" });
  const all = new Map();
  for (const site of sites) {
    const details = element("details", { "data-site": site.id },
      element("summary", {},
        element("span", { class: "rank" }, String(site.rank)),
        element("span", { class: "what" }, element("strong", {}, site.name || words.nameless(site.id)),
          element("small", {}, [site.place, site.area].filter(Boolean).join(text.comma),
            site.synthetic ? element("span", { class: "badge", title: text.synthetic_note }, words.is_synthetic) : null)),
        element("span", { class: "score" }, element("b", {}, score_text(site.score)), bar(site.criteria.map(({ contribution }) => contribution), { class: "of-score", width: 84 }))));
    details.addEventListener("toggle", () => {
      if (details.open && details.childElementCount === 1) details.append(...why(site, { on_report, on_inquire }));
      if (details.open) {
        for (const other of all.values()) if (other !== details) other.open = false;
        on_select(site);
      } else if (![...all.values()].some(({ open }) => open)) on_select(null);
    });
    all.set(site.id, details);
    list.append(element("li", {}, details));
  }
  return {
    node: list,
    choose(id) {
      const details = all.get(id);
      if (!details) return;
      details.open = true;
      details.scrollIntoView({ block: "nearest" });
      details.querySelector("summary").focus({ preventScroll: true });
    },
  };
}

// Which criterion costs how many sites: alone, and one after the other.
export function funnel_table({ all, left, outside, without_place, steps }) {
  const soft = (step) => (step.required ? null : element("small", { class: "from" }, words.soft));
  const line = (title, ...cells) => element("tr", {}, element("th", { scope: "row" }, ...[title].flat()), ...cells);
  const figure = (count, size) => element("td", { class: "figure" }, number_text(count), bar([all > 0 ? count / all : 0], { class: size, width: 64, height: 6 }));
  return element("table", { class: "funnel" },
    element("caption", {}, words.funnel),
    element("thead", {}, element("tr", {}, ...[words.criterion, words.alone, words.in_turn, words.left].map((title) => element("th", { scope: "col" }, title)))),
    element("tbody", {},
      line([words.funnel_all, outside + without_place > 0 ? element("small", { class: "from" }, words.outside(number_text(outside), number_text(without_place))) : null], element("td"), element("td"), figure(all, "stays")),
      ...steps.map((step) => line([step.title, soft(step)], figure(step.alone, "goes"), figure(step.in_turn, "goes"), figure(step.left, "stays")))),
    element("tfoot", {}, line(words.funnel_left, element("td"), element("td"), figure(left, "stays"))));
}
