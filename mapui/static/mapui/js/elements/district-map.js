/* <district-map>: the city's districts. Says `place:chosen` {lat, lon} and `district:selected` {code}. */
import { L, createMap } from "../leaflet.js";
import { Districts } from "../map/districts.js";
import { fetchJson } from "../map/geojson.js";
import { drawGround, fetchGround } from "../map/ground.js";
import { putPin } from "../map/pin.js";
import { announce, tellOnMap, text } from "../texts.js";

class DistrictMap extends HTMLElement {
  static observedAttributes = ["data-chosen"];

  #map = null;
  #districts = null;
  #pin = null;
  #fits = true;

  async connectedCallback() {
    if (this.#map) return;
    this.canvas = this.querySelector("[data-canvas]");
    this.#map = createMap(this.canvas, { basemap: this.dataset.basemap, attribution: this.dataset.attribution });
    this.classList.toggle("map--tiles", Boolean(this.dataset.basemap));
    this.canvas.setAttribute("role", "application");
    this.canvas.setAttribute("aria-label", text("map_help"));
    this.#listen();
    const ground = fetchGround(this.dataset);
    if (!this.dataset.districts) {
      this.#drawGroundAlone(await ground);
      return;
    }
    try {
      this.#draw(await fetchJson(this.dataset.districts));
    } catch {
      tellOnMap(this, text("map_failed"));
      return;
    }
    drawGround(this.#map, await ground);
  }

  attributeChangedCallback(_name, _former, code) {
    this.#districts?.choose(code ?? "", { fit: this.#fits });
    this.#fits = true;
  }

  #draw(collection) {
    if (!collection.features.length) {
      this.#map.setView([49, 31.4], 6);
      tellOnMap(this, "");
      return;
    }
    const bounds = L.geoJSON(collection).getBounds();
    this.#map.fitBounds(bounds, { padding: [20, 20], animate: false });
    this.#districts = new Districts(this.#map, collection, {
      onOpen: (code) => this.#say("district:selected", { code }),
    });
    this.#map.setMinZoom(Math.max(this.#map.getZoom() - 1, 3));
    this.#map.setMaxBounds(bounds.pad(0.6));
    if (this.dataset.chosen) this.#districts.choose(this.dataset.chosen, { fit: true });
    tellOnMap(this, "");
    this.setAttribute("data-ready", "");
  }

  /* No borders are in force: the page says so on the map, and a click is answered by the site. */
  #drawGroundAlone(ground) {
    this.#map.setView([49, 31.4], 6);
    const bounds = ground && L.geoJSON(ground).getBounds();
    const isGround = Boolean(bounds?.isValid());
    if (isGround) this.#map.fitBounds(bounds, { padding: [20, 20], animate: false });
    this.classList.add(isGround || this.dataset.basemap ? "map--ground-alone" : "map--empty");
    drawGround(this.#map, ground);
    this.setAttribute("data-ready", "");
  }

  #listen() {
    this.#map.on("click", ({ latlng }) => this.#ask(latlng));
    const crosshair = () => {
      const on = this.canvas.matches(":focus-visible");
      this.toggleAttribute("data-crosshair", on);
      this.querySelector("[data-map-tip]").hidden = !on;
    };
    this.canvas.addEventListener("focus", crosshair);
    this.canvas.addEventListener("blur", crosshair);
    this.canvas.addEventListener("keydown", (event) => {
      // A map that could not be drawn has no centre.
      if (event.target !== this.canvas || event.key !== "Enter" || !this.#map._loaded) return;
      event.preventDefault();
      this.toggleAttribute("data-crosshair", true);
      this.#ask(this.#map.getCenter());
    });
    this.#map.on("moveend", () => {
      if (!this.hasAttribute("data-crosshair") || !this.#districts) return;
      const name = this.#districts.nameAt(this.#map.getCenter());
      announce(name ? text("in_centre", { name }) : text("centre_outside"));
    });
    this.#guardScroll();
  }

  /* Where the page scrolls, one finger belongs to the page and two to the map. */
  #guardScroll() {
    const touch = matchMedia("(pointer: coarse)");
    const hint = this.querySelector("[data-two-fingers]");
    const decide = () => {
      const page = document.scrollingElement;
      const mayScroll = getComputedStyle(document.body).overflowY !== "hidden";
      const scrolls = touch.matches && mayScroll && page.scrollHeight > page.clientHeight + 1;
      this.#map.dragging[scrolls ? "disable" : "enable"]();
      this.onePageFinger = scrolls;
    };
    let timer = 0;
    this.canvas.addEventListener("touchmove", (event) => {
      if (!this.onePageFinger || event.touches.length > 1) return;
      hint.hidden = false;
      clearTimeout(timer);
      timer = setTimeout(() => { hint.hidden = true; }, 1500);
    }, { passive: true });
    addEventListener("resize", decide);
    decide();
  }

  #ask({ lat, lng }) {
    this.mark(lat, lng);
    this.#fits = false;
    this.#say("place:chosen", { lat, lon: lng });
  }

  #say(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, cancelable: true, detail }));
  }

  /* A pin at the place that was asked about: on this screen only. */
  mark(lat, lon) {
    this.unmark();
    this.#pin = putPin(this.#map, lat, lon);
  }

  /* Where the pin stands, or null. */
  get marked() {
    return this.#pin?.getLatLng() ?? null;
  }

  unmark() {
    this.#pin?.remove();
    this.#pin = null;
    this.#fits = true;
  }

  /* Move to a place without asking about it. */
  look(lat, lon, zoom) {
    this.#map.setView([lat, lon], zoom);
  }

  focusCanvas() {
    this.canvas.focus({ preventScroll: true });
  }
}

if (L) customElements.define("district-map", DistrictMap);
