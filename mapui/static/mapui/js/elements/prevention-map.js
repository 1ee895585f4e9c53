/* <prevention-map>: hotspots of today and places where something is done, with the numbers of the lists beside and below
   the map: the page gives their shapes as JSON. */
import { L, createPane } from "../leaflet.js";
import { openBackdrop } from "../map/backdrop.js";

class PreventionMap extends HTMLElement {
  #told = JSON.parse(document.getElementById("prevention-shapes").textContent);

  connectedCallback() {
    openBackdrop(this, (map) => this.#draw(map));
  }

  #draw(map) {
    const places = this.#drawAll(map, "places", 570, ["place-shape"], "legend__place", "south");
    const hotspots = this.#drawAll(map, "hotspots", 580, ["hotspot-halo", "hotspot"], "legend__number", "north");
    const bounds = L.featureGroup([places, hotspots]).getBounds();
    if (bounds.isValid()) map.fitBounds(bounds.pad(0.25), { maxZoom: 15, animate: false });
  }

  /* The number stands at an edge of the shape: in its middle it would hide what is there, and two would lie on
     each other where a hotspot is such a place. */
  #drawAll(map, name, zIndex, classNames, badge, edge) {
    const pane = createPane(map, name, zIndex);
    const drawn = L.featureGroup().addTo(map);
    for (const feature of this.#told[name]) {
      for (const className of classNames) {
        L.geoJSON(feature, { interactive: false, style: () => ({ ...pane, className }) }).addTo(drawn);
      }
      const bounds = L.geoJSON(feature).getBounds();
      const latitude = edge === "north" ? bounds.getNorth() : bounds.getSouth();
      const html = document.createElement("span");
      html.className = badge;
      html.textContent = feature.properties.number;
      const icon = L.divIcon({ className: "heat-mark", html, iconSize: [0, 0] });
      L.marker([latitude, bounds.getCenter().lng], { icon, interactive: false, keyboard: false }).addTo(map);
    }
    return drawn;
  }
}

if (L) customElements.define("prevention-map", PreventionMap);
