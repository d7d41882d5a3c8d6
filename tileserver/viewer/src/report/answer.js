// The answer of constraint-report, put in the order in which it is read: topic by topic.
import { date_text, percent_text } from "../format.js";
import { text, titled } from "../texts.js";

// One line for each kind of what lies there, or for the layer as a whole.
function overlaps_of(layer, area_m2) {
  const from = layer.as_of ? `${text.as_of} ${date_text(layer.as_of)}` : null;
  const title = titled(layer.title, layer.layer);
  const at_least = layer.at_least === true;
  if (!layer.kinds?.length) return layer.count > 0 ? [{ title, from, area_m2: layer.area_m2, share: layer.share, at_least }] : [];
  return layer.kinds.map((kind) => ({ at_least, title: `${title}${text.colon}${titled(kind.title) || text.unknown}`, from, area_m2: kind.area_m2, share: area_m2 > 0 ? Math.min(1, kind.area_m2 / area_m2) : null }));
}

function rule_of(rule, title_of_rule) {
  return { ...rule, title: titled(rule.title, rule.id), verdict: rule.outcome ?? null, eased: (rule.eased_by ?? []).map(title_of_rule).join(text.comma) || null };
}

function link_of(links, type) {
  return links?.find((link) => link.type?.startsWith(type))?.href;
}

export function read_report(answer, layers) {
  const named = new Map(layers.map((layer) => [layer.id, layer.title]));
  const by_layer = new Map(answer.layers.map((layer) => [layer.layer, layer]));
  const all_rules = [...answer.rules, ...answer.incentives];
  const title_of_rule = (id) => titled(all_rules.find((rule) => rule.id === id)?.title, id);
  const topics = answer.verdicts.map((verdict) => {
    const rules = answer.rules.filter((rule) => rule.topic === verdict.topic);
    const looked_at = [...new Set([...rules.map((rule) => rule.layer).filter(Boolean), ...(verdict.lacking ?? []).map(({ layer }) => layer)])]
      .map((id) => by_layer.get(id)).filter(Boolean);
    return {
      id: verdict.topic,
      title: titled(verdict.title, verdict.topic),
      verdict: verdict.verdict,
      text: verdict.text,
      rules: rules.map((rule) => rule_of(rule, title_of_rule)),
      overlaps: looked_at.flatMap((layer) => overlaps_of(layer, answer.area_m2)),
      layers: looked_at.map((layer) => ({ title: titled(layer.title, layer.layer), coverage: layer.coverage })),
    };
  });
  return {
    title: answer.site ? answer.site.name ?? `#${answer.site.id}` : "",
    as_of: answer.as_of,
    area_m2: answer.area_m2,
    places: answer.municipalities.map(({ name, code, share }) => `${name ?? code}${share < 0.9995 ? ` ${percent_text(share)}` : ""}`).join(text.comma),
    notice: answer.notice,
    topics,
    layers: answer.layers.map((layer) => ({ title: titled(layer.title, layer.layer), coverage: layer.coverage, as_of: layer.as_of, count: layer.count, area_m2: layer.area_m2, share: layer.share, at_least: layer.at_least === true })),
    nearest: answer.nearest.map((near) => ({ ...near, title: titled(near.title, near.kind) })),
    neighbours: answer.neighbouring_zones.map((zone) => ({ ...zone, title: `${titled(named.get(zone.layer), zone.layer)}${text.colon}${titled(zone.title) || text.unknown}` })),
    incentives: answer.incentives.map((rule) => rule_of(rule, title_of_rule)),
    warnings: answer.warnings,
    datasets: answer.datasets.map((dataset) => ({ ...dataset, title: named.get(dataset.layer) })),
    links: { html: link_of(answer.links, "text/html"), json: link_of(answer.links, "application/json"), geojson: link_of(answer.links, "application/geo+json") },
  };
}
