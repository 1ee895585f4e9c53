/* <place-field>: the address field and "use my location". Says `place:chosen` and `place:rough`; a page that does not take
   `place:chosen` (the first page) gets an ordinary form post. */
import { Suggestions } from "../suggestions.js";
import { announce, distanceText, text } from "../texts.js";

const COORDINATES = /^\s*(\d{2}(?:[.,]\d+)?)\s*[,;\s]\s*(\d{2}(?:[.,]\d+)?)\s*$/;
const TOO_COARSE_M = 1000;
const ROUGH_M = 100;
const PATIENCE_MS = 10_000;
const FAILURES = { 1: "location_denied", 2: "location_unavailable", 3: "location_timeout" };

class PlaceField extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.input = this.querySelector("[name=q]");
    this.button = this.querySelector("[data-locate]");
    this.button.hidden = false;
    this.button.addEventListener("click", () => this.#locate());
    this.suggestions = new Suggestions(this.input, this.querySelector("[role=listbox]"), this.dataset, (place) => this.#suggested(place));
    this.form.addEventListener("submit", () => this.#fill("", ""));
    addEventListener("pageshow", () => this.#fill("", ""));
  }

  #fill(lat, lon) {
    this.form.elements.lat.value = lat;
    this.form.elements.lon.value = lon;
  }

  /* What the form would send for a place on the map, or for an address that was chosen: lists of streets know it, and
     houses that have no place on the map (lat is null). */
  dataFor(lat, lon, address = "") {
    const data = new FormData(this.form);
    data.set("q", address);
    data.set("lat", lat?.toFixed(6) ?? "");
    data.set("lon", lon?.toFixed(6) ?? "");
    return data;
  }

  /* The place that was typed, where it is known without asking: coordinates, or a suggestion that leaves no doubt. */
  get known() {
    const [, lat, lon] = COORDINATES.exec(this.input.value) ?? [];
    if (lat) return { lat: Number(lat.replace(",", ".")), lon: Number(lon.replace(",", ".")) };
    return this.suggestions.sureFor(this.input.value);
  }

  get data() {
    return new FormData(this.form);
  }

  tell(sentence, { error = true } = {}) {
    const place = this.querySelector("[data-message]");
    place.dataset.tone = error ? "error" : "tell";
    place.replaceChildren();
    if (sentence) {
      const line = this.querySelector("[data-message-template]").content.cloneNode(true);
      line.querySelector("span").textContent = sentence;
      place.append(line);
    }
  }

  set wrong(on) {
    if (on) this.input.setAttribute("aria-invalid", "true");
    else this.input.removeAttribute("aria-invalid");
  }

  /* A street alone is a beginning: the number of the house is still to be typed. */
  #suggested({ label, match, lat, lon }) {
    if (match === "street") {
      this.input.value = `${label}, `;
      this.input.dispatchEvent(new Event("input", { bubbles: true }));
      return;
    }
    this.input.value = label;
    this.tell("");
    this.wrong = false;
    if (!this.#say("place:chosen", { lat, lon, label })) return;
    this.#fill(lat?.toFixed(6) ?? "", lon?.toFixed(6) ?? "");
    this.form.submit();
  }

  #locate() {
    this.tell("");
    this.wrong = false;
    if (!navigator.geolocation) {
      this.tell(text("location_unavailable"));
      return;
    }
    this.button.setAttribute("aria-busy", "true");
    announce(text("locating"));
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        this.button.removeAttribute("aria-busy");
        this.#located(coords);
      },
      ({ code }) => {
        this.button.removeAttribute("aria-busy");
        this.tell(text(FAILURES[code] ?? "location_unavailable"));
      },
      { enableHighAccuracy: true, timeout: PATIENCE_MS, maximumAge: 60_000 },
    );
  }

  #located({ latitude, longitude, accuracy }) {
    const detail = { lat: latitude, lon: longitude };
    const distance = distanceText(accuracy);
    const isRough = accuracy > ROUGH_M;
    if (accuracy > TOO_COARSE_M) {
      this.tell(text("location_coarse", { distance }));
      this.#say("place:rough", detail);
    } else if (!this.#say("place:chosen", detail)) {
      if (isRough) this.tell(text("location_rough", { distance }), { error: false });
    } else if (isRough) {
      // Without a map beside the answer nobody could check the district.
      this.tell(text("location_coarse", { distance }));
    } else {
      this.input.value = "";
      this.#fill(latitude.toFixed(6), longitude.toFixed(6));
      this.form.submit();
    }
  }

  #say(name, detail) {
    return this.dispatchEvent(new CustomEvent(name, { bubbles: true, cancelable: true, detail }));
  }
}

customElements.define("place-field", PlaceField);
