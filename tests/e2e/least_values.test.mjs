// How the page tells values that are only known to be at least so much, without a browser.
import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.location = { search: "?lang=ja" };
const { read_answer } = await import("../../tileserver/viewer/src/match/answer.js");
const { read_report } = await import("../../tileserver/viewer/src/report/answer.js");

const choices = { facts: [], layer_title: () => null };
const source = { layer: "flood_depth", as_of: "2024-03-31", source_name: "県" };
const shares = [{ constraint: "flood", unit: "1", value: 0.05 }, { fact: "flood_depth_m", unit: "m", value: 3 }, { fact: "flood_rivers", unit: null, value: ["信濃川"] }];

function shown(criteria) {
  const feature = { id: 1, geometry: null, properties: { rank: 1, score: 0, criteria: criteria.map((each) => ({ title: "浸水", status: "unknown", contribution: 0, source, ...each })) } };
  const funnel = { considered: 1, matched: 1, criteria: [] };
  return read_answer({ features: [feature], funnel, numberMatched: 1, warnings: [], datasets: [], links: [] }, choices).sites[0].criteria.map(({ value }) => value);
}

test("what was found in a part of a site is told as the least there is", () => {
  assert.deepEqual(shown(shares.map((each) => ({ ...each, at_least: true }))), ["5% 以上", "3 m 以上", "信濃川 ほか（一部のみ判明）"]);
  assert.deepEqual(shown(shares), ["5%", "3 m", "信濃川"]);
  assert.deepEqual(shown([{ fact: "flood_depth_m", unit: "m", value: null }]), [null]);
});

test("a report's areas too", () => {
  const layer = { layer: "flood_depth", title: { ja: "浸水" }, coverage: "partly", count: 1, area_m2: 500, share: 0.05, kinds: [], as_of: null };
  const report = (layers) => read_report({ layers, rules: [], incentives: [], verdicts: [], municipalities: [], nearest: [], neighbouring_zones: [], datasets: [], warnings: [], links: [] }, []).layers;
  assert.equal(report([{ ...layer, at_least: true }])[0].at_least, true);
  assert.equal(report([layer])[0].at_least, false);
});
