/* <heat-map>: squares or areas of data-source, or the districts, coloured by letters or by a rate, and over them the
   hotspots and changes that the list beside the map tells: the page gives their shapes, the rates, and what the map says,
   as JSON. A smooth layer under the squares is for the eye alone. */
import { L, createGlow, createPane } from "../leaflet.js";
import { openBackdrop } from "../map/backdrop.js";
import { fetchJson } from "../map/geojson.js";
import { Marks } from "../map/marks.js";
import { bindWords } from "../map/tooltip.js";
import { numberText } from "../texts.js";

const GLOW_M = 900; // wider than the widest square, or it would hide under them
const GLOW_FULL_FROM = 4; // letters: one alone never glows as a heap does
const LINES_FROM_PX = 16; // a side of shapes in the middle: lines about smaller ones would cover them

function fill(words, values) {
  return words.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/* The side in degrees of latitude that half of the shapes go below. */
function sideInTheMiddle(shapes) {
  const sides = shapes.getLayers().map((shape) => shape.getBounds()).map((box) => box.getNorth() - box.getSouth());
  return sides.sort((one, other) => one - other)[sides.length >> 1] ?? 0;
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
    if (!isByDistrict && !this.dataset.source) return this.#told.words.nothing;
    const collection = isByDistrict ? districts : await fetchJson(this.dataset.source);
    // What covers the city lies under its streets; squares lie over them.
    const isCover = isByDistrict || collection.features.some(({ properties }) => properties.area);
    const pane = createPane(map, "heat", isCover ? 404 : 560);
    const shapes = L.geoJSON(collection, {
      filter: ({ properties }) => !isByDistrict || properties.code in this.#told.districts,
      style: ({ properties }) => ({ ...pane, className: this.#className(properties) }),
      onEachFeature: ({ properties }, shape) => bindWords(shape, this.#words(properties), { sticky: true }),
    }).addTo(map);
    const marks = new Marks(map);
    const spots = this.#drawHotspots(map, marks);
    this.#drawChanges(map, marks);
    const bounds = shapes.getBounds();
    if (bounds.isValid()) map.fitBounds(bounds.pad(0.05), { maxZoom: 15, animate: false });
    marks.arrange();
    this.#drawLinesWhereTheyFit(map, sideInTheMiddle(shapes));
    if (!isByDistrict) this.#offerGlow(map, collection);
    for (const button of document.querySelectorAll("[data-show]")) {
      button.hidden = false;
      button.addEventListener("click", () => {
        map.fitBounds(spots.get(button.dataset.show).getBounds().pad(1), { maxZoom: 16 });
        this.scrollIntoView({ block: "nearest" });
      });
    }
    return shapes.getLayers().some(({ feature }) => this.#value(feature.properties)) ? "" : this.#told.words.nothing;
  }

  #drawLinesWhereTheyFit(map, degrees) {
    const fit = () => {
      const { lat, lng } = map.getCenter();
      const [here, there] = [lat, lat + degrees].map((each) => map.latLngToContainerPoint([each, lng]));
      this.classList.toggle("is-fine", here.distanceTo(there) < LINES_FROM_PX);
    };
    map.on("zoomend", fit);
    fit();
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
    const told = { area, letters: this.#span(letters ?? least, letters ?? most), addresses: numberText(addresses ?? 0) };
    const said = [fill(area === undefined ? words.letters : words.area, told)];
    if (words.rate) said.push(this.#rateInWords(this.#value(properties), letters === undefined && least !== most));
    if (coarse) said.push(words[coarse]);
    return said.join("; ");
  }

  /* As `span_words` of mapui/heat/words.py. */
  #span(least, most) {
    if (least === most) return numberText(least);
    return least === 1 ? `1–${most}` : fill(this.#told.words.at_least, { n: numberText(least) });
  }

  #rateInWords(value, isLeast) {
    const { words } = this.#told;
    if (value === null) return words.no_rate;
    const rate = numberText(value, value < 10 ? 1 : 0);
    return fill(words.rate, { rate: isLeast ? fill(words.at_least, { n: rate }) : rate });
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

  #drawHotspots(map, marks) {
    const pane = createPane(map, "hotspots", 580);
    const drawn = new Map();
    for (const feature of this.#told.hotspots) {
      const { number } = feature.properties;
      for (const className of ["hotspot-halo", "hotspot"]) {
        const outline = L.geoJSON(feature, { interactive: false, style: () => ({ ...pane, className, fill: false }) });
        drawn.set(String(number), outline.addTo(map));
      }
      marks.add(drawn.get(String(number)).getBounds(), { className: "legend__number", label: number });
    }
    return drawn;
  }

  #drawChanges(map, marks) {
    const pane = createPane(map, "changes", 570);
    for (const feature of this.#told.changes) {
      const { direction, label } = feature.properties;
      const style = { ...pane, className: `change change--${direction}` };
      const outline = L.geoJSON(feature, { interactive: false, style: () => style }).addTo(map);
      const className = `legend__change legend__change--${direction}`;
      marks.add(outline.getBounds(), { className, label, edge: "south" });
    }
  }
}

if (L) customElements.define("heat-map", HeatMap);
