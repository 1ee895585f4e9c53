/* <place-mark>: the writer marks the place of a letter. It goes into hidden fields of the form and nowhere else. */
import { openBackdrop, putPin } from "../map/backdrop.js";

class PlaceMark extends HTMLElement {
  #map = null;
  #pin = null;

  async connectedCallback() {
    if (this.#map || !window.L) return;
    this.field = this.closest("[data-place-field]");
    this.field.hidden = false;
    this.form = this.closest("form");
    this.told = this.field.querySelector("[data-marked]");
    this.removal = this.field.querySelector("[data-unmark]");
    this.removal.addEventListener("click", () => this.#mark(null));
    const { map } = await openBackdrop(this);
    this.#map = map;
    this.#listen();
    const { lat, lon } = this.form.elements;
    this.#mark(lat.value && lon.value ? { lat: Number(lat.value), lng: Number(lon.value) } : null);
    this.setAttribute("data-ready", "");
  }

  #listen() {
    const canvas = this.querySelector("[data-canvas]");
    this.#map.on("click", ({ latlng }) => this.#mark(latlng));
    const crosshair = () => this.toggleAttribute("data-crosshair", canvas.matches(":focus-visible"));
    canvas.addEventListener("focus", crosshair);
    canvas.addEventListener("blur", crosshair);
    canvas.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target !== canvas) return;
      event.preventDefault();
      this.#mark(this.#map.getCenter());
    });
  }

  #mark(place) {
    this.#pin?.remove();
    this.#pin = place ? putPin(this.#map, place.lat, place.lng) : null;
    this.form.elements.lat.value = place ? place.lat.toFixed(6) : "";
    this.form.elements.lon.value = place ? place.lng.toFixed(6) : "";
    this.removal.hidden = !place;
    this.told.textContent = place ? this.told.dataset.yes : this.told.dataset.no;
  }
}

customElements.define("place-mark", PlaceMark);
