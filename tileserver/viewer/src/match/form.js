// The form that a question is put together with. It reads and shows the inputs of match-sites themselves.
import { element } from "../dom.js";
import { area_text } from "../format.js";
import { rough_area_m2 } from "../shapes.js";
import { text, titled } from "../texts.js";
import { BadAnswer, criterion_row } from "./criterion.js";
import { examples } from "./examples.js";
import { grouped } from "./groups.js";
import { answerable, box_polygon, typed_codes } from "./question.js";
import { words } from "./words.js";

const default_limit = 50;

function radio_group(name, entries, chosen) {
  const inputs = entries.map(([value, title]) => [element("input", { type: "radio", name, value, checked: value === chosen }), title]);
  return {
    node: element("div", { class: "choices" }, ...inputs.map(([input, title]) => element("label", {}, input, element("span", {}, title)))),
    inputs: inputs.map(([input]) => input),
    value: () => inputs.find(([input]) => input.checked)?.[0].value,
    choose(value) { for (const [input] of inputs) input.checked = input.value === value; },
  };
}

// A menu of all that can be asked, by subject.
function add_menu(choices, on_add) {
  const select = element("select", { id: "add-criterion" }, element("option", { value: "" }, words.add_hint));
  const entries = new Map();
  const group = (title, items) => {
    if (items.length === 0) return;
    select.append(element("optgroup", { label: title }, ...items.map(([key, name, criterion]) => {
      entries.set(key, criterion);
      return element("option", { value: key }, name);
    })));
  };
  for (const { title, facts } of grouped(choices.facts)) group(title, facts.map((fact) => [`fact:${fact.name}`, titled(fact.title, fact.name), { fact: fact.name }]));
  group(words.constraint_group, choices.constraints.map(({ name, title }) => [`constraint:${name}`, titled(title, name), { constraint: name, max_share: 0 }]));
  const near = { near: { layer: choices.layers[0]?.id, max_km: 10 } };
  group(words.near_group, [...(choices.layers.length > 0 ? [["near", words.near_item, near]] : []), ["away", words.away_item, { away_from: null, min_km: 50 }]]);
  select.addEventListener("change", () => {
    const criterion = entries.get(select.value);
    if (criterion?.away_from === null) criterion.away_from = { point: choices.view_center() };
    select.value = "";
    if (criterion) on_add(structuredClone(criterion));
  });
  return element("label", { class: "add" }, element("span", {}, words.add), select);
}

// on_draw(): resolves with a polygon or null; on_area(polygon or null): the area to show; view_bounds(): of the map.
export function make_form(choices, { on_ask, on_draw, on_area, view_bounds }) {
  let rows = [];
  let drawn = null;
  let rest = {}; // of a question from a link: what this form has no field for
  const list = element("ul", { class: "criteria" });
  const empty = element("p", { class: "note" }, words.no_criteria);
  const trouble = element("p", { class: "trouble", role: "alert", hidden: true });

  function refresh() {
    empty.hidden = rows.length > 0;
  }
  function add(criterion, focus) {
    const row = criterion_row(criterion, choices, (node) => {
      const at = rows.findIndex((other) => other.node === node);
      rows.splice(at, 1);
      node.remove();
      refresh();
      (rows[Math.min(at, rows.length - 1)]?.node.querySelector("button") ?? form.querySelector("#add-criterion")).focus();
    });
    rows.push(row);
    list.append(row.node);
    refresh();
    if (focus) row.node.querySelector("input, select")?.focus();
  }
  function set_criteria(criteria) {
    rows = [];
    list.replaceChildren();
    criteria.forEach((criterion) => add(criterion, false));
    refresh();
  }

  const where = radio_group("where", [["everywhere", words.everywhere], ["view", words.view], ["drawn", words.drawn], ["codes", words.codes]], "everywhere");
  const shape_says = element("span", { class: "note" });
  const draw_button = element("button", { type: "button", onclick: async () => set_drawn(await on_draw() ?? drawn) }, words.draw);
  const shape_row = element("div", { class: "sub", hidden: true }, draw_button, shape_says);
  const codes = element("input", { type: "text", inputmode: "numeric", class: "wide", "aria-label": words.codes });
  const codes_row = element("div", { class: "sub", hidden: true }, codes, element("span", { class: "note" }, words.codes_hint));
  function set_drawn(polygon) {
    drawn = polygon;
    shape_says.textContent = polygon ? `${text.about} ${area_text(rough_area_m2(polygon))}` : "";
    draw_button.textContent = polygon ? words.draw_again : words.draw;
    show_where();
  }
  function show_where() {
    shape_row.hidden = where.value() !== "drawn";
    codes_row.hidden = where.value() !== "codes";
    on_area(where.value() === "drawn" ? drawn : null);
  }
  where.node.addEventListener("change", show_where);

  const unknown = radio_group("unknown", [["keep", words.keep], ["drop", words.drop]], "keep");
  const limit = element("select", {}, ...[20, 50, 100, 200].map((count) => element("option", { value: count, selected: count === default_limit }, String(count))));
  const as_of = element("input", { type: "date", title: words.as_of_hint });
  const ask = element("button", { type: "submit", class: "main" }, words.ask);

  function within() {
    if (where.value() === "view") return box_polygon(view_bounds());
    if (where.value() === "drawn") {
      if (!drawn) throw new BadAnswer(words.no_shape, draw_button);
      return drawn;
    }
    if (where.value() === "codes") {
      const found = typed_codes(codes.value);
      if (!found) throw new BadAnswer(words.no_codes, codes);
      return found;
    }
    return undefined;
  }
  function read() {
    if (rows.length === 0) throw new BadAnswer(words.need_one, form.querySelector("#add-criterion"));
    const area = within();
    return {
      ...rest,
      criteria: rows.map((row) => row.read()),
      ...(area === undefined ? {} : { within: area }),
      unknown: unknown.value(),
      limit: Number(limit.value),
      ...(as_of.value ? { as_of: as_of.value } : {}),
    };
  }
  function show_trouble(message, field) {
    trouble.textContent = message;
    trouble.hidden = !message;
    if (message) (field ?? trouble).focus?.();
  }

  const form = element("form", { class: "question", novalidate: true, onsubmit: (event) => {
    event.preventDefault();
    show_trouble("");
    try {
      on_ask(read());
    } catch (error) {
      if (!(error instanceof BadAnswer)) throw error;
      show_trouble(error.message, error.field);
    }
  } },
    element("p", { class: "note" }, words.intro),
    element("fieldset", {}, element("legend", {}, words.examples),
      element("div", { class: "examples" }, ...examples
        .map((example) => ({ ...example, criteria: answerable(example.criteria, choices) }))
        .filter(({ criteria }) => criteria.length > 0)
        .map(({ title, note, criteria }) => element("button", { type: "button", title: titled(note), onclick: () => {
          set_criteria(structuredClone(criteria));
          show_trouble("");
        } }, titled(title))))),
    element("fieldset", {}, element("legend", {}, words.criteria), empty, list, add_menu(choices, (criterion) => add(criterion, true))),
    element("fieldset", {}, element("legend", {}, words.where), where.node, shape_row, codes_row),
    element("fieldset", {}, element("legend", {}, words.unknown), unknown.node),
    element("div", { class: "row" }, element("label", {}, element("span", {}, words.limit), limit), element("label", {}, element("span", {}, words.as_of), as_of)),
    trouble,
    element("div", { class: "submit" }, ask, element("button", { type: "button", onclick: () => show({ criteria: [] }) }, words.clear)));

  // Fills the form with a question, such as one from a link.
  function show(question) {
    const { criteria, within: area, unknown: of_unknown, limit: most, as_of: date, ...others } = question;
    const is_shape = ["Polygon", "MultiPolygon"].includes(area?.type);
    rest = is_shape || Array.isArray(area) || !area ? others : { ...others, within: area };
    set_criteria(criteria ?? []);
    unknown.choose(of_unknown === "drop" ? "drop" : "keep");
    if (most !== undefined && ![...limit.options].some((option) => Number(option.value) === most)) limit.append(element("option", { value: most }, String(most)));
    limit.value = String(most ?? default_limit);
    as_of.value = date ?? "";
    codes.value = Array.isArray(area) ? area.join(", ") : "";
    where.choose(Array.isArray(area) ? "codes" : is_shape ? "drawn" : "everywhere");
    set_drawn(is_shape ? area : null);
    show_trouble("");
  }
  refresh();
  return {
    node: form,
    show,
    show_trouble,
    set_busy(busy) {
      ask.disabled = busy;
      ask.textContent = busy ? words.asking : words.ask;
    },
    // The row that a server's complaint is about: "inputs/criteria/2/max".
    field_at: (place) => rows[Number(/criteria\/(\d+)/.exec(place ?? "")?.[1])]?.node.querySelector("input, select"),
  };
}
