// The answer of match-sites, as the list and the map show it.
import { format_value, percent_text } from "../format.js";
import { language, text, titled } from "../texts.js";
import { words } from "./words.js";

function one_value(value, codes) {
  const code = codes.find((entry) => String(entry.code) === String(value));
  return code ? titled(code.title, String(value)) : String(value);
}

// null: unknown. An empty set is known to be none.
function exact_value_of(criterion, choices) {
  const { value } = criterion;
  if (value === null || value === undefined) return null;
  if ("constraint" in criterion) return percent_text(value);
  const codes = choices.facts.find(({ name }) => name === criterion.fact)?.codes ?? [];
  if (Array.isArray(value)) return value.length > 0 ? value.map((word) => one_value(word, codes)).join(language === "ja" ? "・" : ", ") : text.none;
  if (typeof value === "string") return one_value(value, codes);
  return format_value(value, { unit: criterion.unit, title: { ja: criterion.title } });
}

// What was found in a part of the place is told as that.
function value_of(criterion, choices) {
  const value = exact_value_of(criterion, choices);
  if (value === null || criterion.at_least !== true) return value;
  return Array.isArray(criterion.value) ? words.perhaps_more(value) : text.or_more(value);
}

function criterion_of(criterion, choices) {
  return {
    title: criterion.title,
    value: value_of(criterion, choices),
    state: criterion.status,
    contribution: criterion.contribution,
    source: criterion.source?.source_name ?? titled(choices.layer_title(criterion.source?.layer), criterion.source?.layer ?? null),
    as_of: criterion.source?.as_of ?? null,
  };
}

function site_of({ id, geometry, properties }, layer, choices) {
  return {
    id,
    layer,
    rank: properties.rank,
    name: properties.name,
    place: properties.municipality,
    area: format_value(properties.area_ha, { unit: "ha" }),
    synthetic: properties.synthetic === true,
    geometry,
    score: properties.score,
    criteria: properties.criteria.map((criterion) => criterion_of(criterion, choices)),
  };
}

// Of equal types the first: the answer in its own form comes before others.
function link_of(links, wanted) {
  return links?.find((link) => wanted(link))?.href;
}

export function read_answer(answer, choices) {
  const { funnel } = answer;
  return {
    sites: answer.features.map((feature) => site_of(feature, answer.inputs?.layer ?? "factory_sites", choices)),
    total: answer.numberMatched,
    funnel: {
      all: funnel.considered,
      outside: funnel.within?.outside ?? 0,
      without_place: funnel.within?.unknown ?? 0,
      left: funnel.matched,
      steps: funnel.criteria.map(({ title, required, alone, in_turn, remaining, unknown }) => ({ title, required, alone, in_turn, left: remaining, unknown })),
    },
    warnings: answer.warnings,
    as_of: answer.as_of,
    datasets: answer.datasets.map((dataset) => ({ ...dataset, title: choices.layer_title(dataset.layer) })),
    links: {
      geojson: link_of(answer.links, ({ type }) => type?.startsWith("application/geo+json")),
      csv: link_of(answer.links, ({ type }) => type?.startsWith("text/csv")),
      self: link_of(answer.links, ({ rel }) => rel === "self"),
    },
  };
}
