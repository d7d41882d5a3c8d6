// Puts into words what a feature says that stands for several: how many they are, sums, classes of age.
import { fiscal_year, format_count, format_value } from "./format.js";
import { language, text, titled } from "./texts.js";

export const statutory_life_years = 40;

export function is_aggregate(properties) {
  return properties._count !== undefined;
}

// What the layer declares for a zoom: of two entries for one key the later holds, as in the server.
export function rule_at(layer, zoom) {
  const rule = {};
  for (const { zooms, ...entry } of layer.generalise ?? []) {
    if (zooms[0] <= zoom && zoom <= zooms[1]) Object.assign(rule, entry);
  }
  return rule;
}

// "to_1959", "1960_1969", "from_2017" or "unknown": first and last value of a class.
export function class_range(name) {
  const found = /^(?:to_(-?\d+)|(-?\d+)_(-?\d+)|from_(-?\d+))$/.exec(name);
  if (!found) return null;
  const [, to, first, last, from] = found;
  return [from ?? first ?? -Infinity, to ?? last ?? Infinity].map(Number);
}

function span(range) {
  const [first, last] = range.map((end) => (Number.isFinite(end) ? String(end) : ""));
  return first === last ? first : `${first}–${last}`;
}

function classes_of(properties, sum_key) {
  return Object.entries(properties).flatMap(([key, value]) => {
    const name = key.startsWith(`${sum_key}_`) ? key.slice(sum_key.length + 1) : "";
    const range = class_range(name);
    return range || name === "unknown" ? [{ range, value }] : [];
  });
}

// Classes of the year laid as the law sees them: past the service life, within it, unknown. A class on both
// sides of that year is neither and keeps its own name.
function by_age(classes) {
  const last_old = fiscal_year() - statutory_life_years;
  const groups = new Map([[text.past_life, 0], [text.within_life, 0]]);
  for (const { range, value } of classes) {
    const title = !range ? text.year_unknown : range[1] <= last_old ? text.past_life
      : range[0] > last_old ? text.within_life : `${text.laid} ${span(range)}`;
    groups.set(title, (groups.get(title) ?? 0) + value);
  }
  return [...groups];
}

function value_of(value, attribute) {
  if (attribute.unit === "m" && value >= 1000) return format_value(value / 1000, { ...attribute, unit: "km" });
  return format_value(value, attribute);
}

function class_rows(properties, layer, attribute, sum) {
  const classes = classes_of(properties, `${attribute.name}_sum`);
  if (classes.length === 0) return [];
  const is_age = (layer.attributes ?? []).some((other) => other.name === "laid_year");
  const groups = is_age ? by_age(classes) : classes.map(({ range, value }) => [range ? span(range) : text.unknown, value]);
  const percent = (value) => (sum > 0 ? `${Math.round((value / sum) * 100)}%` : "");
  const open = language === "ja" ? "（" : " (";
  const close = language === "ja" ? "）" : ")";
  return groups.map(([title, value]) => ({
    title: `${titled(attribute.title)} ${title}`,
    value: `${value_of(value, attribute)}${percent(value) && open + percent(value) + close}`,
    over: title === text.past_life && value > 0,
  }));
}

function extremes(properties, attribute) {
  const parts = [[text.least, "_min"], [text.greatest, "_max"]]
    .filter(([, way]) => properties[attribute.name + way] !== undefined)
    .map(([word, way]) => `${word} ${value_of(properties[attribute.name + way], attribute)}`);
  return parts.join(language === "ja" ? "、" : ", ");
}

// [{title, value, over}]: value is null where it is unknown.
export function aggregate_rows(properties, layer, rule) {
  const made = rule.cluster ?? rule.join ?? rule.merge ?? {};
  const rows = [];
  for (const attribute of layer.attributes ?? []) {
    const title = titled(attribute.title, attribute.name);
    if (made.by?.includes(attribute.name)) rows.push({ attribute, title, value: format_value(properties[attribute.name], attribute) });
    const range = extremes(properties, attribute);
    if (made.sum?.includes(attribute.name)) {
      const sum = properties[`${attribute.name}_sum`];
      const known = sum === undefined ? null : value_of(sum, attribute);
      const bounds = range && (language === "ja" ? `（${range}）` : ` (${range})`);
      rows.push({ title: text.total(title), value: known && known + bounds });
      rows.push(...class_rows(properties, layer, attribute, sum));
    } else if (range) rows.push({ title, value: range });
  }
  return rows;
}

// 「25件、総事業費 計 312億円」: the number, and the first sum that the layer declares.
export function aggregate_heading(properties, layer, rule) {
  const count = language === "ja" ? format_count(properties._count) : `${properties._count} ${text.features_counted}`;
  const [name] = (rule.cluster ?? rule.join ?? rule.merge ?? {}).sum ?? [];
  const attribute = (layer.attributes ?? []).find((candidate) => candidate.name === name);
  const sum = properties[`${name}_sum`];
  if (!attribute || sum === undefined) return count;
  return `${count}${language === "ja" ? "、" : ", "}${text.total(titled(attribute.title))} ${value_of(sum, attribute)}`;
}
