// The page in a real browser, on a server with the synthetic demo region.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { click_place, find_layer, launch, layers_of_server, look_at, map_ready, panel_of, place_on, rendered, rgb, server_url, use_page } from "./browser.mjs";

let browser;
let layers;
before(async () => {
  browser = await launch();
  layers = await layers_of_server();
});
after(() => browser?.close());

const with_page = (options, use) => use_page(browser, options, use);

// At a near zoom: the shape of a feature whose place can be clicked.
async function clickable(page, id, wanted = () => true) {
  const layer = layers.get(id);
  const [found] = await find_layer(page, layer, { zoom: Math.max(layer.minzoom + 0.2, 11), wanted });
  assert.ok(found, `no such feature of ${id} in view`);
  const place = place_on(found.geometry);
  await look_at(page, place, 15);
  return { found, place };
}

describe("opening", () => {
  test("the page opens without complaint and asks no foreign host", () => with_page({}, async (page, seen) => {
    await map_ready(page);
    assert.match(await page.title(), /Ritchi/);
    assert.equal(await page.getAttribute("html", "lang"), "ja");
    assert.equal(await page.locator("#message").isVisible(), false);
    assert.deepEqual(seen.foreign, []);
    assert.deepEqual(seen.complaints, []);
    assert.ok(seen.requests.some((url) => /\/xyz\/.*\.(mvt|pbf)/.test(url)), "tiles were asked for");
  }));

  test("the first view holds the data", () => with_page({}, async (page) => {
    await map_ready(page);
    const inside = await page.evaluate((bounds) => {
      const view = window.ritchi.map.getBounds();
      return view.contains([bounds[0], bounds[1]]) && view.contains([bounds[2], bounds[3]]);
    }, layers.get("factory_sites").bounds);
    assert.ok(inside);
  }));

  test("the address keeps the view", () => with_page({ path: "/#12.5/37.44/138.84" }, async (page) => {
    await map_ready(page);
    const view = await page.evaluate(() => ({ zoom: window.ritchi.map.getZoom(), ...window.ritchi.map.getCenter() }));
    assert.ok(Math.abs(view.zoom - 12.5) < 0.01 && Math.abs(view.lat - 37.44) < 0.001 && Math.abs(view.lng - 138.84) < 0.001);
    await look_at(page, [138.9, 37.5], 11);
    await page.waitForFunction(() => location.hash.startsWith("#11/37.5/138.9"));
  }));
});

describe("drawing", () => {
  for (const id of ["factory_sites", "farmland_zones", "farmland_parcels", "water_pipes", "investments", "zoning", "municipalities", "interchanges"]) {
    test(`${id} is drawn`, () => with_page({}, async (page) => {
      await map_ready(page);
      assert.ok(layers.has(id), `${id} is published`);
      const features = await find_layer(page, layers.get(id));
      assert.ok(features.length > 0);
    }));
  }

  test("small sites have a sign far out", () => with_page({}, async (page) => {
    await map_ready(page);
    await find_layer(page, layers.get("factory_sites"), { zoom: 7 });
    assert.ok((await rendered(page, "factory_sites")).some((feature) => feature.layer === "factory_sites-mark"));
  }));

  test("pipes are coloured by age, unknown years are grey and dashed", () => with_page({}, async (page) => {
    await map_ready(page);
    const legend = await page.$$eval("#legend-water_pipes li", (items) => items.map((item) => [item.textContent, item.dataset.color]));
    assert.deepEqual(legend.map(([words]) => words), ["布設20年未満", "20〜39年", "40年以上（法定耐用年数超）", "布設年度不明"]);
    const [young, middle, old, unknown] = legend.map(([, color]) => color);
    const japan = new Date(Date.now() + 9 * 3600 * 1000);
    const year = japan.getUTCFullYear() - (japan.getUTCMonth() < 3 ? 1 : 0);
    const classes = {
      young: [young, (age) => age < 20],
      middle: [middle, (age) => age >= 20 && age < 40],
      old: [old, (age) => age >= 40],
    };
    for (const [name, [color, belongs]] of Object.entries(classes)) {
      const features = await find_layer(page, layers.get("water_pipes"), { zoom: 11.5,
        wanted: ({ layer, properties }) => layer === "water_pipes-age" && belongs(year - properties.laid_year) });
      assert.ok(features.length > 0, `${name} pipes in view`);
      for (const feature of features) assert.deepEqual(rgb(feature.paint["line-color"]), rgb(color), `${name}: ${feature.properties.laid_year}`);
    }
    const nameless = await find_layer(page, layers.get("water_pipes"), { zoom: 11.5, wanted: ({ layer }) => layer === "water_pipes-unknown" });
    assert.ok(nameless.length > 0, "pipes of unknown year in view");
    for (const feature of nameless) {
      assert.equal(feature.properties.laid_year, undefined);
      assert.deepEqual(rgb(feature.paint["line-color"]), rgb(unknown));
      assert.ok(feature.paint["line-dasharray"]);
    }
  }));
});

describe("a layer that the style does not know", () => {
  test("is drawn and listed all the same, at the page's own address", () => with_page({
    prepare: (page) => page.route("**/styles/ritchi", async (route) => {
      const style = await (await route.fetch()).json();
      style.layers = style.layers.filter((layer) => layer["source-layer"] !== "investments");
      for (const subject of style.metadata["ritchi:subjects"]) subject.layers = subject.layers.filter((id) => id !== "investments");
      delete style.metadata["ritchi:legend"].investments;
      await route.fulfill({ json: style });
    }),
  }, async (page, seen) => {
    await map_ready(page);
    assert.ok((await find_layer(page, layers.get("investments"))).length > 0);
    assert.match(await page.textContent("#layers section:first-of-type"), /その他のレイヤ[\s\S]*投資案件/);
    assert.deepEqual(seen.foreign, []);
    assert.deepEqual(seen.complaints, []);
  }));
});

describe("attributes", () => {
  test("a click on a site shows its attributes in Japanese, with source and badge", () => with_page({}, async (page) => {
    await map_ready(page);
    const { found, place } = await clickable(page, "factory_sites", ({ type, properties }) => type === "fill" && properties.name);
    await click_place(page, place);
    const shown = await panel_of(page, "factory_sites");
    assert.ok(shown, "the site is in the panel");
    assert.match(shown.heading, /^工場適地/);
    assert.ok(shown.heading.includes(found.properties.name));
    assert.ok(shown.heading.includes("合成データ"));
    assert.match(shown.rows["面積"], /^[\d,.]+ ha$/);
    assert.match(shown.rows["開示区分"], /公開|同意|内部/);
    for (const row of ["出典", "時点", "利用条件"]) assert.ok(shown.rows[row], row);
  }));

  test("a click beside everything closes the panel; Enter there says that nothing is there", () => with_page({}, async (page) => {
    await map_ready(page);
    const { place } = await clickable(page, "interchanges");
    await click_place(page, place);
    await look_at(page, [170, 20], 9);
    await page.mouse.click(500, 400);
    await page.waitForSelector("#panel", { state: "hidden" });
    await page.focus("#map canvas");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#panel .nothing");
  }));

  test("a pipe past its statutory life says so", () => with_page({}, async (page) => {
    await map_ready(page);
    const { found, place } = await clickable(page, "water_pipes", ({ properties }) => properties.laid_year < 1980);
    await click_place(page, place);
    const shown = await panel_of(page, "water_pipes");
    assert.ok(shown.rows["布設年度"].startsWith(`${found.properties.laid_year}年度（昭和`));
    assert.match(shown.rows["経過年数"], /^\d+年（法定耐用年数40年を経過）$/);
  }));

  test("a pipe of unknown year has unknown age, not a great one", () => with_page({}, async (page) => {
    await map_ready(page);
    const { place } = await clickable(page, "water_pipes", ({ properties }) => properties.laid_year === undefined);
    await click_place(page, place);
    const texts = await page.$$eval('#panel details[data-layer="water_pipes"]', (all) => all.map((details) => {
      const value = (title) => [...details.querySelectorAll("dt")].find((node) => node.textContent === title)?.nextElementSibling.textContent;
      return [value("布設年度"), value("経過年数")].join(" ");
    }));
    assert.ok(texts.includes("不明 不明"), texts.join(" | "));
  }));

  test("the keyboard alone reaches a feature and leaves it", () => with_page({}, async (page) => {
    await map_ready(page);
    await clickable(page, "investments");
    await page.focus("#map canvas");
    await page.keyboard.press("Enter");
    await page.waitForSelector('#panel:not([hidden]) details[data-layer="investments"]');
    await page.keyboard.press("Escape");
    await page.waitForSelector("#panel", { state: "hidden" });
    await page.waitForFunction(() => document.activeElement?.tagName === "CANVAS");
  }));
});

describe("switches and language", () => {
  test("a switch hides its layer and its legend", () => with_page({}, async (page) => {
    await map_ready(page);
    await find_layer(page, layers.get("investments"));
    await page.focus("#switch-investments");
    await page.keyboard.press("Space");
    await page.evaluate(() => new Promise((resolve) => { window.ritchi.map.once("idle", resolve); window.ritchi.map.triggerRepaint(); }));
    assert.equal((await rendered(page, "investments")).length, 0);
    assert.equal(await page.locator("#legend-investments").isVisible(), false);
    assert.equal(await page.locator("#legend-water_pipes").isVisible(), true);
  }));

  test("the language follows the browser, the address and the link", async () => {
    await with_page({ locale: "en-GB" }, async (page) => {
      await map_ready(page);
      assert.equal(await page.getAttribute("html", "lang"), "en");
      assert.match(await page.textContent("#layers"), /Factory sites[\s\S]*Year unknown/);
      await look_at(page, [138.85, 37.45], 12);
      await page.waitForFunction(() => location.hash.startsWith("#12/"));
      await page.click("#language");
      await map_ready(page);
      assert.equal(await page.getAttribute("html", "lang"), "ja");
      assert.match(await page.textContent("#layers"), /工場適地/);
      assert.ok(Math.abs(await page.evaluate(() => window.ritchi.map.getZoom()) - 12) < 0.01, "the view stays");
    });
  });
});

describe("trouble", () => {
  test("failing tiles are said, and how", () => with_page({
    prepare: (page) => page.route(/\/xyz\/.*\.(mvt|pbf)/, (route) => route.fulfill({ status: 503, body: "" })),
  }, async (page) => {
    await page.waitForSelector("#message:not([hidden])");
    assert.match(await page.textContent("#message"), /読み込めません.*503/);
  }));

  test("a server without its list of layers is said", () => with_page({
    prepare: (page) => page.route("**/layers.json", (route) => route.fulfill({ status: 500, body: "" })),
  }, async (page) => {
    await page.waitForSelector("#message:not([hidden])");
    assert.match(await page.textContent("#message"), /layers\.json: 500/);
  }));

  test("nothing published yet is said, not drawn", () => with_page({
    prepare: (page) => page.route("**/layers.json", (route) => route.fulfill({ json: { layers: [] } })),
  }, async (page, seen) => {
    await page.waitForSelector("#message:not([hidden])");
    assert.match(await page.textContent("#message"), /まだありません/);
    await page.waitForFunction(() => window.ritchi?.map?.loaded());
    assert.deepEqual(seen.complaints, []);
  }));

  test("words from data stay words", () => with_page({
    prepare: (page) => page.route("**/layers.json", async (route) => {
      const answer = await (await route.fetch()).json();
      for (const layer of answer.layers) {
        layer.title.ja = '<img src=x onerror="window.caught=1">';
        layer.attribution = "javascript:window.caught=1";
      }
      await route.fulfill({ json: answer });
    }),
  }, async (page) => {
    await map_ready(page);
    assert.match(await page.textContent("#layers"), /<img src=x/);
    assert.equal(await page.locator("#layers img, #sources a[href^=javascript]").count(), 0);
    assert.equal(await page.evaluate(() => window.caught), undefined);
  }));
});

describe("screens", () => {
  test("a telephone shows the map first and the layers when asked", () => with_page({ width: 390, height: 800 }, async (page) => {
    await map_ready(page);
    assert.equal(await page.locator("#layers").isVisible(), false);
    await page.click("#toggle-layers");
    assert.equal(await page.locator("#switch-water_pipes").isVisible(), true);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), "no sideways scrolling");
  }));

  test("the page's picture", { skip: process.env.RITCHI_SCREENSHOT ? false : "RITCHI_SCREENSHOT names no file" }, () => with_page({}, async (page) => {
    await map_ready(page);
    const { place } = await clickable(page, "water_pipes", ({ properties }) => properties.laid_year < 1985);
    await look_at(page, place, 13);
    await click_place(page, place);
    await page.evaluate(() => new Promise((resolve) => { window.ritchi.map.once("idle", resolve); window.ritchi.map.triggerRepaint(); }));
    await page.screenshot({ path: process.env.RITCHI_SCREENSHOT });
  }));
});

test("styles and layers name only this server", async () => {
  const style = await (await fetch(`${server_url}/styles/ritchi`)).text();
  assert.equal(style.includes("{base}"), false);
  for (const source of Object.values(JSON.parse(style).sources)) assert.ok(new URL(source.url, server_url).pathname.startsWith("/xyz/"));
});
