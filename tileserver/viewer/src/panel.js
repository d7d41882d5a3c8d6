// What is known of the features at one place, with where the data comes from.
import { aggregate_heading, aggregate_rows, is_aggregate, rule_at, statutory_life_years } from "./aggregates.js";
import { element, linked } from "./dom.js";
import { fiscal_year, format_value } from "./format.js";
import { language, text, titled } from "./texts.js";

function row(title, value, extra = "") {
  return [
    element("dt", {}, title),
    value === null ? element("dd", { class: "unknown" }, text.unknown) : element("dd", { class: extra }, typeof value === "string" ? linked(value) : value),
  ];
}

function age_rows(properties, attributes) {
  if (!attributes.some((attribute) => attribute.name === "laid_year")) return [];
  const laid = properties.laid_year;
  if (typeof laid !== "number") return row(text.age, null);
  const age = fiscal_year() - laid;
  const over = age >= statutory_life_years;
  const words = language === "ja" ? `${age}${text.years}` : `${age} ${text.years}`;
  return row(text.age, over ? `${words}（${text.over_life}）` : words, over ? "over-life" : "");
}

function aggregate_list(feature, layer, rule) {
  const list = element("dl");
  for (const { attribute, title, value, over } of aggregate_rows(feature.properties, layer, rule)) {
    list.append(...row(title, value, over ? "over-life" : ""));
    if (attribute?.name === "laid_year") list.append(...age_rows(feature.properties, layer.attributes));
  }
  return [element("p", { class: "remark" }, text.stands_for), list];
}

// What a zoom does not show is neither known nor unknown here, and left out.
function attribute_list(feature, layer, rule, codes_elsewhere) {
  const list = element("dl");
  const shown = (layer.attributes ?? []).filter((attribute) => attribute.tiles !== false);
  const here = rule.attributes ? shown.filter(({ name }) => rule.attributes.includes(name) || feature.properties[name] !== undefined) : shown;
  for (const attribute of here) {
    const codes = attribute.codes?.length ? attribute.codes : codes_elsewhere(attribute.name);
    list.append(...row(titled(attribute.title, attribute.name), format_value(feature.properties[attribute.name], { ...attribute, codes })));
    if (attribute.name === "laid_year") list.append(...age_rows(feature.properties, layer.attributes));
  }
  if (feature.properties.source_id !== undefined) list.append(...row(text.source_id, String(feature.properties.source_id)));
  return [here.length < shown.length ? element("p", { class: "remark" }, text.fewer_attributes) : null, list];
}

function provenance(layer) {
  const list = element("dl");
  const source = layer.source && /^https?:\/\//.test(layer.source_url ?? "")
    ? element("a", { href: layer.source_url, rel: "noopener noreferrer", target: "_blank" }, layer.source) : layer.source;
  list.append(...row(text.source, source || null));
  const entries = [[text.as_of, layer.as_of], [text.licence, layer.licence], [text.attribution, layer.attribution]];
  for (const [title, value] of entries) list.append(...row(title, value ? format_value(value, { type: "date" }) : null));
  if (layer.revision) list.append(...row(text.revision, String(layer.revision).slice(0, 12)));
  return element("div", { class: "provenance" }, element("h4", {}, text.dataset), list);
}

function is_synthetic(feature, layer) {
  const flag = feature.properties.synthetic;
  return flag === undefined ? layer.synthetic === true : flag === true || flag === 1 || flag === "1";
}

// The name that heads a feature: its own, or the title of its first coded attribute (a use district, a zone).
function heading(feature, layer, rule) {
  if (is_aggregate(feature.properties)) return aggregate_heading(feature.properties, layer, rule);
  if (feature.properties.name) return String(feature.properties.name);
  const coded = (layer.attributes ?? []).find((attribute) => attribute.codes?.length && feature.properties[attribute.name] !== undefined);
  return coded ? format_value(feature.properties[coded.name], coded) : `#${feature.id ?? ""}`;
}

function action_row(actions) {
  if (actions.length === 0) return null;
  return element("div", { class: "buttons" }, ...actions.map(({ title, act }) => element("button", { type: "button", onclick: act }, title)));
}

// zoom: of the tiles in view. on_select(feature) is called with the feature that is unfolded, and with nothing
// when the panel closes. actions_of(feature): [{title, act}] of what one can do with it.
export function show_panel(panel, features, layers, { zoom, on_select, actions_of }) {
  const by_id = new Map(layers.map((layer) => [layer.id, layer]));
  const codes_elsewhere = (name) =>
    layers.flatMap((layer) => layer.attributes ?? []).find((other) => `${other.name}s` === name && other.codes?.length)?.codes;
  const close = () => {
    panel.hidden = true;
    panel.replaceChildren();
    on_select(null);
  };
  const title = element("h2", { tabindex: "-1" }, text.features);
  const button = element("button", { type: "button", class: "close", "aria-label": text.close, onclick: close }, "×");
  panel.setAttribute("aria-label", text.features);
  panel.replaceChildren(element("div", { class: "bar" }, title, button));
  panel.onkeydown = (event) => {
    if (event.key === "Escape") close();
  };
  if (features.length === 0) panel.append(element("p", { class: "nothing" }, text.nothing_here));
  features.forEach((feature, index) => {
    const layer = by_id.get(feature.sourceLayer);
    const rule = rule_at(layer, Math.min(zoom, layer.maxzoom));
    const details = element("details", { name: "feature", open: index === 0, "data-layer": layer.id },
      element("summary", {},
        element("span", { class: "kind" }, titled(layer.title, layer.id)),
        element("strong", {}, heading(feature, layer, rule)),
        is_synthetic(feature, layer) ? element("span", { class: "badge", title: text.synthetic_note }, text.synthetic) : null),
      action_row(feature.id === undefined ? [] : actions_of(feature)),
      ...(is_aggregate(feature.properties) ? aggregate_list(feature, layer, rule) : attribute_list(feature, layer, rule, codes_elsewhere)),
      provenance(layer));
    details.addEventListener("toggle", () => {
      if (!details.open) return;
      for (const other of panel.querySelectorAll("details[open]")) if (other !== details) other.open = false;
      on_select(feature);
    });
    panel.append(details);
  });
  panel.hidden = false;
  panel.scrollTop = 0;
  title.focus({ preventScroll: true });
  on_select(features[0] ?? null);
}
