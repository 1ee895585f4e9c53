/* <heat-map>: squares or areas of data-source, or the districts, coloured by letters or by a rate, and over them the
   hotspots and changes that the list beside the map tells: the page gives their shapes, the rates, and what the map says,
   as JSON. A smooth layer under the squares is for the eye alone. */
import { L, createGlow, createPane } from "../leaflet.js";
import { openBackdrop } from "../map/backdrop.js";
import { fetchJson } from "../map/geojson.js";
import { bindWords } from "../map/tooltip.js";

const GLOW_M = 900; // wider than the widest square, or it would hide under them
const GLOW_FULL_FROM = 4; // letters: one alone never glows as a heap does

function fill(words, values) {
  return words.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/* The address of the page, and the links to its other views, keep what is chosen by script. */
function keepInAddress(name, value) {
  const kept = (address) => {
    const url = new URL(address);
    if (value) url.searchParams.set(name, value);
    else url.searchParams.delete(name);
    return url;
  };
  history.replaceState(history.state, "", kept(location.href));
  for (const link of document.querySelectorAll('a[href^="?"]')) {
    const { search, hash } = kept(link.href);
    link.setAttribute("href", `${search || "?"}${hash}`);
  }
}

class HeatMap extends HTMLElement {
  #told = JSON.parse(document.getElementById("heat-shapes").textContent);

  connectedCallback() {
    openBackdrop(this, (map, districts) => this.#draw(map, districts));
  }

  async #draw(map, districts) {
    const isByDistrict = Object.keys(this.#told.districts).length > 0;
    if (!isByDistrict && !this.dataset.source) return;
    const collection = isByDistrict ? districts : await fetchJson(this.dataset.source);
    // Coloured districts lie under the streets, squares and areas over them.
    const pane = createPane(map, "heat", isByDistrict ? 404 : 560);
    const shapes = L.geoJSON(collection, {
      filter: ({ properties }) => !isByDistrict || properties.code in this.#told.districts,
      style: ({ properties }) => ({ ...pane, className: this.#className(properties) }),
      onEachFeature: ({ properties }, shape) => bindWords(shape, this.#words(properties), { sticky: true }),
    }).addTo(map);
    this.#drawChanges(map);
    const spots = this.#drawHotspots(map);
    const bounds = shapes.getBounds();
    if (bounds.isValid()) map.fitBounds(bounds.pad(0.05), { maxZoom: 15, animate: false });
    if (!isByDistrict) this.#offerGlow(map, collection);
    for (const button of document.querySelectorAll("[data-show]")) {
      button.hidden = false;
      button.addEventListener("click", () => {
        map.fitBounds(spots.get(button.dataset.show).getBounds().pad(1), { maxZoom: 16 });
        this.scrollIntoView({ block: "nearest" });
      });
    }
  }

  /* What a colour stands for: letters, at the least, or a rate; null where it is not known. */
  #value({ code, cell, area, letters, at_least: least }) {
    const { districts, values } = this.#told;
    if (code in districts) return districts[code].value;
    const name = cell ?? area;
    return name in values ? values[name] : (letters ?? least);
  }

  #className(properties) {
    const coarse = properties.coarse_because ? " heat-cell--coarse" : "";
    const value = this.#value(properties);
    if (value === null) return `heat-cell heat-unknown${coarse}`;
    const level = value ? this.#told.levels.filter((from) => value >= from).length : 0;
    return `heat-cell heat-${level}${coarse}`;
  }

  #words(properties) {
    const { districts, words } = this.#told;
    const { area, letters, at_least: least, at_most: most, addresses, coarse_because: coarse } = properties;
    if (properties.code in districts) return districts[properties.code].words;
    const span = least === most ? String(least) : `${least}–${most}`;
    const said = [fill(area === undefined ? words.letters : words.area, { area, letters: letters ?? span, addresses })];
    if (words.rate) said.push(this.#rateInWords(this.#value(properties)));
    if (coarse) said.push(words[coarse]);
    return said.join("; ");
  }

  #rateInWords(value) {
    const { words } = this.#told;
    if (value === null) return words.no_rate;
    const digits = value < 10 ? 1 : 0;
    const rate = value.toLocaleString(document.documentElement.lang, { maximumFractionDigits: digits });
    return fill(words.rate, { rate });
  }

  #offerGlow(map, collection) {
    const choice = document.querySelector("[data-smooth]");
    if (!choice) return;
    const points = collection.features.map(({ geometry, properties }) => {
      const [[west, south], , [east, north]] = geometry.coordinates[0];
      return [(south + north) / 2, (west + east) / 2, properties.letters];
    });
    const full = points.reduce((most, point) => Math.max(most, point[2]), GLOW_FULL_FROM);
    const glow = createGlow(map, points, { metres: GLOW_M, full });
    if (!glow) return;
    const box = choice.querySelector("input");
    const show = () => {
      if (box.checked) glow.addTo(map);
      else glow.remove();
    };
    box.addEventListener("change", () => {
      show();
      keepInAddress(box.name, box.checked ? box.value : "");
    });
    show();
    choice.hidden = false;
  }

  #drawHotspots(map) {
    const pane = createPane(map, "hotspots", 580);
    const drawn = new Map();
    for (const feature of this.#told.hotspots) {
      const { number } = feature.properties;
      for (const className of ["hotspot-halo", "hotspot"]) {
        const outline = L.geoJSON(feature, { interactive: false, style: () => ({ ...pane, className, fill: false }) });
        drawn.set(String(number), outline.addTo(map));
      }
      this.#mark(map, drawn.get(String(number)), "legend__number", number);
    }
    return drawn;
  }

  #drawChanges(map) {
    const pane = createPane(map, "changes", 570);
    for (const feature of this.#told.changes) {
      const { direction, label } = feature.properties;
      const className = `change change--${direction}`;
      const outline = L.geoJSON(feature, { interactive: false, style: () => ({ ...pane, className }) }).addTo(map);
      this.#mark(map, outline, `legend__change legend__change--${direction}`, label, "south");
    }
  }

  /* A number at an edge of a shape: in its middle it would hide what is there. */
  #mark(map, outline, className, label, edge = "north") {
    const bounds = outline.getBounds();
    const latitude = edge === "north" ? bounds.getNorth() : bounds.getSouth();
    const html = document.createElement("span");
    html.className = className;
    html.textContent = label;
    const icon = L.divIcon({ className: "heat-mark", html, iconSize: [0, 0] });
    L.marker([latitude, bounds.getCenter().lng], { icon, interactive: false, keyboard: false }).addTo(map);
  }
}

if (L) customElements.define("heat-map", HeatMap);
