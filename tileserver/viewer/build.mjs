// Bundles the page into one folder: index.html and assets/ whose names carry a hash of their content.
import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, extname, basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const maplibre = dirname(createRequire(import.meta.url).resolve("maplibre-gl/dist/maplibre-gl-csp.js"));

function output_folder() {
  const arguments_given = process.argv.slice(2);
  for (let i = 0; i < arguments_given.length; i += 1) {
    if (arguments_given[i].startsWith("--outdir=")) return arguments_given[i].slice("--outdir=".length);
    if (arguments_given[i] === "--outdir") return arguments_given[i + 1];
  }
  return process.env.OUTDIR ?? join(here, "dist");
}

const outdir = resolve(output_folder());
const sizes = [];

async function write_asset(name, content) {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 10);
  const path = `assets/${basename(name, extname(name))}-${hash}${extname(name)}`;
  await writeFile(join(outdir, path), content);
  sizes.push([path, content.length, gzipSync(content, { level: 9 }).length]);
  return path;
}

async function bundle(entry, define = {}) {
  const result = await build({
    entryPoints: [join(here, entry)],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    target: ["es2020", "chrome90", "firefox90", "safari15"],
    legalComments: "inline",
    loader: { ".svg": "dataurl" },
    define,
    logLevel: "warning",
  });
  return Buffer.from(result.outputFiles[0].contents);
}

await rm(outdir, { recursive: true, force: true });
await mkdir(join(outdir, "assets"), { recursive: true });

// The worker is a file of this server, so that the page needs neither blob: nor eval in its policy.
const worker = await write_asset("map-worker.js", await readFile(join(maplibre, "maplibre-gl-csp-worker.js")));
const replacements = {
  "@SCRIPT@": await write_asset("viewer.js", await bundle("src/main.js", { WORKER_PATH: JSON.stringify(worker) })),
  "@STYLE@": await write_asset("viewer.css", await bundle("src/page.css")),
  "@ICON@": await write_asset("icon.svg", await readFile(join(here, "src/icon.svg"))),
};
let html = await readFile(join(here, "src/index.html"), "utf8");
for (const [token, path] of Object.entries(replacements)) html = html.replaceAll(token, path);
await writeFile(join(outdir, "index.html"), html);
await write_asset("licences.txt", await readFile(join(maplibre, "LICENSE.txt")));

for (const [path, bytes, zipped] of sizes) {
  console.log(`${path.padEnd(36)} ${(bytes / 1024).toFixed(1).padStart(8)} KB  ${(zipped / 1024).toFixed(1).padStart(7)} KB gzip`);
}
