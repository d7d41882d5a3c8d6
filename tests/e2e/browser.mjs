// A browser on the server under test, which notes every complaint of the page and every foreign address it asks.
import { chromium } from "playwright-core";

export const server_url = process.env.RITCHI_URL?.replace(/\/$/, "");
if (!server_url) throw new Error("RITCHI_URL is not set: the address of a running server with the synthetic region");

// Software rendering, and none of the browser's own talk with its maker.
const browser_arguments = [
  "--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--disable-gpu-sandbox",
  "--disable-background-networking", "--disable-component-update", "--disable-domain-reliability", "--disable-sync",
  "--disable-features=OptimizationHints,MediaRouter", "--no-first-run", "--no-default-browser-check",
];

export function launch() {
  return chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: browser_arguments });
}

export async function open_page(browser, { path = "/", width = 1366, height = 768, locale = "ja-JP", prepare } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, locale });
  const page = await context.newPage();
  const seen = { complaints: [], foreign: [], requests: [] };
  page.on("console", (message) => {
    // The software renderer's own remarks about its speed are none of ours.
    const of_renderer = /GL Driver Message|swiftshader|GPU stall/i.test(message.text());
    if (["error", "warning"].includes(message.type()) && !of_renderer) seen.complaints.push(message.text());
  });
  page.on("pageerror", (error) => seen.complaints.push(error.message));
  page.on("request", (request) => {
    const url = request.url();
    seen.requests.push(url);
    if (!/^(data|blob):/.test(url) && new URL(url).origin !== new URL(server_url).origin) seen.foreign.push(url);
  });
  if (prepare) await prepare(page);
  await page.goto(server_url + path);
  return { page, seen, close: () => context.close() };
}

// Opens a page for one test and closes it whatever happens.
export async function use_page(browser, options, use) {
  const opened = await open_page(browser, options);
  try {
    await use(opened.page, opened.seen);
  } finally {
    await opened.close();
  }
}

export async function map_ready(page) {
  await page.waitForFunction(() => window.ritchi?.map?.loaded() && window.ritchi.map.areTilesLoaded(), null, { timeout: 60000 });
}

// Moves the view and waits until everything in it is drawn.
export async function look_at(page, center, zoom) {
  await page.evaluate(([where, how_near]) => new Promise((resolve) => {
    const { map } = window.ritchi;
    map.once("idle", () => resolve());
    map.jumpTo({ center: where, zoom: how_near });
    map.triggerRepaint();
  }), [center, zoom]);
}

export function rendered(page, source_layer) {
  return page.evaluate((name) => window.ritchi.map.queryRenderedFeatures()
    .filter((feature) => feature.sourceLayer === name)
    .map((feature) => ({ id: feature.id, layer: feature.layer.id, type: feature.layer.type, paint: feature.layer.paint,
      properties: feature.properties, geometry: feature.geometry })), source_layer);
}

// A view in which the layer has something to show: its whole extent, or as much as its lowest zoom allows,
// then parts of the extent one after the other.
export async function find_layer(page, layer, { zoom, wanted = () => true } = {}) {
  const [west, south, east, north] = layer.bounds;
  const near = zoom ?? Math.max(layer.minzoom + 0.2, 9);
  for (const parts of [1, 3, 6]) {
    for (let i = 0; i < parts * parts; i += 1) {
      const center = [west + (east - west) * ((i % parts) + 0.5) / parts, south + (north - south) * (Math.floor(i / parts) + 0.5) / parts];
      await look_at(page, center, near);
      const features = (await rendered(page, layer.id)).filter(wanted);
      if (features.length > 0) return features;
    }
  }
  return [];
}

export async function layers_of_server() {
  const answer = await fetch(`${server_url}/layers.json`);
  return new Map((await answer.json()).layers.map((layer) => [layer.id, layer]));
}

// A place on the feature itself, so that a click there must find it.
export function place_on(geometry) {
  let coordinates = geometry.coordinates;
  if (geometry.type.startsWith("Multi")) coordinates = coordinates[0];
  if (geometry.type.endsWith("Point")) return coordinates;
  if (geometry.type.endsWith("LineString")) {
    const at = Math.floor((coordinates.length - 1) / 2);
    const [a, b] = [coordinates[at], coordinates[at + 1] ?? coordinates[at]];
    return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
  }
  const ring = coordinates[0].slice(0, -1);
  return [0, 1].map((axis) => ring.reduce((sum, point) => sum + point[axis], 0) / ring.length);
}

export async function click_place(page, place) {
  const point = await page.evaluate((where) => {
    const { map } = window.ritchi;
    const { x, y } = map.project(where);
    const area = map.getContainer().getBoundingClientRect();
    return [x + area.left, y + area.top];
  }, place);
  await page.mouse.click(...point);
  await page.waitForSelector("#panel:not([hidden]) details");
}

// What the panel says of each feature of a layer: its heading, its remark and its rows.
export function panels_of(page, id) {
  return page.$$eval(`#panel details[data-layer="${id}"]`, (all) => all.map((details) => {
    const rows = {};
    details.querySelectorAll("dt").forEach((title) => { rows[title.textContent] = title.nextElementSibling.textContent; });
    return { heading: details.querySelector("summary").textContent, remark: details.querySelector(".remark")?.textContent, rows };
  }));
}

export async function panel_of(page, id) {
  return (await panels_of(page, id))[0] ?? null;
}

export function rgb(color) {
  if (typeof color === "string" && color.startsWith("#")) {
    return [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
  }
  return [color.r, color.g, color.b].map((part) => Math.round((part / (color.a || 1)) * 255));
}
