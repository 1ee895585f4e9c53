/* Sentences the page says by script: written by the server in the reader's language (`finder_texts`). */
let known = null;

export function text(key, values = {}) {
  known ??= JSON.parse(document.getElementById("finder-texts")?.textContent ?? "{}");
  return (known[key] ?? "").replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/* A number as `number_words` of mapui/numbers.py writes it. */
export function numberText(number, digits = 0) {
  const told = number.toLocaleString(document.documentElement.lang, { maximumFractionDigits: digits });
  return told.replaceAll("\u00a0", "\u202f");
}

export function distanceText(metres) {
  if (metres < 950) return text("metres", { n: metres < 100 ? Math.round(metres) : Math.round(metres / 10) * 10 });
  return text("kilometres", { n: numberText(metres / 1000, 1) });
}

/* On a map, in place of "Loading the map…"; an empty sentence takes the note away. */
export function tellOnMap(root, sentence) {
  const state = root.querySelector("[data-map-state]");
  state.textContent = sentence;
  state.hidden = !sentence;
}

export function announce(sentence) {
  const announcer = document.getElementById("announcer");
  if (announcer) announcer.textContent = sentence;
}
