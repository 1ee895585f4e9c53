/* <letter-map>: one letter (data-lat, data-lon), or the letters of data-source in step with the list beside it.

   The signs are for the eye and the finger; the list says the same to the keyboard. */
import { L, createClusters, reducedMotion } from "../leaflet.js";
import { openBackdrop } from "../map/backdrop.js";
import { fetchJson } from "../map/geojson.js";
import { putPin } from "../map/pin.js";
import { bindWords } from "../map/tooltip.js";

const PIN_PX = 26;
const CLUSTER_PX = 44;
const URGENCY = ["overdue", "today", "later", "done"];

class LetterMap extends HTMLElement {
  #pins = new Map();

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
    const clusters = createClusters({
      iconCreateFunction: clusterIcon,
      maxClusterRadius: CLUSTER_PX,
      showCoverageOnHover: false,
    });
    for (const { geometry, properties } of collection.features) {
      if (!geometry) continue;
      const [lon, lat] = geometry.coordinates;
      const due = properties.due || "done";
      const pin = L.marker([lat, lon], { due, icon: pinIcon(due), keyboard: false });
      bindWords(pin, `№ ${properties.number} · ${properties.category} · ${properties.state_name}`);
      pin.on("click", () => this.#choose(properties.number));
      clusters.addLayer(pin);
      this.#pins.set(properties.number, pin);
    }
    map.addLayer(clusters);
    for (const row of document.querySelectorAll("[data-number]")) this.#keepInStep(clusters, row);
    if (this.#pins.size) map.fitBounds(clusters.getBounds().pad(0.3), { maxZoom: 15, animate: false });
  }

  /* The first touch shows the letter in the list, the second opens it; a letter on another page opens at once. */
  #choose(number) {
    const row = document.querySelector(`[data-number="${number}"]`);
    if (!row || row.classList.contains("is-chosen")) {
      location.href = `${location.pathname}${number}/${location.search}`;
      return;
    }
    for (const other of document.querySelectorAll(".is-chosen")) other.classList.remove("is-chosen", "is-lit");
    row.classList.add("is-chosen", "is-lit");
    row.scrollIntoView({ block: "nearest", behavior: reducedMotion.matches ? "auto" : "smooth" });
    row.querySelector("a").focus({ preventScroll: true });
  }

  #keepInStep(clusters, row) {
    const pin = this.#pins.get(row.dataset.number);
    if (!pin) return;
    const sign = () => (clusters.getVisibleParent?.(pin) ?? pin).getElement?.();
    let lit = null;
    const light = (on) => {
      lit?.classList.remove("is-lit");
      lit = on ? sign() : null;
      lit?.classList.add("is-lit");
      row.classList.toggle("is-lit", on);
    };
    for (const name of ["mouseenter", "focusin"]) row.addEventListener(name, () => light(true));
    for (const name of ["mouseleave", "focusout"]) row.addEventListener(name, () => light(false));
    pin.on("mouseover", () => row.classList.add("is-lit"));
    pin.on("mouseout", () => row.classList.remove("is-lit"));
  }
}

function pinIcon(due) {
  const html = `<span class="letter-sign letter-sign--${due}"></span>`;
  return L.divIcon({ className: "letter-pin", html, iconSize: [PIN_PX, PIN_PX] });
}

/* A cluster is as urgent as the most urgent letter in it. */
function clusterIcon(cluster) {
  const kinds = new Set(cluster.getAllChildMarkers().map((pin) => pin.options.due));
  const due = URGENCY.find((kind) => kinds.has(kind));
  const html = `<span>${cluster.getChildCount()}</span>`;
  return L.divIcon({ className: `letter-cluster letter-cluster--${due}`, html, iconSize: [CLUSTER_PX, CLUSTER_PX] });
}

if (L) customElements.define("letter-map", LetterMap);
