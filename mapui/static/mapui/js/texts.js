/* Sentences the page says by script: written by the server in the reader's language (`finder_texts`). */
let known = null;

export function text(key, values = {}) {
  known ??= JSON.parse(document.getElementById("finder-texts")?.textContent ?? "{}");
  return (known[key] ?? "").replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

export function distanceText(metres) {
  if (metres < 950) return text("metres", { n: metres < 100 ? Math.round(metres) : Math.round(metres / 10) * 10 });
  const kilometres = (metres / 1000).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 });
  return text("kilometres", { n: kilometres });
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
