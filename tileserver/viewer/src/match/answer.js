// The answer of match-sites, as the list and the map show it.
import { format_value } from "../format.js";
import { titled } from "../texts.js";

export function read_answer(answer, question, choices) {
  const link = (type) => answer.links?.find((entry) => entry.type?.startsWith(type))?.href;
  const sites = answer.features.map((feature, index) => ({
    id: feature.id,
    layer: "factory_sites",
    rank: index + 1,
    name: feature.properties.name,
    place: feature.properties.municipality,
    area: format_value(feature.properties.area_ha, { unit: "ha" }),
    synthetic: feature.properties.synthetic === true,
    geometry: feature.geometry,
    score: feature.properties.score,
    criteria: feature.properties.criteria.map((criterion) => ({
      title: titled(criterion.title), value: format_value(criterion.value, criterion), state: criterion.result,
      contribution: criterion.contribution ?? null, source: criterion.source?.source ?? null, as_of: criterion.source?.as_of ?? null })),
  }));
  return {
    sites,
    total: answer.numberMatched ?? sites.length,
    funnel: answer.funnel ?? null,
    warnings: answer.warnings ?? [],
    as_of: answer.as_of,
    datasets: answer.datasets,
    links: { geojson: link("application/geo+json"), csv: link("text/csv"), self: answer.links?.find(({ rel }) => rel === "self")?.href },
  };
}
