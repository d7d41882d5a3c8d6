// What stands in the way, in a real browser: drawing by mouse and by keyboard, files good and bad, the answer.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { find_layer, launch, layers_of_server, look_at, map_ready, place_on, server_url, use_page } from "./browser.mjs";

let browser;
let layers;
before(async () => {
  browser = await launch();
  layers = await layers_of_server();
});
after(() => browser?.close());

const with_page = (options, use) => use_page(browser, options, use);
const field = { type: "Polygon", coordinates: [[[138.85, 37.44], [138.86, 37.44], [138.86, 37.45], [138.85, 37.45], [138.85, 37.44]]] };

async function asked_of_server(inputs) {
  const answer = await fetch(`${server_url}/processes/constraint-report/execution`, { method: "POST", body: JSON.stringify({ inputs }),
    headers: { "Content-Type": "application/json", "Accept-Language": "ja", Accept: "application/json" } });
  assert.equal(answer.status, 200, await answer.clone().text());
  return answer.json();
}

async function open_tool(page) {
  await map_ready(page);
  await page.click("#toggle-report");
  await page.waitForSelector("#report:not([hidden])");
}

function upload(page, name, content) {
  return page.setInputFiles("#report-file", { name, mimeType: "application/geo+json", buffer: Buffer.from(content) });
}

async function ask(page) {
  await page.click("#report form [type=submit]");
  await page.waitForSelector("#report .topic");
}

function drawn(page) {
  return page.evaluate(() => {
    const source = window.ritchi.map.getSource("report-place");
    const data = source?._data?.geojson ?? source?._data;
    return data?.features[0]?.geometry ?? null;
  });
}

// On the screen, relative to the middle of the map.
async function spot(page, dx, dy) {
  const box = await page.locator("#map").boundingBox();
  return [box.x + box.width / 2 + dx, box.y + box.height / 2 + dy];
}

describe("drawing", () => {
  test("clicks set corners, a double click closes, and the report is of what was drawn", () => with_page({ path: "/#13/37.445/138.855" }, async (page, seen) => {
    await open_tool(page);
    await page.click("#report-draw");
    for (const [dx, dy] of [[-80, -60], [80, -60], [80, 60]]) await page.mouse.click(...await spot(page, dx, dy));
    await page.mouse.dblclick(...await spot(page, -80, 60));
    await page.waitForSelector("#drawing", { state: "hidden" });
    const shape = await drawn(page);
    assert.equal(shape.coordinates[0].length, 5);
    assert.match(await page.textContent(".place"), /約.*ha（4角）/);
    const sent = page.waitForRequest((request) => request.url().endsWith("/execution"));
    await ask(page);
    assert.deepEqual((await sent).postDataJSON().inputs.polygon, shape);
    assert.deepEqual(seen.foreign, []);
    assert.deepEqual(seen.complaints, []);
  }));

  test("a click while drawing opens no table of attributes", () => with_page({ path: "/#13/37.445/138.855" }, async (page) => {
    await open_tool(page);
    await page.click("#report-draw");
    await page.mouse.click(...await spot(page, 0, 0));
    assert.equal(await page.locator("#panel").isVisible(), false);
    assert.match(await page.textContent("#drawing"), /角 1/);
  }));

  test("the keyboard alone draws, takes back and closes", () => with_page({ path: "/#13/37.445/138.855" }, async (page) => {
    await open_tool(page);
    await page.focus("#report-draw");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#drawing:not([hidden])");
    const settle = () => page.evaluate(() => new Promise((resolve) => {
      const { map } = window.ritchi;
      if (map.isMoving()) map.once("moveend", () => resolve());
      else resolve();
    }));
    const center = () => page.evaluate(() => window.ritchi.map.getCenter().toArray());
    const moved = async (key) => {
      const from = await center();
      await page.keyboard.press(key);
      await page.waitForFunction(([lng, lat]) => { const now = window.ritchi.map.getCenter(); return now.lng !== lng || now.lat !== lat; }, from);
      await settle();
    };
    await page.keyboard.press("Space");
    await moved("ArrowRight");
    await page.keyboard.press("Space");
    await moved("ArrowDown");
    await page.keyboard.press("Space");
    await moved("ArrowDown");
    await page.keyboard.press("Space");
    assert.match(await page.textContent("#drawing"), /角 4/);
    await page.keyboard.press("Backspace");
    assert.match(await page.textContent("#drawing"), /角 3/);
    await page.keyboard.press("Enter");
    await page.waitForSelector("#drawing", { state: "hidden" });
    assert.equal((await drawn(page)).coordinates[0].length, 4);
  }));

  test("Escape gives up and leaves the place as it was", () => with_page({ path: "/#13/37.445/138.855" }, async (page) => {
    await open_tool(page);
    await page.click("#report-draw");
    await page.mouse.click(...await spot(page, -50, 0));
    await page.mouse.click(...await spot(page, 50, 0));
    await page.keyboard.press("Escape");
    await page.waitForSelector("#drawing", { state: "hidden" });
    assert.equal(await drawn(page), null);
    assert.equal(await page.locator("#report").isVisible(), true, "Escape was of the drawing, not of the panel");
  }));

  test("crossing lines and too few corners are said, and drawing goes on", () => with_page({ path: "/#13/37.445/138.855" }, async (page) => {
    await open_tool(page);
    await page.click("#report-draw");
    await page.mouse.click(...await spot(page, -60, -60));
    await page.mouse.click(...await spot(page, 60, 60));
    await page.keyboard.press("Enter");
    assert.match(await page.textContent("#drawing .trouble"), /3つ以上/);
    await page.mouse.click(...await spot(page, 60, -60));
    await page.mouse.click(...await spot(page, -60, 60));
    await page.keyboard.press("Enter");
    assert.match(await page.textContent("#drawing .trouble"), /交わって/);
    await page.keyboard.press("Backspace");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#drawing", { state: "hidden" });
  }));
});

describe("files", () => {
  const cases = {
    "no JSON": ["{", /JSON として読めません/],
    "no GeoJSON": ['{"a":1}', /GeoJSON ではありません/],
    "a line": ['{"type":"LineString","coordinates":[[138,37],[139,37]]}', /LineString/],
    "latitude first": [JSON.stringify({ type: "Polygon", coordinates: [field.coordinates[0].map(([x, y]) => [y, x])] }), /逆/],
    "another reference system": [JSON.stringify({ ...field, crs: { type: "name", properties: { name: "urn:ogc:def:crs:EPSG::6676" } } }), /EPSG::6676/],
    "too many vertices": [JSON.stringify({ type: "Polygon", coordinates: [Array.from({ length: 10002 }, (_, i) => [138 + i / 1e6, 37])] }), /10,?00\d/],
    "too large": [" ".repeat(5 * 1024 * 1024 + 1), /5 MB/],
    "markup in it": ['{"type":"<img src=x onerror=window.caught=1>"}', /<img src=x/],
  };
  for (const [name, [content, words]] of Object.entries(cases)) {
    test(`${name}: refused with a reason, and nothing is asked`, () => with_page({}, async (page, seen) => {
      await open_tool(page);
      await upload(page, "place.geojson", content);
      await page.waitForSelector("#report .places .trouble:not([hidden])");
      assert.match(await page.textContent("#report .places .trouble"), words);
      assert.equal(await page.evaluate(() => window.caught), undefined);
      assert.ok(!seen.requests.some((url) => url.includes("/execution")));
    }));
  }

  test("a good file is shown and asked about", () => with_page({}, async (page) => {
    await open_tool(page);
    await upload(page, "用地<b>.geojson", JSON.stringify({ type: "FeatureCollection", features: [{ type: "Feature", properties: {}, geometry: field }] }));
    await page.waitForFunction(() => document.querySelector(".place").classList.contains("is-set"));
    assert.match(await page.textContent(".place"), /用地<b>\.geojson.*4角/);
    assert.ok(await page.evaluate((corner) => window.ritchi.map.getBounds().contains(corner), field.coordinates[0][0]));
    await ask(page);
  }));
});

describe("the report", () => {
  async function asked(page) {
    await open_tool(page);
    await upload(page, "place.geojson", JSON.stringify(field));
    await page.waitForFunction(() => document.querySelector(".place").classList.contains("is-set"));
    await ask(page);
  }

  test("has the server's verdict for each topic, in words and with a sign", () => with_page({}, async (page) => {
    await asked(page);
    const answer = await asked_of_server({ polygon: field });
    const shown = await page.$$eval(".topic", (all) => all.map((topic) => [topic.dataset.topic, topic.dataset.verdict, topic.querySelector(".verdict-word").textContent, topic.querySelectorAll("svg").length]));
    const words = { clear: "制約は見つかりません", procedure: "手続が必要", blocked: "原則不可", unknown: "不明" };
    const expected = answer.verdicts.map(({ topic, verdict }) => [topic, verdict, words[verdict], 1]);
    assert.deepEqual(shown, expected);
  }));

  test("an earlier day asks by the rules of that day", () => with_page({}, async (page) => {
    await open_tool(page);
    await upload(page, "place.geojson", JSON.stringify(field));
    await page.waitForFunction(() => document.querySelector(".place").classList.contains("is-set"));
    await page.fill("#report input[type=date]", "2020-01-01");
    const sent = page.waitForRequest((request) => request.url().endsWith("/execution"));
    await ask(page);
    assert.equal((await sent).postDataJSON().inputs.as_of, "2020-01-01");
    assert.match(await page.textContent("#report .answer"), /2020年1月1日/);
  }));

  test("a site of the map can be looked into from its table", () => with_page({}, async (page) => {
    await map_ready(page);
    const layer = layers.get("factory_sites");
    const [found] = await find_layer(page, layer, { zoom: 11, wanted: ({ type }) => type === "fill" });
    const place = place_on(found.geometry);
    await look_at(page, place, 15);
    await page.mouse.click(...await spot(page, 0, 0));
    await page.waitForSelector('#panel details[data-layer="factory_sites"] .buttons button');
    const sent = page.waitForRequest((request) => request.url().endsWith("/execution"));
    await page.click('#panel details[data-layer="factory_sites"] .buttons button');
    assert.deepEqual((await sent).postDataJSON().inputs.site, { layer: "factory_sites", id: found.id });
    await page.waitForSelector("#report .topic");
  }));

  test("picking from the map takes the site, not its table", () => with_page({}, async (page) => {
    await map_ready(page);
    const [found] = await find_layer(page, layers.get("factory_sites"), { zoom: 11, wanted: ({ type }) => type === "fill" });
    await look_at(page, place_on(found.geometry), 15);
    await page.click("#toggle-report");
    await page.click("#report-pick");
    await look_at(page, place_on(found.geometry), 15);
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.querySelector(".place").classList.contains("is-set"));
    assert.equal(await page.locator("#panel").isVisible(), false);
  }));

  test("the printable page opens from a link", () => with_page({}, async (page) => {
    await asked(page);
    const [printed] = await Promise.all([page.context().waitForEvent("page"), page.click("#report .print")]);
    await printed.waitForLoadState();
    assert.match(printed.url(), /\/processes\/constraint-report\/execution\?/);
    assert.match(await printed.textContent("body"), /農/);
  }));

  test("the printable page of a question too long for a link opens all the same, with its own look", () => with_page({}, async (page) => {
    const ring = Array.from({ length: 900 }, (_, i) => [138.85 + 0.01 * Math.cos(i * Math.PI / 450), 37.45 + 0.008 * Math.sin(i * Math.PI / 450)]);
    await open_tool(page);
    await upload(page, "round.geojson", JSON.stringify({ type: "Polygon", coordinates: [[...ring, ring[0]]] }));
    await page.waitForFunction(() => document.querySelector(".place").classList.contains("is-set"));
    await ask(page);
    const [printed] = await Promise.all([page.context().waitForEvent("page"), page.click("#report .print")]);
    await printed.waitForFunction(() => document.querySelector("h1") !== null);
    assert.match(await printed.textContent("body"), /農/);
    assert.ok(await printed.evaluate(() => document.adoptedStyleSheets.length > 0));
    assert.equal(await printed.evaluate(() => document.compatMode), "CSS1Compat");
  }));

  test("markup in names stays text", () => with_page({
    prepare: (page) => page.route("**/processes/constraint-report/execution", async (route) => {
      const body = (await (await route.fetch()).text()).replace(/"title":("[^"]*"|\{[^{}]*\})/, JSON.stringify('<img src=x onerror="window.caught=1">').replace(/^/, '"title":'));
      await route.fulfill({ body, contentType: "application/json" });
    }),
  }, async (page) => {
    await asked(page);
    await page.evaluate(() => document.querySelectorAll("#report details").forEach((details) => { details.open = true; }));
    assert.match(await page.textContent("#report"), /<img src=x/);
    assert.equal(await page.locator("#report .answer img").count(), 0);
    assert.equal(await page.evaluate(() => window.caught), undefined);
  }));
});
