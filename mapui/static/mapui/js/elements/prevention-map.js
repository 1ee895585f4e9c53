/* <prevention-map>: hotspots of today and places where something is done, with the numbers of the lists beside and below
   the map: the page gives their shapes as JSON. */
import { L, createPane } from "../leaflet.js";
import { openBackdrop } from "../map/backdrop.js";
import { Marks } from "../map/marks.js";

class PreventionMap extends HTMLElement {
  #told = JSON.parse(document.getElementById("prevention-shapes").textContent);

  connectedCallback() {
    openBackdrop(this, (map) => this.#draw(map));
  }

  #draw(map) {
    const marks = new Marks(map);
    const places = this.#drawAll(map, marks, "places", 570, ["place-shape"], "legend__place", "south");
    const hotspots = this.#drawAll(map, marks, "hotspots", 580, ["hotspot-halo", "hotspot"], "legend__number", "north");
    const bounds = L.featureGroup([places, hotspots]).getBounds();
    if (bounds.isValid()) map.fitBounds(bounds.pad(0.25), { maxZoom: 15, animate: false });
    marks.arrange();
  }

  #drawAll(map, marks, name, zIndex, classNames, className, edge) {
    const pane = createPane(map, name, zIndex);
    const drawn = L.featureGroup().addTo(map);
    for (const feature of this.#told[name]) {
      for (const each of classNames) {
        L.geoJSON(feature, { interactive: false, style: () => ({ ...pane, className: each }) }).addTo(drawn);
      }
      marks.add(L.geoJSON(feature).getBounds(), { className, label: feature.properties.number, edge });
    }
    return drawn;
  }
}

if (L) customElements.define("prevention-map", PreventionMap);
