// Finding a site in a real browser: what the page asks, lists and marks is what the server answers.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { launch, look_at, map_ready, server_url, use_page } from "./browser.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

const with_page = (options, use) => use_page(browser, options, use);
const question = { criteria: [
  { fact: "area_ha", min: 1, ideal: 20, weight: 2, required: true },
  { fact: "interchange_km", max: 30, ideal: 1, weight: 1, required: false },
  { fact: "port_km", max: 80, weight: 1, required: false },
], unknown: "keep", limit: 20 };
const link_to = (asked) => `/#match=${encodeURIComponent(JSON.stringify(asked))}`;

async function asked_of_server(inputs) {
  const answer = await fetch(`${server_url}/processes/match-sites/execution`, { method: "POST", body: JSON.stringify({ inputs }),
    headers: { "Content-Type": "application/json", "Accept-Language": "ja", Accept: "application/geo+json" } });
  assert.equal(answer.status, 200);
  return answer.json();
}

async function open_form(page) {
  await map_ready(page);
  await page.click("#toggle-match");
  await page.waitForSelector("form.question");
}

async function ask(page) {
  await page.click("form.question [type=submit]");
  await page.waitForSelector("#match-results");
}

async function unfold(page, index) {
  await page.locator(".sites summary").nth(index).click();
  await page.locator(".sites details").nth(index).locator(".why").waitFor();
}

function listed(page) {
  return page.$$eval(".sites details", (all) => all.map((details) => ({
    id: details.dataset.site, name: details.querySelector("strong").textContent, score: details.querySelector(".score b").textContent })));
}

function agrees(sites, answer) {
  assert.equal(sites.length, answer.features.length);
  answer.features.forEach((feature, index) => {
    assert.equal(sites[index].id, String(feature.id));
    assert.equal(sites[index].score, (feature.properties.score * 100).toFixed(1));
  });
}

describe("asking", () => {
  test("a form filled in by hand asks what it says, and the list is the answer", () => with_page({}, async (page, seen) => {
    await open_form(page);
    await page.selectOption("#add-criterion", "fact:area_ha");
    const row = page.locator(".criterion").first();
    await row.locator(".number").nth(0).fill("１");
    await row.locator(".number").nth(2).fill("20");
    await page.selectOption("#add-criterion", "fact:interchange_km");
    await page.locator(".criterion").nth(1).locator(".number").nth(1).fill("30");
    await page.locator(".criterion").nth(1).locator("[type=checkbox]").uncheck();
    await ask(page);
    const answer = await asked_of_server({ criteria: [
      { fact: "area_ha", min: 1, ideal: 20 }, { fact: "interchange_km", max: 30, required: false }], limit: 50 });
    assert.ok(answer.features.length > 3, "the region has such sites");
    agrees(await listed(page), answer);
    assert.deepEqual(seen.foreign, []);
    assert.deepEqual(seen.complaints, []);
  }));

  test("what can be asked is what the server describes", () => with_page({}, async (page) => {
    await open_form(page);
    const offered = await page.$$eval("#add-criterion option", (options) => options.map((option) => option.value));
    const description = await (await fetch(`${server_url}/processes/match-sites`)).text();
    const facts = offered.filter((value) => value.startsWith("fact:")).map((value) => value.slice(5));
    const constraints = offered.filter((value) => value.startsWith("constraint:")).map((value) => value.slice(11));
    assert.ok(facts.length > 10 && constraints.length > 2);
    for (const name of [...facts, ...constraints]) assert.ok(description.includes(`"${name}"`), name);
  }));

  test("every example can be asked as it is", () => with_page({}, async (page, seen) => {
    await open_form(page);
    const examples = await page.locator(".examples button").count();
    assert.equal(examples, 3);
    for (let i = 0; i < examples; i += 1) {
      await page.locator(".examples button").nth(i).click();
      await ask(page);
      assert.equal(await page.locator("form.question > .trouble").isVisible(), false);
      assert.ok(await page.locator(".funnel tbody tr").count() > 2);
    }
    assert.deepEqual(seen.complaints, []);
  }));

  test("the present view limits the search to what is seen", () => with_page({ path: "/#12/37.45/138.85" }, async (page) => {
    await open_form(page);
    await page.selectOption("#add-criterion", "fact:area_ha");
    await page.locator(".criterion .number").first().fill("0");
    await page.check("input[name=where][value=view]");
    const [west, south, east, north] = await page.evaluate(() => window.ritchi.map.getBounds().toArray().flat());
    await ask(page);
    const within = { type: "Polygon", coordinates: [[[west, south], [east, south], [east, north], [west, north], [west, south]]] };
    agrees(await listed(page), await asked_of_server({ criteria: [{ fact: "area_ha", min: 0 }], within, limit: 50 }));
  }));

  test("a number that is none is said at its field, and nothing is asked", () => with_page({}, async (page, seen) => {
    await open_form(page);
    await page.selectOption("#add-criterion", "fact:area_ha");
    await page.locator(".criterion .number").first().fill("ten");
    await page.click("form.question [type=submit]");
    await page.waitForSelector("form.question > .trouble:not([hidden])");
    assert.match(await page.textContent("form.question > .trouble"), /面積.*数値/);
    assert.equal(await page.getAttribute(".criterion .number", "aria-invalid"), "true");
    assert.ok(!seen.requests.some((url) => url.includes("/execution")));
  }));

  test("what the server refuses is said in its words, at the row it is about", () => with_page({}, async (page) => {
    await open_form(page);
    await page.selectOption("#add-criterion", "near");
    await page.locator(".criterion input[type=text].wide").fill("no_such_attribute = 1");
    await page.click("form.question [type=submit]");
    await page.waitForSelector("form.question > .trouble:not([hidden])");
    assert.match(await page.textContent("form.question > .trouble"), /no_such_attribute/);
    assert.ok(await page.evaluate(() => document.activeElement.closest(".criterion") !== null));
  }));
});

describe("the answer", () => {
  test("unfolded, a site's criteria sum to its score, and unknown is no number", () => with_page({ path: link_to(question) }, async (page) => {
    await page.waitForSelector("#match-results");
    const answer = await asked_of_server(question);
    for (let i = 0; i < Math.min(5, answer.features.length); i += 1) {
      await unfold(page, i);
      const rows = await page.$$eval(".sites details[open] .why tbody tr", (all) => all.map((row) => [...row.children].map((cell) => cell.textContent)));
      assert.equal(rows.length, question.criteria.length);
      const { criteria, score } = answer.features[i].properties;
      assert.ok(Math.abs(criteria.reduce((sum, { contribution }) => sum + contribution, 0) - score) < 1e-9);
      criteria.forEach((criterion, at) => {
        if (criterion.value === null) assert.match(rows[at].slice(1).join(" "), /^不明 \? 不明 0\.0$/);
        else assert.doesNotMatch(rows[at][1], /不明/);
      });
    }
  }));

  const served = { criteria: [{ fact: "spare_m3_per_day", min: 1, required: false }, { fact: "area_ha", min: 0 }], limit: 20 };
  test("a site without a value says unknown", () => with_page({ path: link_to(served) }, async (page) => {
    await page.waitForSelector("#match-results");
    const { features } = await asked_of_server(served);
    const unserved = features.findIndex(({ properties }) => properties.criteria[0].value === null);
    assert.ok(unserved >= 0, "no undertaking serves all sites");
    await unfold(page, unserved);
    assert.match(await page.textContent(".sites details[open] .why tbody tr"), /不明/);
  }));

  test("list and map choose each other", () => with_page({ path: link_to(question) }, async (page) => {
    await page.waitForSelector("#match-results");
    await map_ready(page);
    const ids = (await listed(page)).map(({ id }) => id);
    const marked = await page.evaluate(() => window.ritchi.map.getSource("match-signs")._data.geojson?.features ?? window.ritchi.map.getSource("match-signs")._data.features);
    assert.deepEqual(marked.map(({ properties }) => properties.site), ids);
    await page.locator(".sites summary").nth(1).click();
    // The map takes the choice over from a worker, when it has time.
    await page.waitForFunction((id) => {
      const drawn = window.ritchi.map.queryRenderedFeatures({ layers: ["match-signs-0"] });
      const chosen = new Set(drawn.filter(({ properties }) => properties.chosen).map(({ properties }) => properties.site));
      return chosen.size === 1 && chosen.has(id);
    }, ids[1], { timeout: 60000 });
    const target = marked[2];
    await look_at(page, target.geometry.coordinates, 15);
    const spot = await page.evaluate((place) => {
      const { x, y } = window.ritchi.map.project(place);
      const { left, top } = window.ritchi.map.getContainer().getBoundingClientRect();
      return [x + left, y + top];
    }, target.geometry.coordinates);
    await page.mouse.click(...spot);
    await page.waitForFunction((id) => {
      const unfolded = [...document.querySelectorAll(".sites details[open]")].map(({ dataset }) => dataset.site);
      return unfolded.length === 1 && unfolded[0] === id;
    }, target.properties.site);
  }));

  test("the funnel has the server's figures", () => with_page({ path: link_to(question) }, async (page) => {
    await page.waitForSelector("#match-results");
    const { funnel } = await asked_of_server(question);
    const rows = await page.$$eval(".funnel tbody tr", (all) => all.map((row) => [...row.querySelectorAll("td")].map((cell) => Number(cell.textContent.replaceAll(",", "")))));
    
    assert.deepEqual(rows.slice(1), funnel.criteria.map(({ alone, in_turn, remaining }) => [alone, in_turn, remaining]));
  }));

  test("the permanent link restores question and answer", () => with_page({ path: link_to(question) }, async (page) => {
    await page.waitForSelector("#match-results");
    const before_it = await listed(page);
    const link = await page.inputValue(".save input");
    await page.goto("about:blank");
    await page.goto(link);
    await page.waitForSelector("#match-results");
    assert.deepEqual(await listed(page), before_it);
    const values = await page.$$eval(".criterion .number", (fields) => fields.map((field) => field.value));
    assert.deepEqual(values.slice(0, 6), ["1", "", "20", "", "30", "1"]);
    assert.equal(await page.locator(".criterion").first().locator("output").textContent(), "2");
  }));

  test("a link whose question is broken is said", () => with_page({ path: "/#match=%7Bbroken" }, async (page) => {
    await page.waitForSelector("form.question > .trouble:not([hidden])");
    assert.match(await page.textContent("form.question > .trouble"), /読み取れません/);
  }));

  test("CSV and GeoJSON can be saved", () => with_page({ path: link_to(question) }, async (page) => {
    await page.waitForSelector("#match-results");
    const ids = (await listed(page)).map(({ id }) => id);
    const saved = async (name) => {
      const [download] = await Promise.all([page.waitForEvent("download"), page.click(`.links >> text="${name}"`)]);
      return readFile(await download.path(), "utf8");
    };
    const csv = (await saved("CSV")).trim().split(/\r?\n/);
    assert.equal(csv.length, ids.length + 1);
    const geojson = JSON.parse(await saved("GeoJSON"));
    assert.deepEqual(geojson.features.map(({ id }) => String(id)), ids);
  }));

  test("names and titles from the server stay text", () => with_page({
    path: link_to(question),
    prepare: (page) => page.route("**/processes/match-sites/execution", async (route) => {
      const answer = await (await route.fetch()).json();
      answer.features[0].properties.name = '<img src=x onerror="window.caught=1">';
      for (const link of answer.links) link.href = "javascript:window.caught=1";
      answer.warnings = ['<script>window.caught=1</script>'];
      await route.fulfill({ json: answer });
    }),
  }, async (page) => {
    await page.waitForSelector("#match-results");
    await page.locator(".sites summary").first().click();
    assert.match(await page.textContent(".sites"), /<img src=x/);
    assert.equal(await page.locator(".answer img, .answer script, .answer a[href^=javascript]").count(), 0);
    assert.equal(await page.evaluate(() => window.caught), undefined);
  }));
});

test("on a telephone the form is a sheet below the map, and nothing scrolls sideways", () => with_page({ path: link_to(question), width: 390, height: 800 }, async (page) => {
  await page.waitForSelector("#match-results");
  const sheet = await page.locator("#match").boundingBox();
  assert.ok(sheet.y > 250 && sheet.width <= 390);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
  assert.ok(await page.evaluate(() => [...document.querySelectorAll("#match *")].every((node) => node.getBoundingClientRect().right <= window.innerWidth + 1 || getComputedStyle(node).position === "absolute")));
}));
