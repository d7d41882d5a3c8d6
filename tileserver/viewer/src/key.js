// The caller's key: kept for this tab alone, sent to this server alone.
const place = "ritchi-key";

export function key() {
  try {
    return sessionStorage.getItem(place) ?? "";
  } catch { // storage may be switched off: then a key holds until the page is left
    return held;
  }
}

let held = "";

export function keep_key(value) {
  held = value;
  try {
    if (value) sessionStorage.setItem(place, value);
    else sessionStorage.removeItem(place);
  } catch { /* held is enough */ }
}

// What an HTTP header can carry: a key with other characters is none.
export function could_be_key(value) {
  return /^[\x21-\x7e]{8,512}$/.test(value);
}

// A request of this caller. What a key opens is kept by no cache, and comes from none.
export function with_key(headers = {}) {
  const own = key();
  return own ? { headers: { ...headers, Authorization: `Bearer ${own}` }, cache: "no-store" } : { headers };
}
