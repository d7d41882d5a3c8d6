// Features that stand for several, in a real browser: drawn once, told truly; and what tiles in view leave out.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { click_place, find_layer, launch, layers_of_server, look_at, map_ready, panels_of, place_on, rendered, rgb, server_url, use_page } from "./browser.mjs";

globalThis.location = { search: "?lang=ja" };
const { fiscal_year, format_value, yen } = await import("../../tileserver/viewer/src/format.js");

let browser;
let layers;
before(async () => {
  browser = await launch();
  layers = await layers_of_server();
});
after(() => browser?.close());
const with_page = (options, use) => use_page(browser, options, use);

const stands_for_several = ({ properties }) => properties._count !== undefined;

function unique(features) {
  return [...new Map(features.map((feature) => [JSON.stringify([feature.id, { ...feature.properties, _dropped: 0 }, feature.geometry]), feature])).values()];
}

async function click_and_read(page, id, feature, heading) {
  await click_place(page, place_on(feature.geometry));
  const shown = await panels_of(page, id);
  const found = shown.find((panel) => panel.heading.includes(heading));
  assert.ok(found, `${heading} in ${shown.map((panel) => panel.heading).join(" | ")}`);
  const texts = await page.$$eval("#panel dt", (titles) => titles.map((title) => title.textContent));
  assert.ok(texts.every((title) => !title.includes("_")), `no key is shown as it is: ${texts}`);
  return found;
}

describe("far out", () => {
  test("investments are circles with their sum, and no feature is drawn twice", () => with_page({}, async (page) => {
    await map_ready(page);
    await find_layer(page, layers.get("investments"), { zoom: 8 });
    const drawn = await rendered(page, "investments");
    const clusters = unique(drawn.filter((feature) => stands_for_several(feature) && feature.layer === "investments-cluster"));
    assert.ok(clusters.length > 3);
    for (const feature of drawn) assert.equal(feature.layer.startsWith("investments-cluster"), stands_for_several(feature), feature.layer);
    assert.ok(drawn.some((feature) => feature.layer === "investments-cluster-label"), "some have room for a label");
    const [largest] = clusters.sort((a, b) => b.properties._count - a.properties._count);
    const { _count: count, amount_jpy_sum: sum, amount_jpy_min: least, amount_jpy_max: most, jobs_sum: jobs } = largest.properties;
    const told = await click_and_read(page, "investments", largest, `${count}件、総事業費 計 ${yen(sum)}`);
    assert.match(told.remark, /まとめた/);
    assert.equal(told.rows["総事業費 計"], `${yen(sum)}（最小 ${yen(least)}、最大 ${yen(most)}）`);
    assert.equal(told.rows["雇用数 計"], jobs === undefined ? "不明" : format_value(jobs, {}) ?? String(jobs));
    assert.ok(count >= 2 && least <= most && most <= sum);
    assert.equal(told.rows["事業名"], undefined);
    await page.click(`#panel details:has-text("${count}件、総事業費 計 ${yen(sum)}") summary`);
    await page.waitForFunction((wanted) => window.ritchi.map.getLayer("chosen-circle") && window.ritchi.map.queryRenderedFeatures({ layers: ["chosen-circle"] })
      .some(({ properties }) => properties._count === wanted), count);
  }));

  test("a circle of pipes tells length by age and how much is of unknown year", () => with_page({}, async (page) => {
    await map_ready(page);
    await find_layer(page, layers.get("water_pipes"), { zoom: 7, wanted: stands_for_several });
    const drawn = await rendered(page, "water_pipes");
    assert.ok(drawn.every((feature) => feature.layer.startsWith("water_pipes-cluster")), "far out there are no lines");
    const [largest] = drawn.filter(({ layer }) => layer === "water_pipes-cluster").sort((a, b) => b.properties._count - a.properties._count);
    const all = largest.properties.length_m_sum;
    const groups = { 布設40年以上: 0, 布設40年未満: 0, 布設年度不明: 0 };
    for (const [key, value] of Object.entries(largest.properties)) {
      const last = /^length_m_sum_(?:to|\d+)_(\d+)$/.exec(key)?.[1];
      if (key === "length_m_sum_unknown") groups["布設年度不明"] += value;
      else if (last && Number(last) <= fiscal_year() - 40) groups["布設40年以上"] += value;
      else if (key.startsWith("length_m_sum_")) groups["布設40年未満"] += value;
    }
    assert.ok(Object.values(groups).every((length) => length > 0), "the test needs pipes of each kind");
    const told = await click_and_read(page, "water_pipes", largest, `${largest.properties._count}件、図形延長 計`);
    for (const [title, length] of Object.entries(groups)) {
      const words = length < 1000 ? format_value(length, { unit: "m" }) : format_value(length / 1000, { unit: "km" });
      assert.equal(told.rows[`図形延長 ${title}`], `${words}（${Math.round((length / all) * 100)}%）`);
    }
    assert.ok(Math.abs(Object.values(groups).reduce((sum, length) => sum + length) - all) < 0.01);

    // The colour is of the share past 40 years of what is known.
    const share = groups["布設40年以上"] / (all - groups["布設年度不明"]);
    const stops = [[0, rgb("#2c7fb8")], [0.3, rgb("#f0a202")], [0.7, rgb("#c1272d")], [1, rgb("#c1272d")]];
    const at = stops.findIndex(([stop]) => stop > share);
    const [[from, low], [to, high]] = [stops[at - 1], stops[at]];
    const wanted = low.map((part, index) => part + ((high[index] - part) * (share - from)) / (to - from));
    rgb(largest.paint["circle-color"]).forEach((part, index) => assert.ok(Math.abs(part - wanted[index]) <= 2, `${part} and ${wanted[index]}`));
  }));

  test("lines that are joined keep colour and year, and say what they are", () => with_page({}, async (page) => {
    await map_ready(page);
    const joined = ({ layer, properties }) => layer === "water_pipes-age" && properties._count > 1;
    const [found] = await find_layer(page, layers.get("water_pipes"), { zoom: 11.5, wanted: joined });
    assert.ok(found, "joined lines in view");
    await look_at(page, place_on(found.geometry), 12.5);
    const told = await click_and_read(page, "water_pipes", found, "件、図形延長 計");
    assert.match(told.rows["布設年度"], /^\d{4}年度/);
    assert.match(told.rows["図形延長 計"], /^[\d,.]+ k?m$/);
    assert.match(told.rows["経過年数"], /^\d+年/);
  }));

  test("attributes that a zoom does not have are left out, not called unknown", () => with_page({}, async (page) => {
    await map_ready(page);
    const [site] = await find_layer(page, layers.get("factory_sites"), { zoom: 9 });
    const place = place_on(site.geometry);
    await click_and_read(page, "factory_sites", site, site.properties.name ?? "");
    const [far] = await panels_of(page, "factory_sites");
    assert.match(far.remark, /一部の項目/);
    assert.equal(far.rows["地質"], undefined);
    await look_at(page, place, 14);
    await click_place(page, place);
    const [near] = await panels_of(page, "factory_sites");
    assert.equal(near.remark, undefined);
    assert.ok(near.rows["地質"]);
  }));

  test("in English the sums are English", () => with_page({ locale: "en-GB" }, async (page) => {
    await map_ready(page);
    const words = await page.evaluate(() => JSON.stringify(window.ritchi.map.getLayoutProperty("investments-cluster-label", "text-field")));
    assert.ok(words.includes(" bn") && !words.includes("億円"));
  }));
});

describe("near", () => {
  for (const id of ["investments", "water_pipes", "farmland_parcels"]) {
    test(`${id} are single features`, () => with_page({}, async (page) => {
      await map_ready(page);
      const found = await find_layer(page, layers.get(id), { zoom: 13.2 });
      assert.ok(found.length > 0);
      for (const feature of await rendered(page, id)) {
        assert.equal(stands_for_several(feature), false);
        assert.equal(typeof feature.id, "number");
        assert.ok(!feature.layer.includes("cluster"));
      }
    }));
  }
});

// A tile of the layer that leaves features out, as the server says in its answer.
async function crowded_tile(layer) {
  const index = (zoom, lon, lat) => [(lon + 180) / 360, 0.5 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / (2 * Math.PI)].map((part) => Math.floor(part * 2 ** zoom));
  const [west, south, east, north] = layer.bounds;
  for (let zoom = layer.minzoom; zoom < layer.maxzoom; zoom += 1) {
    const [left, top] = index(zoom, west, north);
    const [right, bottom] = index(zoom, east, south);
    for (let x = left; x <= right; x += 1) {
      for (let y = top; y <= bottom; y += 1) {
        const answer = await fetch(`${server_url}/xyz/${layer.id}/${zoom}/${x}/${y}.mvt`);
        const said = answer.headers.get("ritchi-dropped");
        if (said) return { zoom, x, y, dropped: Number(said.split("=")[1]) };
      }
    }
  }
  return null;
}

describe("what tiles leave out", () => {
  test("is said while it is so, and never as an attribute", () => with_page({}, async (page) => {
    await map_ready(page);
    const crowded = await crowded_tile(layers.get("farmland_parcels"));
    assert.ok(crowded, "the test needs a tile that leaves something out");
    const middle = [((crowded.x + 0.5) / 2 ** crowded.zoom) * 360 - 180,
      (Math.atan(Math.sinh(Math.PI * (1 - (2 * (crowded.y + 0.5)) / 2 ** crowded.zoom))) * 180) / Math.PI];
    await look_at(page, middle, crowded.zoom + 0.3);
    await page.waitForFunction(() => /件を省略/.test(document.querySelector("#left-out").textContent));
    const said = Number(/([\d,]+)件を省略/.exec(await page.textContent("#left-out"))[1].replace(",", ""));
    assert.ok(said >= crowded.dropped);

    await page.uncheck("#switch-farmland_parcels");
    await page.waitForFunction((before) => !document.querySelector("#left-out").textContent.includes(`${before}件`), said.toLocaleString("ja"));
    await page.check("#switch-farmland_parcels");
    await page.waitForFunction(() => /件を省略/.test(document.querySelector("#left-out").textContent));

    await look_at(page, middle, 14);
    await page.waitForFunction(() => document.querySelector("#left-out").textContent === "");
    assert.equal(await page.locator("#left-out").isVisible(), false);
  }));
});
