// What the page asks of the server: the list of layers and the style, with addresses of this very server.
import { fiscal_year } from "./format.js";
import { language } from "./texts.js";

const base = new URL(".", document.baseURI).href.replace(/\/$/, "");

async function fetch_text(path) {
  const response = await fetch(`${base}/${path}`, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.text();
}

export async function fetch_layers() {
  return JSON.parse(await fetch_text("layers.json")).layers;
}

// Only what is published, in one request per tile for all layers that the style knows.
export async function fetch_style(layers) {
  const style = JSON.parse((await fetch_text("styles/ritchi")).replaceAll('"{fiscal_year}"', String(fiscal_year())));
  for (const layer of style.layers) {
    const words = layer.metadata?.["ritchi:text-field"]?.[language];
    if (words) layer.layout["text-field"] = words;
  }
  const styled = new Set(style.layers.map((layer) => layer["source-layer"]));
  const published = layers.map((layer) => layer.id).filter((id) => styled.has(id));
  style.layers = style.layers.filter((layer) => !layer["source-layer"] || published.includes(layer["source-layer"]));
  style.sources = published.length > 0 ? { ritchi: { type: "vector", url: layer_source_url(published) } } : {};
  return style;
}

export function layer_source_url(ids) {
  return `${base}/xyz/${ids.map(encodeURIComponent).join(",")}.json`;
}

// The server names its tiles by its public address. Seen through a tunnel or by another name, that address is
// foreign to the page, so tiles are asked where the page came from.
export function same_server(url) {
  const at = url.indexOf("/xyz/");
  return { url: at > 0 ? base + url.slice(at) : url };
}
