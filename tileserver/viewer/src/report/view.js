// The report as one reads it: verdicts first, then why, then what is near and what is offered.
import { element, svg } from "../dom.js";
import { area_text, date_text, number_text, percent_text } from "../format.js";
import { sources_list, warning_list } from "../sources.js";
import { text } from "../texts.js";
import { words } from "./words.js";

const most_overlaps = 12;

// A shape for each verdict: colours alone tell nothing to many.
function verdict_icon(verdict) {
  const shapes = {
    clear: [svg("circle", { cx: 9, cy: 9, r: 8 }), svg("path", { class: "ink", d: "M5 9.4 8 12.2 13 6.4" })],
    procedure: [svg("path", { d: "M9 1 17.4 16.4H.6z" }), svg("path", { class: "ink", d: "M9 6.4v5M9 13.4v.6" })],
    blocked: [svg("path", { d: "M5.6 1h6.8L17 5.6v6.8L12.4 17H5.6L1 12.4V5.6z" }), svg("path", { class: "ink", d: "M4.8 9h8.4" })],
    unknown: [svg("rect", { x: 1.5, y: 1.5, width: 15, height: 15, rx: 3 }), svg("path", { class: "ink", d: "M6.6 7a2.4 2.4 0 1 1 3.4 2.2q-1 .5-1 1.6M9 13v.6" })],
  };
  return svg("svg", { viewBox: "0 0 18 18", width: 18, height: 18, class: `verdict-icon ${verdict}`, "aria-hidden": "true" }, ...(shapes[verdict] ?? shapes.unknown));
}

function rows(entries) {
  return element("dl", {}, ...entries.filter(([, value]) => value).flatMap(([title, value]) => [element("dt", {}, title), element("dd", {}, value)]));
}

function validity(rule) {
  return [rule.valid_from && words.since(date_text(rule.valid_from)), rule.valid_to && words.until(date_text(rule.valid_to))].filter(Boolean).join(text.comma);
}

function source_of(rule) {
  if (!rule.source) return null;
  const { title, url, date } = rule.source;
  const name = /^https?:\/\//.test(url ?? "") ? element("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, title || url) : title;
  return element("span", {}, name ?? "", date ? ` (${words.read_on} ${date_text(date)})` : "");
}

// Where data cover a part of the place, there may be more than what was found.
function perhaps_more(value, at_least) {
  return at_least ? text.or_more(value) : value;
}

const measures = { site_m2: area_text, overlap_m2: area_text, feature_m2: area_text, overlap_share: percent_text };

// "重なる面積 5 ha以上（この場所：6.32 ha）"
function threshold_text(threshold, rule) {
  const say = measures[threshold.measure] ?? number_text;
  const at_least = rule.at_least === true && threshold.measure !== "site_m2";
  const bounds = ["at_least", "more_than", "at_most", "less_than"].filter((bound) => threshold[bound] !== undefined)
    .map((bound) => words.bounds[bound](say(threshold[bound])));
  return `${words.measures[threshold.measure] ?? threshold.measure} ${bounds.join(text.comma)}${words.here(perhaps_more(say(threshold.value), at_least))}`;
}

function rule_card(rule) {
  return element("li", { class: "rule" },
    element("strong", {}, rule.title),
    rule.verdict && words.verdicts[rule.verdict] ? element("span", { class: `verdict-word ${rule.verdict}` }, words.verdicts[rule.verdict]) : null,
    rows([[words.procedure, rule.procedure], [words.threshold, (rule.thresholds ?? []).map((threshold) => threshold_text(threshold, rule)).join(text.comma)], [words.authority, rule.authority], [words.legal_basis, rule.legal_basis],
      [words.missing, rule.missing], [words.eased, rule.eased], [words.note, rule.note], [words.valid, validity(rule)], [words.rule_source, source_of(rule)]]));
}

function overlap_line(overlap) {
  const size = [overlap.area_m2 === null ? null : area_text(overlap.area_m2), overlap.share === null ? null : percent_text(overlap.share)].filter(Boolean)
    .map((part) => perhaps_more(part, overlap.at_least)).join("　");
  return element("tr", {},
    element("th", { scope: "row" }, overlap.title, overlap.from ? element("small", { class: "from" }, overlap.from) : null),
    element("td", { class: "figure" }, size || text.unknown));
}

// Where data lack, nothing found is not nothing there.
function overlap_table({ overlaps, verdict }) {
  if (overlaps.length === 0) return verdict === "clear" ? element("p", { class: "note" }, words.nothing_overlaps) : null;
  const shown = overlaps.slice(0, most_overlaps);
  return element("table", {},
    element("thead", {}, element("tr", {}, element("th", { scope: "col" }, words.overlaps), element("th", { scope: "col", class: "figure" }, words.share_of_place))),
    element("tbody", {}, ...shown.map(overlap_line)),
    overlaps.length > shown.length ? element("tfoot", {}, element("tr", {}, element("td", { colspan: 2 }, words.more(number_text(overlaps.length - shown.length))))) : null);
}

function coverage_line(layers) {
  if (layers.length === 0) return null;
  return element("p", { class: "note" }, `${words.coverage}${text.colon}`, ...layers.flatMap((layer, index) => [index > 0 ? text.comma : "",
    element("span", { class: `coverage ${layer.coverage}` }, `${layer.title} ${words.coverages[layer.coverage] ?? layer.coverage}`)]));
}

function topic_item(topic) {
  const verdict = words.verdicts[topic.verdict] ? topic.verdict : "unknown";
  return element("details", { class: "topic", "data-topic": topic.id, "data-verdict": verdict },
    element("summary", {}, verdict_icon(verdict), element("span", { class: "what" }, element("strong", {}, topic.title)),
      element("span", { class: `verdict-word ${verdict}` }, words.verdicts[verdict])),
    element("div", { class: "topic-body" },
      element("p", {}, topic.text || words.verdict_hints[verdict]),
      overlap_table(topic),
      topic.rules.length > 0 ? element("ul", { class: "rules", "aria-label": words.rules }, ...topic.rules.map(rule_card)) : null,
      coverage_line(topic.layers)));
}

function distance_text(distance_m) {
  return distance_m < 1000 ? `${number_text(Math.round(distance_m))} m` : `${number_text(Math.round(distance_m / 10) / 100)} km`;
}

function nearest_table(nearest) {
  const not_found = (near) => (near.has_data ? words.none_within(distance_text(near.looked_within_m)) : words.coverages.no_data);
  return element("table", {},
    element("tbody", {}, ...nearest.map((near) => element("tr", {},
      element("th", { scope: "row" }, near.title),
      element("td", {}, near.name ?? ""),
      near.distance_m === null ? element("td", { class: "figure unknown" }, not_found(near)) : element("td", { class: "figure" }, distance_text(near.distance_m))))));
}

function layer_table(layers) {
  return element("table", {},
    element("thead", {}, element("tr", {}, ...[words.layer, words.coverage, words.share_of_place].map((title) => element("th", { scope: "col" }, title)))),
    element("tbody", {}, ...layers.map((layer) => element("tr", {},
      element("th", { scope: "row" }, layer.title, layer.as_of ? element("small", { class: "from" }, `${text.as_of} ${date_text(layer.as_of)}`) : null),
      element("td", { class: `coverage ${layer.coverage}` }, words.coverages[layer.coverage] ?? layer.coverage),
      element("td", { class: "figure" }, layer.count > 0 ? [area_text(layer.area_m2), percent_text(layer.share)].map((part) => perhaps_more(part, layer.at_least)).join("　") : layer.coverage === "covered" ? words.none : text.unknown)))));
}

function neighbour_table(zones) {
  return element("table", {}, element("tbody", {}, ...zones.map((zone) => element("tr", {},
    element("th", { scope: "row" }, zone.title), element("td", {}, zone.municipality_code), element("td", { class: "figure" }, distance_text(zone.distance_m))))));
}

function section(title, ...content) {
  return element("section", { class: "part" }, element("h4", {}, title), ...content);
}

// action: what one can do with the report as a whole, beside its heading.
export function report_view(report, action) {
  const facts = [[words.area, report.area_m2 === null ? null : area_text(report.area_m2)], [words.lies_in, report.places], [text.answered_as_of, report.as_of && date_text(report.as_of)]];
  return [
    element("div", { class: "results-head" }, element("h3", { tabindex: "-1" }, report.title ? `${words.results}${text.colon}${report.title}` : words.results), action),
    rows(facts),
    report.notice ? element("p", { class: "note" }, report.notice) : "",
    warning_list(report.warnings) ?? "",
    section(words.topics, ...report.topics.map(topic_item)),
    report.nearest.length > 0 ? section(words.nearest, nearest_table(report.nearest)) : "",
    section(words.incentives, report.incentives.length > 0 ? element("ul", { class: "rules" }, ...report.incentives.map(rule_card)) : element("p", { class: "note" }, words.no_incentives)),
    report.neighbours.length > 0 ? section(words.neighbours, neighbour_table(report.neighbours)) : "",
    section(words.layers, layer_table(report.layers)),
    sources_list(report) ?? "",
  ];
}

