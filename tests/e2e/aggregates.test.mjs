// How features that stand for several are put into words, without a browser.
import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.location = { search: "?lang=ja" };
const { aggregate_heading, aggregate_rows, class_range, rule_at } = await import("../../tileserver/viewer/src/aggregates.js");
const { fiscal_year } = await import("../../tileserver/viewer/src/format.js");

const title = (ja) => ({ ja, en: ja });
const pipes = {
  attributes: [
    { name: "laid_year", title: title("布設年度"), type: "integer", unit: "year" },
    { name: "length_m", title: title("延長"), type: "real", unit: "m" },
  ],
};
const cluster = { cluster: { sum: ["length_m"] } };
const told = (rows) => rows.map((row) => [row.title, row.value]);

test("of two entries for a zoom the later holds", () => {
  const layer = { generalise: [{ zooms: [5, 9], cluster: { cell: 512 }, attributes: ["a"] }, { zooms: [8, 9], attributes: ["b"] }] };
  assert.deepEqual(rule_at(layer, 7), { cluster: { cell: 512 }, attributes: ["a"] });
  assert.deepEqual(rule_at(layer, 8), { cluster: { cell: 512 }, attributes: ["b"] });
  assert.deepEqual(rule_at(layer, 10), {});
  assert.deepEqual(rule_at({}, 10), {});
});

test("classes are known by their names", () => {
  assert.deepEqual(class_range("to_1959"), [-Infinity, 1959]);
  assert.deepEqual(class_range("1960_1969"), [1960, 1969]);
  assert.deepEqual(class_range("from_2017"), [2017, Infinity]);
  assert.equal(class_range("unknown"), null);
  assert.equal(class_range("m3_per_day"), null);
});

test("pipes are past their service life, within it or of unknown year; what straddles the line is neither", () => {
  const year = fiscal_year();
  const properties = {
    _count: 5, length_m_sum: 4000, [`length_m_sum_to_${year - 50}`]: 700, [`length_m_sum_${year - 49}_${year - 42}`]: 300,
    [`length_m_sum_${year - 41}_${year - 38}`]: 1500, [`length_m_sum_from_${year - 37}`]: 500, length_m_sum_unknown: 1000,
  };
  assert.deepEqual(told(aggregate_rows(properties, pipes, cluster)), [
    ["延長 計", "4 km"], ["延長 布設40年以上", "1 km（25%）"], ["延長 布設40年未満", "500 m（13%）"],
    [`延長 布設年度 ${year - 41}–${year - 38}`, "1.5 km（38%）"], ["延長 布設年度不明", "1 km（25%）"]]);
  assert.equal(aggregate_heading(properties, pipes, cluster), "5件、延長 計 4 km");
});

test("a sum of none but unknown values is unknown, not zero", () => {
  assert.deepEqual(told(aggregate_rows({ _count: 3 }, pipes, cluster)), [["延長 計", null]]);
  assert.equal(aggregate_heading({ _count: 3 }, pipes, cluster), "3件");
});

test("what members share is told as it is, unknown where they share that", () => {
  const join = { join: { by: ["laid_year"], sum: ["length_m"] } };
  assert.deepEqual(told(aggregate_rows({ _count: 2, laid_year: 1980, length_m_sum: 12 }, pipes, join)),
    [["布設年度", "1980年度（昭和55年度）"], ["延長 計", "12 m"]]);
  assert.deepEqual(told(aggregate_rows({ _count: 2, length_m_sum: 12 }, pipes, join)), [["布設年度", null], ["延長 計", "12 m"]]);
});
