// The page's address after the '#': where one looks, "zoom/lat/lng", and the question that was asked, "match=…".

// "12.5/37.44/138.84&match=%7B…%7D" -> { view: {zoom, center} or null, match: "{…}" or null }
export function read_hash(hash) {
  const parts = hash.replace(/^#/, "").split("&");
  const numbers = parts[0].split("/").map(Number);
  const is_view = !parts[0].includes("=") && numbers.length >= 3 && numbers.every(Number.isFinite)
    && Math.abs(numbers[1]) <= 90 && Math.abs(numbers[2]) <= 180;
  const entry = parts.find((part) => part.startsWith("match="));
  let match = null;
  try {
    match = entry ? decodeURIComponent(entry.slice("match=".length)) : null;
  } catch { /* cut off or mistyped: no question */ }
  return { view: is_view ? { zoom: numbers[0], center: [numbers[2], numbers[1]] } : null, match };
}

// As many decimals as a pixel of that zoom needs.
function view_text({ zoom, center: [lng, lat] }) {
  const decimals = Math.max(0, Math.ceil((zoom * Math.LN2 + Math.log(512 / 360 / 0.5)) / Math.LN10));
  const rounded = (value) => Number(value.toFixed(decimals));
  return `${Math.round(zoom * 100) / 100}/${rounded(lat)}/${rounded(lng)}`;
}

export function write_hash({ view, match }) {
  const parts = [view && view_text(view), match && `match=${encodeURIComponent(match)}`].filter(Boolean);
  return parts.length > 0 ? `#${parts.join("&")}` : "";
}

// The view is written as the map moves; set_match() writes the question; on_match(text or null) hears of one that
// came by a link or the way back.
export function watch_address(map, on_match) {
  let { match } = read_hash(location.hash);
  let timer = 0;
  const view = () => ({ zoom: map.getZoom(), center: map.getCenter().toArray() });
  const write = () => {
    timer = 0;
    history.replaceState(history.state, "", write_hash({ view: view(), match }) || location.pathname + location.search);
  };
  map.on("moveend", () => { // browsers count how often an address is written
    if (timer === 0) timer = window.setTimeout(write, 250);
  });
  window.addEventListener("hashchange", () => {
    const asked = read_hash(location.hash);
    if (asked.view) map.jumpTo(asked.view);
    if (asked.match !== match) {
      match = asked.match;
      on_match(match);
    }
  });
  return {
    set_match(question) {
      match = question;
      write();
    },
  };
}
