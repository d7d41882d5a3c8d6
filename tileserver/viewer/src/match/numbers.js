// Numbers as people type them: full-width digits, thousands separators, empty for none.

// undefined: nothing typed; NaN: no number.
export function typed_number(text) {
  const plain = text.normalize("NFKC").replace(/[,\s]/g, "").replace(/^[▲−‐]/, "-");
  if (plain === "") return undefined;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain) ? Number(plain) : NaN;
}
