/* <letter-map>: one letter (data-lat, data-lon), or the letters of data-source in step with the list beside it. */
import { L, createPane } from "../leaflet.js";
import { openBackdrop } from "../map/backdrop.js";
import { fetchJson } from "../map/geojson.js";
import { putPin } from "../map/pin.js";
import { bindWords } from "../map/tooltip.js";

const RADIUS_PX = 11;

class LetterMap extends HTMLElement {
  connectedCallback() {
    openBackdrop(this, (map) => this.#draw(map));
  }

  async #draw(map) {
    const { lat, lon, source } = this.dataset;
    if (lat && lon) {
      putPin(map, Number(lat), Number(lon));
      map.setView([Number(lat), Number(lon)], 16, { animate: false });
    }
    if (source) this.#drawLetters(map, await fetchJson(source));
  }

  #drawLetters(map, collection) {
    const pane = createPane(map, "letters", 580);
    const placed = collection.features.filter((feature) => feature.geometry);
    for (const { geometry, properties } of placed) {
      const [lon, lat] = geometry.coordinates;
      const kind = properties.overdue ? "is-overdue" : properties.waiting ? "is-waiting" : "is-done";
      const dot = L.circleMarker([lat, lon], { ...pane, radius: RADIUS_PX, className: `letter-dot ${kind}` }).addTo(map);
      bindWords(dot, `№ ${properties.number} · ${properties.category} · ${properties.state_name}`);
      dot.on("click", () => { location.href = `${location.pathname}${properties.number}/`; });
      this.#keepInStep(dot, properties.number);
    }
    if (placed.length) {
      const bounds = L.latLngBounds(placed.map(({ geometry }) => [geometry.coordinates[1], geometry.coordinates[0]]));
      map.fitBounds(bounds.pad(0.3), { maxZoom: 15, animate: false });
    }
  }

  #keepInStep(dot, number) {
    const row = document.querySelector(`[data-number="${number}"]`);
    if (!row) return;
    const light = (on) => {
      row.classList.toggle("is-lit", on);
      dot.getElement()?.classList.toggle("is-lit", on);
      if (on) dot.bringToFront();
    };
    for (const name of ["mouseenter", "focusin"]) row.addEventListener(name, () => light(true));
    for (const name of ["mouseleave", "focusout"]) row.addEventListener(name, () => light(false));
    dot.on("mouseover", () => light(true));
    dot.on("mouseout", () => light(false));
  }
}

if (L) customElements.define("letter-map", LetterMap);
