// Signing in with a key in a real browser: what it opens, where it goes, and inquiries from both sides.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, before, describe, test } from "node:test";
import { launch, layers_of_server, look_at, map_ready, server_url, use_page } from "./browser.mjs";

let browser;
let keys;
const ready = process.env.RITCHI_BIN && process.env.RITCHI_DATA ? false : "RITCHI_BIN and RITCHI_DATA name no server's data";
const company = "試験<b>自動車</b>株式会社";

function made(...options) {
  return JSON.parse(execFileSync(process.env.RITCHI_BIN, ["keys", "add", "--data", process.env.RITCHI_DATA, "--json", ...options], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }));
}
function revoke(id) {
  execFileSync(process.env.RITCHI_BIN, ["keys", "revoke", "--data", process.env.RITCHI_DATA, String(id)], { stdio: "ignore" });
}

before(async () => {
  browser = await launch();
  if (ready) return;
  keys = { company: made("--role", "company", "--holder", company), operator: made("--role", "operator", "--holder", "仲介機関"),
    passing: made("--role", "company", "--holder", "短期") };
});
after(async () => {
  for (const { id } of Object.values(keys ?? {})) revoke(id);
  await browser?.close();
});

const with_page = (options, use) => use_page(browser, options, use);

async function sign_in(page, key) {
  await page.click("#toggle-account");
  await page.fill("#key", key);
  await page.click("#account form [type=submit]");
}

async function signed_in(page, key) {
  await map_ready(page);
  await sign_in(page, key);
  await page.waitForSelector("#account .who");
  await map_ready(page);
}

const count_of_sites = async (page) => Number((await page.textContent('li[data-layer="factory_sites"] .rows')).replace(/[^\d]/g, ""));
const complaints_but = (seen, status) => seen.complaints.filter((words) => !words.includes(String(status)));

describe("signing in", { skip: ready }, () => {
  test("a company's key shows more sites than the public sees, in list, map and matches", () => with_page({ path: "/#9/37.45/138.85" }, async (page, seen) => {
    await map_ready(page);
    const of_public = await count_of_sites(page);
    await signed_in(page, keys.company.key);
    assert.ok(await count_of_sites(page) > of_public);
    const { rows } = (await layers_of_server()).get("factory_sites");
    assert.equal(of_public, rows, "what the public sees stayed the same");
    await look_at(page, [138.85, 37.45], 11);
    const levels = await page.evaluate(() => [...new Set(window.ritchi.map.querySourceFeatures("ritchi", { sourceLayer: "factory_sites" }).map(({ properties }) => properties.disclosure))]);
    assert.ok(levels.includes("consented"), String(levels));
    assert.ok(!levels.includes("internal"));
    await page.click("#toggle-match");
    await page.waitForSelector("form.question");
    await page.selectOption("#add-criterion", "fact:area_ha");
    await page.locator(".criterion .number").first().fill("0");
    await page.click("form.question [type=submit]");
    await page.waitForSelector("#match-results");
    const all = await page.textContent(".funnel tbody tr:first-child td:last-child");
    assert.ok(Number(all.replace(/[^\d]/g, "")) > of_public);
    assert.deepEqual(seen.foreign, []);
    assert.deepEqual(seen.complaints, []);
  }));

  test("the holder's name is shown as text, and the key is nowhere but in the tab's store and the header", () => with_page({}, async (page, seen) => {
    const sent = [];
    page.on("request", (request) => sent.push(request.allHeaders().then((headers) => [request.url(), headers])));
    await signed_in(page, keys.company.key);
    assert.match(await page.textContent("#account .who"), /試験<b>自動車<\/b>株式会社/);
    assert.match(await page.textContent("#account .who"), /企業/);
    assert.equal(await page.locator("#account .who b").count(), 0);
    assert.ok(seen.requests.every((url) => !url.includes(keys.company.key)));
    assert.equal(await page.evaluate((key) => JSON.stringify(localStorage).includes(key) || document.cookie.includes(key) || location.href.includes(key), keys.company.key), false);
    const tiles = (await Promise.all(sent)).filter(([url]) => url.includes("/xyz/"));
    assert.ok(tiles.slice(-3).every(([, headers]) => headers.authorization === `Bearer ${keys.company.key}`));
  }));

  test("signing out leaves nothing of what the key opened", () => with_page({ path: "/#9/37.45/138.85" }, async (page) => {
    await signed_in(page, keys.company.key);
    const with_key = await count_of_sites(page);
    await page.click("#account .who button");
    await page.waitForSelector("#key");
    await map_ready(page);
    assert.ok(await count_of_sites(page) < with_key);
    assert.equal(await page.evaluate(() => sessionStorage.length), 0);
  }));

  test("a wrong key is said, and is not kept", () => with_page({}, async (page, seen) => {
    await map_ready(page);
    await sign_in(page, `${keys.company.key.slice(0, -4)}AAAA`);
    await page.waitForSelector("#account .trouble:not([hidden])");
    assert.match(await page.textContent("#account .trouble"), /この鍵は使えません/);
    assert.equal(await page.evaluate(() => sessionStorage.length), 0);
    await page.fill("#key", "鍵ではない");
    await page.click("#account form [type=submit]");
    await page.waitForFunction(() => /鍵の形/.test(document.querySelector("#account .trouble").textContent));
    assert.deepEqual(complaints_but(seen, 401), []);
  }));

  test("a key that ends while the page is open is said, and the page goes on for the public", () => with_page({}, async (page) => {
    await signed_in(page, keys.passing.key);
    revoke(keys.passing.id);
    await page.reload();
    await map_ready(page);
    await page.waitForSelector("#account .trouble:not([hidden])");
    assert.match(await page.textContent("#account .trouble"), /サインアウトしました/);
    assert.equal(await page.evaluate(() => sessionStorage.length), 0);
  }));
});

test("a long name leaves a telephone's head of the page within its width", { skip: ready }, () => with_page({ width: 360, height: 720 }, async (page) => {
  await signed_in(page, keys.company.key);
  assert.ok(await page.evaluate(() => [...document.querySelectorAll("header *")].every((node) => node.getBoundingClientRect().right <= window.innerWidth)));
}));

describe("inquiries", { skip: ready }, () => {
  test("a company asks, the operator passes it on and closes it, the company sees the state", async () => {
    const message = `造成済みですか <script>window.caught=1</script> ${Date.now()}`;
    let reference;
    await with_page({}, async (page, seen) => {
      await signed_in(page, keys.company.key);
      await page.click("#toggle-match");
      await page.waitForSelector("form.question");
      await page.selectOption("#add-criterion", "fact:area_ha");
      await page.locator(".criterion .number").first().fill("0");
      await page.click("form.question [type=submit]");
      await page.waitForSelector("#match-results");
      await page.locator(".sites summary").first().click();
      await page.locator(".sites details[open] .buttons button").nth(1).click();
      await page.click(".ask-form [type=submit]");
      await page.waitForSelector(".ask-form .trouble:not([hidden])");
      await page.fill("#inquiry-message", message);
      await page.fill("#inquiry-contact", "tochi@example.co.jp");
      await page.click(".ask-form [type=submit]");
      await page.waitForSelector("#account .good");
      await page.waitForSelector(".inquiries li");
      const own = page.locator(".inquiries li", { hasText: message }).first();
      reference = await own.getAttribute("data-inquiry");
      assert.match(await own.textContent(), /受付/);
      assert.deepEqual(seen.complaints, []);
    });
    await with_page({}, async (page, seen) => {
      await signed_in(page, keys.operator.key);
      const item = page.locator(`.inquiries li[data-inquiry="${reference}"]`);
      await item.waitFor();
      assert.ok((await item.textContent()).includes(message));
      assert.ok((await item.textContent()).includes("tochi@example.co.jp"));
      await item.locator("summary").click();
      await item.locator(".step select").first().selectOption("closed");
      await item.locator(".step [type=submit]").click();
      await item.locator(".step .trouble:not([hidden])").waitFor();
      await item.locator(".step select").nth(1).selectOption("no_match");
      await item.locator(".step textarea").fill("内部の覚え書き");
      await item.locator(".step [type=submit]").click();
      await page.waitForFunction((name) => document.querySelector(`.inquiries li[data-inquiry="${name}"] .state-chip.closed`) !== null, reference);
      assert.equal(await page.evaluate(() => window.caught), undefined);
      assert.deepEqual(seen.complaints, []);
    });
    await with_page({}, async (page) => {
      await signed_in(page, keys.company.key);
      const item = page.locator(`.inquiries li[data-inquiry="${reference}"]`);
      await item.waitFor();
      assert.match(await item.locator(".state-chip").textContent(), /終了/);
      await item.locator("summary").click();
      await item.locator(".steps").waitFor();
      assert.doesNotMatch(await item.textContent(), /内部の覚え書き/);
    });
  });
});
