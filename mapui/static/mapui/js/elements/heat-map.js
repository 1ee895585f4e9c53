/* <heat-map>: squares or areas of data-source, coloured by number of letters, and over them the hotspots and changes
   that the list beside the map tells: the page gives their shapes, and what the map says, as JSON. */
import { L, createPane } from "../leaflet.js";
import { openBackdrop } from "../map/backdrop.js";
import { fetchJson } from "../map/geojson.js";
import { bindWords } from "../map/tooltip.js";

function fill(words, values) {
  return words.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

class HeatMap extends HTMLElement {
  #told = JSON.parse(document.getElementById("heat-shapes").textContent);

  connectedCallback() {
    openBackdrop(this, (map) => this.#draw(map));
  }

  async #draw(map) {
    if (!this.dataset.source) return;
    const pane = createPane(map, "heat", 560);
    const collection = await fetchJson(this.dataset.source);
    const shapes = L.geoJSON(collection, {
      style: ({ properties }) => ({ ...pane, className: this.#className(properties) }),
      onEachFeature: ({ properties }, shape) => bindWords(shape, this.#words(properties), { sticky: true }),
    }).addTo(map);
    this.#drawChanges(map);
    const spots = this.#drawHotspots(map);
    const bounds = shapes.getBounds();
    if (bounds.isValid()) map.fitBounds(bounds.pad(0.05), { maxZoom: 15, animate: false });
    for (const button of document.querySelectorAll("[data-show]")) {
      button.hidden = false;
      button.addEventListener("click", () => {
        map.fitBounds(spots.get(button.dataset.show).getBounds().pad(1), { maxZoom: 16 });
        this.scrollIntoView({ block: "nearest" });
      });
    }
  }

  #className({ letters, at_least: least, coarse_because: coarse }) {
    const level = this.#told.levels.filter((from) => (letters ?? least) >= from).length;
    return `heat-cell heat-${level}${coarse ? " heat-cell--coarse" : ""}`;
  }

  #words({ letters, area, at_least: least, at_most: most, addresses, coarse_because: coarse }) {
    const { words } = this.#told;
    if (area === undefined) return fill(words.letters, { letters });
    const span = least === most ? String(least) : `${least}–${most}`;
    const said = fill(words.area, { area, letters: span, addresses });
    return coarse ? `${said}; ${words[coarse]}` : said;
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
