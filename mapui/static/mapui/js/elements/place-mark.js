/* <place-mark>: the writer marks the place of a letter. It goes into hidden fields of the form and nowhere else. */
import { L } from "../leaflet.js";
import { openBackdrop } from "../map/backdrop.js";
import { putPin } from "../map/pin.js";

class PlaceMark extends HTMLElement {
  #map = null;
  #pin = null;
  #place = null;

  /* What the letter takes along is told, and can be taken back, even where no map can be drawn. */
  connectedCallback() {
    this.field = this.closest("[data-place-field]");
    this.form = this.closest("form");
    this.told = this.field.querySelector("[data-marked]");
    this.removal = this.field.querySelector("[data-unmark]");
    this.removal.addEventListener("click", (event) => {
      event.preventDefault();
      this.#mark(null);
    });
    const [lat, lng] = [Number(this.dataset.lat), Number(this.dataset.lon)];
    this.#mark(lat && lng ? { lat, lng } : null);
    if (L) openBackdrop(this, (map) => this.#listen(map));
  }

  #listen(map) {
    this.#map = map;
    this.#mark(this.#place);
    const canvas = this.querySelector("[data-canvas]");
    map.on("click", ({ latlng }) => this.#mark(latlng));
    const crosshair = () => this.toggleAttribute("data-crosshair", canvas.matches(":focus-visible"));
    canvas.addEventListener("focus", crosshair);
    canvas.addEventListener("blur", crosshair);
    canvas.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target !== canvas) return;
      event.preventDefault();
      this.#mark(map.getCenter());
    });
  }

  #mark(place) {
    this.#place = place;
    this.#pin?.remove();
    this.#pin = place && this.#map ? putPin(this.#map, place.lat, place.lng) : null;
    this.form.elements.lat.value = place ? place.lat.toFixed(6) : "";
    this.form.elements.lon.value = place ? place.lng.toFixed(6) : "";
    this.removal.hidden = !place;
    this.told.textContent = place ? this.told.dataset.yes : this.told.dataset.no;
  }
}

customElements.define("place-mark", PlaceMark);
