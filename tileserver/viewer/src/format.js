// Turns stored values into what a person reads: code titles, units, Japanese years and amounts.
import { language, text, titled } from "./texts.js";

const units = {
  ja: { ha: "ha", m2: "㎡", m: "m", mm: "mm", km: "km", kV: "kV", "m3/day": "m³/日", "JPY/m2": "円/㎡", "%": "%" },
  en: { m2: "m²", "m3/day": "m³/day", "JPY/m2": "JPY/m²" },
};
const number_format = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });
const date_format = new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone: "UTC" });
const era_format = new Intl.DateTimeFormat("ja-JP-u-ca-japanese", { era: "long", year: "numeric", timeZone: "UTC" });

// 4月1日, since a fiscal year belongs to the era in which it begins.
function era_of_fiscal_year(year) {
  return era_format.format(new Date(Date.UTC(year, 3, 1)));
}

export function yen(amount) {
  if (language === "en") return `¥${number_format.format(amount)}`;
  const sign = amount < 0 ? "▲" : "";
  let rest = Math.round(Math.abs(amount));
  if (rest < 10000) return `${sign}${number_format.format(rest)}円`;
  const parts = [];
  for (const [size, name] of [[1e12, "兆"], [1e8, "億"], [1e4, "万"], [1, ""]]) {
    const count = Math.floor(rest / size);
    if (count > 0) parts.push(`${number_format.format(count)}${name}`);
    rest -= count * size;
  }
  return `${sign}${parts.join("")}円`;
}

function year(value, attribute) {
  if (language === "en") return String(value);
  return attribute.title?.ja?.endsWith("年度") ? `${value}年度（${era_of_fiscal_year(value)}度）` : `${value}年`;
}

function code_titles(value, codes) {
  const by_code = new Map(codes.map((entry) => [entry.code, titled(entry.title, entry.code)]));
  if (by_code.has(String(value))) return by_code.get(String(value));
  // Some sources give several codes for one place: "exclusive_industrial,industrial".
  const parts = String(value).split(",").map((part) => part.trim());
  return parts.every((part) => by_code.has(part)) ? parts.map((part) => by_code.get(part)).join(language === "ja" ? "・" : ", ") : String(value);
}

// null means that the value is unknown.
export function format_value(value, attribute) {
  if (value === undefined || value === null || value === "") return null;
  if (attribute.codes?.length) return code_titles(value, attribute.codes);
  if (attribute.type === "boolean") return value === true || value === 1 ? text.yes : text.no;
  if (attribute.type === "date" && /^\d{4}-\d{2}-\d{2}$/.test(value)) return date_format.format(new Date(`${value}T00:00:00Z`));
  if (typeof value === "number") {
    if (attribute.unit === "year") return year(value, attribute);
    if (attribute.unit === "JPY") return yen(value);
    const unit = unit_text(attribute.unit);
    return `${number_format.format(value)}${unit && unit !== "%" ? " " : ""}${unit}`;
  }
  return String(value);
}

export function unit_text(unit) {
  return units[language][unit] ?? unit ?? "";
}

// Hectares as people of the field say them, and square metres where there is less than one.
export function area_text(area_m2) {
  return area_m2 < 10000 ? `${number_format.format(Math.round(area_m2))} ${unit_text("m2")}` : `${number_format.format(area_m2 / 10000)} ha`;
}

export function percent_text(share) {
  return `${new Intl.NumberFormat(language, { maximumFractionDigits: share > 0 && share < 0.01 ? 2 : 1 }).format(share * 100)}%`;
}

export function date_text(date) {
  return format_value(date, { type: "date" }) ?? text.unknown;
}

export function number_text(value) {
  return number_format.format(value);
}

export function format_count(count) {
  return `${number_text(count)}${text.count}`;
}

// Japan's fiscal year begins on 1 April, Japanese time, wherever the reader is.
export function fiscal_year(now = new Date()) {
  const japan = new Date(now.getTime() + 9 * 3600 * 1000);
  return japan.getUTCMonth() >= 3 ? japan.getUTCFullYear() : japan.getUTCFullYear() - 1;
}
