// One row of the question: a fact with its bounds, a constraint, something nearby.
import { element } from "../dom.js";
import { unit_text } from "../format.js";
import { titled } from "../texts.js";
import { typed_number } from "./numbers.js";
import { kind_of } from "./question.js";
import { words } from "./words.js";

let counter = 0;

export class BadAnswer extends Error {
  constructor(message, field) {
    super(message);
    this.field = field;
  }
}

function number_field(label, value, unit = "") {
  const input = element("input", { type: "text", inputmode: "decimal", autocomplete: "off", class: "number", value: value ?? null });
  const node = element("label", {}, element("span", {}, label), input, unit ? element("span", { class: "unit" }, unit) : null);
  return {
    node,
    input,
    read(title) {
      const number = typed_number(input.value);
      const bad = Number.isNaN(number);
      input.setAttribute("aria-invalid", String(bad));
      if (bad) throw new BadAnswer(words.bad_number(title), input);
      return number;
    },
  };
}

// Without the keys of what was left empty.
function filled(object) {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

function bounds_fields(criterion, { fact, title }) {
  const fields = Object.fromEntries(["min", "max", "ideal"].map((name) => [name, number_field(words[name], criterion[name])]));
  return {
    nodes: Object.values(fields).map(({ node }) => node),
    read() {
      const [min, max, ideal] = ["min", "max", "ideal"].map((name) => fields[name].read(title));
      if (min === undefined && max === undefined) throw new BadAnswer(words.nothing_set(title), fields.min.input);
      if (min > max) throw new BadAnswer(words.min_above_max(title), fields.min.input);
      return filled({ fact: fact.name, min, max, ideal });
    },
  };
}

function codes_fields(criterion, { fact, title }) {
  const chosen = new Set((criterion.in ?? []).map(String));
  const boxes = fact.codes.map(({ code, title: name }) => ({ code, box: element("input", { type: "checkbox", checked: chosen.has(String(code)) }), name }));
  const list = element("div", { class: "codes", role: "group", "aria-label": `${title}: ${words.one_of}` },
    ...boxes.map(({ box, name, code }) => element("label", {}, box, element("span", {}, titled(name, String(code))))));
  return {
    nodes: [list],
    read() {
      const taken = boxes.filter(({ box }) => box.checked).map(({ code }) => code);
      if (taken.length === 0) throw new BadAnswer(words.nothing_set(title), boxes[0]?.box);
      return { fact: fact.name, in: taken };
    },
  };
}

function words_fields(criterion, { fact, title }) {
  const input = element("input", { type: "text", class: "wide", value: (criterion.in ?? []).join(", ") });
  return {
    nodes: [element("label", { class: "stretch" }, element("span", {}, words.words_in), input)],
    read() {
      const values = input.value.split(/[,、]/).map((part) => part.trim()).filter(Boolean);
      if (values.length === 0) throw new BadAnswer(words.nothing_set(title), input);
      return { fact: fact.name, in: values };
    },
  };
}

function constraint_fields(criterion, { title }) {
  const share = number_field(words.at_most, criterion.max_share === undefined ? 0 : Number((criterion.max_share * 100).toPrecision(12)), "%");
  return {
    nodes: [share.node, element("span", { class: "unit" }, words.of_area)],
    read() {
      const percent = share.read(title);
      if (percent === undefined) throw new BadAnswer(words.bad_number(title), share.input);
      return { constraint: criterion.constraint, max_share: percent / 100 };
    },
  };
}

function near_fields(criterion, { choices, title }) {
  const { near } = criterion;
  const layer = element("select", {}, ...choices.layers.map(({ id, title: name }) => element("option", { value: id, selected: id === near.layer }, titled(name, id))));
  const filter = element("input", { type: "text", class: "wide", value: near.filter ?? "", placeholder: words.filter_hint, spellcheck: "false", autocapitalize: "off" });
  const reach = number_field(words.at_most, near.max_km ?? 10, "km");
  const ideal = number_field(words.ideal, criterion.ideal_km, "km");
  return {
    nodes: [element("label", { class: "stretch" }, element("span", {}, words.layer), layer), reach.node, ideal.node,
      element("label", { class: "stretch" }, element("span", {}, words.filter), filter)],
    read() {
      const max_km = reach.read(title);
      if (max_km === undefined) throw new BadAnswer(words.bad_number(title), reach.input);
      return filled({ near: filled({ layer: layer.value, filter: filter.value.trim() || undefined, max_km }), ideal_km: ideal.read(title) });
    },
  };
}

// Far from one's own plant, and not under the same flood: for when one of the two is lost.
function away_fields(criterion, { choices, title }) {
  let from = criterion.away_from;
  const says = element("span", { class: "note" });
  const tell = () => {
    says.textContent = from.point ? words.at_point(from.point[1].toFixed(4), from.point[0].toFixed(4)) : `${titled(choices.layers.find(({ id }) => id === from.layer)?.title, from.layer)} #${from.id}`;
  };
  tell();
  const take = element("button", { type: "button", onclick: () => { from = { point: choices.view_center() }; tell(); } }, words.take_middle);
  const reach = number_field(words.at_least, criterion.min_km ?? 50, "km");
  const ideal = number_field(words.ideal, criterion.ideal_km, "km");
  const same = choices.facts.filter(({ is_set, codes }) => is_set && codes.length === 0)
    .map((fact) => ({ name: fact.name, title: titled(fact.title, fact.name), box: element("input", { type: "checkbox", checked: criterion.outside_same?.includes(fact.name) === true }) }));
  return {
    nodes: [take, says, reach.node, ideal.node,
      same.length > 0 ? element("div", { class: "codes", role: "group", "aria-label": words.outside_same },
        element("span", { class: "note" }, words.outside_same), ...same.map((entry) => element("label", {}, entry.box, element("span", {}, entry.title)))) : element("span")],
    read() {
      const min_km = reach.read(title);
      if (min_km === undefined) throw new BadAnswer(words.bad_number(title), reach.input);
      const names = same.filter(({ box }) => box.checked).map(({ name }) => name);
      return filled({ away_from: from, min_km, ideal_km: ideal.read(title), outside_same: names.length > 0 ? names : undefined });
    },
  };
}

function other_fields(criterion) {
  const { weight, required, ...rest } = criterion;
  return {
    nodes: [element("p", { class: "note" }, words.kept_as_is), element("code", {}, JSON.stringify(rest))],
    read: () => rest,
  };
}

const fields_of = { number: bounds_fields, codes: codes_fields, text: words_fields, texts: words_fields, away: away_fields, constraint: constraint_fields, near: near_fields, other: other_fields };

function title_of(criterion, choices) {
  if ("fact" in criterion) return titled(choices.facts.find(({ name }) => name === criterion.fact)?.title, String(criterion.fact));
  if ("constraint" in criterion) return titled(choices.constraints.find(({ name }) => name === criterion.constraint)?.title, String(criterion.constraint));
  if ("near" in criterion) return words.near_group;
  if ("away_from" in criterion) return words.away_item;
  return words.other_group;
}

// { node, read() }: read() gives the criterion as it is asked, or throws BadAnswer.
export function criterion_row(criterion, choices, on_remove) {
  const title = title_of(criterion, choices);
  const fact = choices.facts.find(({ name }) => name === criterion.fact);
  const fields = fields_of[kind_of(criterion, choices)](criterion, { fact, title, choices });
  counter += 1;
  const id = `criterion-${counter}`;
  const most = Math.max(5, criterion.weight ?? 0);
  const weight = element("input", { type: "range", min: 0, max: most, step: most > 5 ? "any" : 0.5, value: criterion.weight ?? 1 });
  const amount = element("output", {}, weight.value);
  weight.addEventListener("input", () => { amount.textContent = weight.value; });
  const required = element("input", { type: "checkbox", checked: criterion.required ?? true });
  const node = element("li", { class: "criterion", role: "group", "aria-labelledby": id },
    element("div", { class: "criterion-head" },
      element("strong", { id, title: titled((fact ?? choices.constraints.find(({ name }) => name === criterion.constraint))?.description) || null }, title, fact?.unit ? element("span", { class: "unit" }, `（${unit_text(fact.unit)}）`) : null),
      element("button", { type: "button", class: "close", "aria-label": words.remove(title), title: words.remove(title), onclick: () => on_remove(node) }, "×")),
    element("div", { class: "fields" }, ...fields.nodes),
    element("div", { class: "weighing" },
      element("label", { class: "weight" }, element("span", {}, words.weight), weight, amount),
      element("label", { title: words.required_hint }, required, element("span", {}, words.required))));
  return {
    node,
    read: () => ({ ...fields.read(), weight: Number(weight.value), required: required.checked }),
  };
}
