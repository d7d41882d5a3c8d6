// How values are put into words, without a browser.
import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.location = { search: "?lang=ja" };
const { fiscal_year, format_value, yen } = await import("../../tileserver/viewer/src/format.js");

test("amounts read as Japanese do, down to the single yen", () => {
  assert.equal(yen(120000000), "1億2,000万円");
  assert.equal(yen(14502000), "1,450万2,000円");
  assert.equal(yen(1003000000001), "1兆30億1円");
  assert.equal(yen(9999), "9,999円");
  assert.equal(yen(0), "0円");
  assert.equal(yen(-50000), "▲5万円");
});

test("unknown is unknown and zero is zero", () => {
  assert.equal(format_value(undefined, { type: "real", unit: "ha" }), null);
  assert.equal(format_value(null, { type: "text" }), null);
  assert.equal(format_value(0, { type: "real", unit: "ha" }), "0 ha");
});

test("codes become their titles, also several in one value", () => {
  const codes = [{ code: "industrial", title: { ja: "工業地域", en: "Industrial" } }, { code: "exclusive_industrial", title: { ja: "工業専用地域", en: "Exclusively industrial" } }];
  assert.equal(format_value("industrial", { type: "text", codes }), "工業地域");
  assert.equal(format_value("exclusive_industrial,industrial", { type: "text", codes }), "工業専用地域・工業地域");
  assert.equal(format_value("martian", { type: "text", codes }), "martian");
});

test("a fiscal year names the era in which it begins", () => {
  const attribute = { type: "integer", unit: "year", title: { ja: "布設年度" } };
  assert.equal(format_value(1972, attribute), "1972年度（昭和47年度）");
  assert.equal(format_value(1988, attribute), "1988年度（昭和63年度）");
  assert.equal(format_value(1989, attribute), "1989年度（平成元年度）");
  assert.equal(format_value(2019, attribute), "2019年度（平成31年度）");
  assert.equal(format_value(1980, { type: "integer", unit: "year", title: { ja: "供用開始年" } }), "1980年");
});

test("the fiscal year turns on 1 April, Japanese time", () => {
  assert.equal(fiscal_year(new Date("2026-03-31T14:59:59Z")), 2025);
  assert.equal(fiscal_year(new Date("2026-03-31T15:00:00Z")), 2026);
  assert.equal(fiscal_year(new Date("2026-12-31T23:00:00Z")), 2026);
});
