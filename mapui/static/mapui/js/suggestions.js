/* Addresses under a field while they are typed: the combobox of WAI-ARIA 1.2 with a list that is only a proposal.
   What is typed goes by POST, so that it enters no address and no log. */
import { announce, text } from "./texts.js";

const PAUSE_MS = 150;
const AT_LEAST = 2;
const NOT_AN_ADDRESS = /^[\s\d.,;+-]*$/;

export class Suggestions {
  #input;
  #list;
  #source;
  #choose;
  #places = [];
  #found = { words: "", places: [] };
  #at = -1;
  #timer = 0;
  #asking = null;

  constructor(input, list, { suggest, city }, choose) {
    this.#input = input;
    this.#list = list;
    this.#source = { url: suggest, city };
    this.#choose = choose;
    const combobox = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id };
    for (const [name, value] of Object.entries(combobox)) input.setAttribute(name, value);
    input.addEventListener("input", () => this.#typed());
    input.addEventListener("keydown", (event) => this.#key(event));
    input.addEventListener("blur", () => this.close());
    input.form.addEventListener("submit", () => this.close());
    // The field must not lose the focus before the click has arrived.
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.#take(Number(option.dataset.at));
    });
  }

  /* The one place on the map that these very words were found to mean, if there is one. */
  sureFor(words) {
    const isMeant = ({ sure, lat }) => sure && lat !== null;
    return this.#found.words === words ? this.#found.places.find(isMeant) : undefined;
  }

  /* The one place, on the map or not, that words mean which may have been sent before their suggestions came. */
  async meant(words, signal) {
    if (this.#found.words !== words) this.#found = { words, places: await this.#find(words, signal) };
    return this.#found.places.find(({ sure }) => sure);
  }

  close() {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    this.#places = [];
    this.#at = -1;
    this.#list.hidden = true;
    this.#list.replaceChildren();
    this.#input.setAttribute("aria-expanded", "false");
    this.#input.removeAttribute("aria-activedescendant");
  }

  #typed() {
    clearTimeout(this.#timer);
    const typed = this.#input.value.trim();
    if (typed.length < AT_LEAST || NOT_AN_ADDRESS.test(typed)) this.close();
    else this.#timer = setTimeout(() => this.#ask(this.#input.value), PAUSE_MS);
  }

  async #ask(q) {
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    try {
      const places = await this.#find(q, asking.signal);
      this.#found = { words: q, places };
      this.#show(places);
    } catch (reason) {
      // Without suggestions the field still works; what is wrong is told when it is sent.
      if (reason.name !== "AbortError") this.close();
    }
  }

  async #find(q, signal) {
    const body = new URLSearchParams({ q, city: this.#source.city, limit: "8" });
    const headers = { "Accept-Language": document.documentElement.lang };
    const response = await fetch(this.#source.url, { method: "POST", body, headers, signal });
    if (!response.ok) throw new Error(String(response.status));
    return response.json();
  }

  #show(places) {
    if (document.activeElement !== this.#input) return;
    this.#places = places;
    this.#at = -1;
    this.#input.removeAttribute("aria-activedescendant");
    this.#list.replaceChildren(...(places.length ? places.map((place, at) => this.#option(place, at)) : [this.#nothing()]));
    this.#list.hidden = false;
    this.#input.setAttribute("aria-expanded", String(places.length > 0));
    announce(places.length ? text("suggested", { n: places.length }) : text("nothing_suggested"));
  }

  #option({ label, was }, at) {
    const option = document.createElement("li");
    option.id = `suggestion-${at}`;
    option.role = "option";
    option.dataset.at = at;
    option.className = "suggestion";
    option.setAttribute("aria-selected", "false");
    option.textContent = label;
    if (was) {
      const former = document.createElement("span");
      former.className = "suggestion__was soft small";
      former.textContent = text("was", { name: was });
      option.append(" ", former);
    }
    return option;
  }

  #nothing() {
    const line = document.createElement("li");
    line.role = "presentation";
    line.className = "suggestion suggestion--nothing soft";
    line.textContent = text("nothing_suggested");
    return line;
  }

  #key(event) {
    if (event.key === "Escape" && !this.#list.hidden) {
      event.preventDefault();
      this.close();
    } else if (event.key === "Enter" && this.#at >= 0) {
      event.preventDefault();
      this.#take(this.#at);
    } else if (this.#places.length && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      const last = this.#places.length - 1;
      this.#light(this.#at < 0 && step < 0 ? last : (this.#at + step + this.#places.length) % this.#places.length);
    }
  }

  #light(at) {
    this.#at = at;
    for (const [position, option] of [...this.#list.children].entries()) {
      option.setAttribute("aria-selected", String(position === at));
      if (position === at) option.scrollIntoView({ block: "nearest" });
    }
    this.#input.setAttribute("aria-activedescendant", `suggestion-${at}`);
  }

  #take(at) {
    const place = this.#places[at];
    this.close();
    this.#choose(place);
  }
}
