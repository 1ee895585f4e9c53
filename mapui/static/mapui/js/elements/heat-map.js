/* <heat-map>: squares of data-source, coloured by number of letters; the legend's classes never change meaning. */
import { L, createPane } from "../leaflet.js";
import { openBackdrop } from "../map/backdrop.js";
import { fetchJson } from "../map/geojson.js";

const LEAST = [1, 2, 4, 8, 16];

function levelOf(letters) {
  return LEAST.filter((least) => letters >= least).length;
}

class HeatMap extends HTMLElement {
  connectedCallback() {
    openBackdrop(this, (map) => this.#draw(map));
  }

  async #draw(map) {
    const pane = createPane(map, "heat", 560);
    const collection = await fetchJson(this.dataset.source);
    const squares = L.geoJSON(collection, {
      style: ({ properties }) => ({ ...pane, className: `heat-cell heat-${levelOf(properties.letters)}` }),
      onEachFeature: ({ properties }, square) => square.bindTooltip(String(properties.letters), { sticky: true }),
    }).addTo(map);
    const bounds = squares.getBounds();
    if (bounds.isValid()) map.fitBounds(bounds.pad(0.2), { maxZoom: 15, animate: false });
  }
}

if (L) customElements.define("heat-map", HeatMap);
