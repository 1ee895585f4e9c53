/* <district-map>: the city's districts. Says `place:chosen` {lat, lon} and `district:selected` {code}. */
import { L, createMap } from "../leaflet.js";
import { drawGround } from "../map/ground.js";
import { Districts } from "../map/districts.js";
import { announce, text } from "../texts.js";

const PIN = `<svg viewBox="0 0 32 40" width="32" height="40">
  <path class="map-pin" d="M16 2c7.7 0 13 5.5 13 12.5C29 24 16 38 16 38S3 24 3 14.5C3 7.5 8.3 2 16 2z"/>
  <circle class="map-pin" cx="16" cy="14.5" r="4.5"/>
</svg>`;

class DistrictMap extends HTMLElement {
  static observedAttributes = ["data-chosen"];

  #map = null;
  #districts = null;
  #pin = null;

  async connectedCallback() {
    if (this.#map || !L) return;
    this.canvas = this.querySelector("[data-canvas]");
    this.#map = createMap(this.canvas, { basemap: this.dataset.basemap, attribution: this.dataset.attribution });
    this.classList.toggle("map--tiles", Boolean(this.dataset.basemap));
    this.canvas.setAttribute("role", "application");
    this.canvas.setAttribute("aria-label", text("map_help"));
    this.#listen();
    // The page's language, not the browser's: many Ukrainians use an English browser.
    const inLanguage = { headers: { "Accept-Language": document.documentElement.lang } };
    const ground = this.dataset.basemap ? null : fetch(this.dataset.streets, inLanguage).catch(() => null);
    try {
      const response = await fetch(this.dataset.districts, inLanguage);
      if (!response.ok) throw new Error(String(response.status));
      this.#draw(await response.json());
    } catch {
      this.#state(text("map_failed"));
      return;
    }
    const streets = await ground;
    if (streets?.ok) drawGround(this.#map, await streets.json());
  }

  attributeChangedCallback(_name, _former, code) {
    this.#districts?.choose(code ?? "", { fit: this.fitNext !== false });
    this.fitNext = true;
  }

  #state(sentence) {
    const state = this.querySelector("[data-map-state]");
    state.textContent = sentence;
    state.hidden = !sentence;
  }

  #draw(collection) {
    if (!collection.features.length) {
      this.#map.setView([49, 31.4], 6);
      this.#state("");
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
    this.#state("");
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
      if (event.target !== this.canvas) return;
      if (event.key === "Enter") {
        event.preventDefault();
        this.toggleAttribute("data-crosshair", true);
        this.#ask(this.#map.getCenter());
      }
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
    this.fitNext = false;
    this.#say("place:chosen", { lat, lon: lng });
  }

  #say(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, cancelable: true, detail }));
  }

  set asking(on) {
    this.classList.toggle("is-asking", on);
  }

  /* A pin at the place that was asked about: on this screen only. */
  mark(lat, lon) {
    this.unmark();
    const icon = L.divIcon({ className: "map-pin-icon", html: PIN, iconSize: [32, 40], iconAnchor: [16, 38] });
    this.#pin = L.marker([lat, lon], { icon, interactive: false, keyboard: false }).addTo(this.#map);
    this.#pin.getElement().setAttribute("aria-hidden", "true");
  }

  /* Where the pin stands, or null. */
  get marked() {
    return this.#pin?.getLatLng() ?? null;
  }

  unmark() {
    this.#pin?.remove();
    this.#pin = null;
  }

  /* Move to a place without asking about it. */
  look(lat, lon, zoom) {
    this.#map.setView([lat, lon], zoom);
  }

  focusCanvas() {
    this.canvas.focus({ preventScroll: true });
  }
}

customElements.define("district-map", DistrictMap);
