// Where an answer comes from, and what it warns of.
import { element } from "./dom.js";
import { date_text, number_text } from "./format.js";
import { language, text, titled } from "./texts.js";

function warning_text(warning) {
  if (typeof warning === "string") return warning;
  return titled(warning?.text ?? warning?.message ?? warning);
}

const shown_at_once = 2;

// Many are folded, so that they do not hide what they are about.
export function warning_list(warnings) {
  if (!warnings?.length) return null;
  const list = element("ul", {}, ...warnings.map((warning) => element("li", {}, warning_text(warning))));
  if (warnings.length <= shown_at_once) return element("div", { class: "warnings", role: "group", "aria-label": text.warnings }, list);
  return element("details", { class: "warnings" }, element("summary", {}, `${text.warnings} (${number_text(warnings.length)})`), list);
}

// answer: { as_of, datasets: [{ layer, title, partition, as_of, source, licence, attribution, synthetic }] }
export function sources_list({ as_of, datasets }) {
  if (!datasets?.length) return null;
  const lines = new Map(); // partitions of one source are one line
  for (const dataset of datasets) {
    const source = dataset.attribution || dataset.source_name || dataset.source || "";
    const title = titled(dataset.title, dataset.layer ?? "");
    const when = dataset.as_of ? date_text(dataset.as_of) : text.unknown;
    lines.set(`${title}|${source}|${when}|${dataset.licence ?? ""}`, [title, source, `${text.as_of} ${when}`, dataset.licence].filter(Boolean).join(language === "ja" ? "／" : " / "));
  }
  return element("details", { class: "sources" }, element("summary", {}, `${text.datasets}${as_of ? ` (${text.answered_as_of} ${date_text(as_of)})` : ""}`),
    element("ul", {}, ...[...lines.values()].map((line) => element("li", {}, line))));
}
