/* <district-finder>: field, map and answer as one. It posts a place, follows the redirect to the card, and puts the
   card in the panel. The place itself never reaches an address or the history. */
import { announce, text } from "../texts.js";

const PATIENCE_MS = 300;

class DistrictFinder extends HTMLElement {
  #asking = null;
  #cameFrom = null;
  #address = location.pathname;

  connectedCallback() {
    this.field = this.querySelector("place-field");
    this.panel = this.querySelector("answer-panel");
    this.map = this.querySelector("district-map");
    this.field.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      const at = this.field.known;
      if (at) this.map.mark?.(at.lat, at.lon);
      const isNumbers = at && !at.label;
      this.#ask(this.field.data, { pinned: Boolean(at), typed: isNumbers ? "" : this.field.input.value });
    });
    this.panel.addEventListener("submit", (event) => {
      if (!event.target.matches("[data-choices]")) return;
      event.preventDefault();
      const { value } = event.submitter;
      const [place, address] = value.split(" | ");
      const [lat, lon] = place.split(",").map(Number);
      if (lon === undefined) this.#askAbout(null, null, value);
      else this.#askAbout(lat, lon, address);
    });
    this.addEventListener("place:chosen", (event) => {
      event.preventDefault();
      const { lat, lon, label } = event.detail;
      if (event.target === this.field) this.#askAbout(lat, lon, label);
      else this.#ask(this.field.dataFor(lat, lon), { pinned: true });
    });
    this.addEventListener("place:rough", ({ detail }) => this.map.look?.(detail.lat, detail.lon, 14));
    this.addEventListener("district:selected", ({ detail }) => {
      this.#open(`${this.dataset.home}${detail.code.split("/").map(encodeURIComponent).join("/")}/`);
    });
    this.addEventListener("click", (event) => this.#onClick(event));
    this.panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.#back();
    });
    addEventListener("popstate", () => {
      // "Skip to the content" walks the history too.
      if (location.pathname === this.#address) return;
      this.#address = location.pathname;
      this.#open(location.href, { push: false });
    });
  }

  #onClick(event) {
    const link = event.target.closest?.("a[data-card-link], a[data-back]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    if (!link.pathname.startsWith(this.dataset.home)) return;
    event.preventDefault();
    this.#open(link.href, { focusField: "back" in link.dataset });
  }

  #open(url, options = {}) {
    this.#load(url, {}, options);
  }

  /* A house that has no place on the map (lat is null) is asked about by its address alone. */
  #askAbout(lat, lon, address) {
    const pinned = lat !== null;
    if (pinned) this.map.mark?.(lat, lon);
    this.#ask(this.field.dataFor(lat, lon, address), { pinned });
  }

  #ask(data, options = {}) {
    const { action } = this.field.querySelector("form");
    this.#load(action, { method: "POST", body: new URLSearchParams(data) }, options);
  }

  /* The pin stands for the place that is asked about, and goes with it. */
  async #load(url, request, { push = true, pinned = false, focusField = false, typed = "" } = {}) {
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    this.#remember();
    if (!pinned) this.map.unmark?.();
    this.field.tell("");
    this.field.wrong = false;
    this.map.classList.add("is-asking");
    const slow = setTimeout(() => {
      this.panel.setAttribute("aria-busy", "true");
      announce(text("looking"));
    }, PATIENCE_MS);
    try {
      const response = await fetch(url, { ...request, signal: asking.signal, credentials: "same-origin" });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const body = page.querySelector("[data-answer-body]");
      if (!response.ok || !body) throw new Error(String(response.status));
      const isAnswered = this.#show(page, body, response, { push, focusField, posted: request.method === "POST" });
      if (typed && isAnswered) this.#tellWhere(typed, asking.signal);
    } catch (reason) {
      if (reason.name === "AbortError") return;
      this.#fail(text(reason instanceof TypeError ? "offline" : "failed"), { push });
    } finally {
      clearTimeout(slow);
      if (this.#asking === asking) {
        this.panel.removeAttribute("aria-busy");
        this.map.classList.remove("is-asking");
      }
    }
  }

  #show(page, body, response, { push, focusField, posted }) {
    const problem = page.querySelector("[data-message]")?.textContent.trim();
    if (problem) {
      this.map.unmark?.();
      this.field.tell(problem);
      this.field.wrong = true;
      this.field.input.focus();
      return false;
    }
    const arrived = new URL(response.url);
    const isPage = !posted || response.redirected;
    if (push && isPage && arrived.pathname !== location.pathname) history.pushState(null, "", arrived.pathname);
    this.#address = location.pathname;
    this.#put(body, { title: page.title, chosen: page.querySelector("district-map")?.dataset.chosen, focus: !focusField });
    if (focusField) this.field.input.focus();
    return isPage;
  }

  /* The card knows no place: what the words were read as is told here, with a pin. Without it the answer stands. */
  async #tellWhere(words, signal) {
    const place = await this.field.suggestions.meant(words, signal).catch(() => undefined);
    if (!place || signal.aborted) return;
    if (place.lat !== null) this.map.mark?.(place.lat, place.lon);
    if (place.was) this.field.tell(text("today", place), { error: false });
  }

  /* Nobody answered: the card stays, except under the address of another one. */
  #fail(sentence, { push }) {
    this.map.unmark?.();
    if (push) {
      this.field.tell(sentence);
      return;
    }
    const body = this.querySelector("[data-unanswered]").content.cloneNode(true);
    body.querySelector("[data-answer-title]").textContent = sentence;
    this.#put(body, { title: sentence });
  }

  #put(body, { title, chosen = "", focus = true }) {
    document.title = title;
    for (const next of document.querySelectorAll("input[name=next]")) next.value = location.pathname;
    this.map.dataset.chosen = chosen;
    this.panel.show(body, { focus });
  }

  /* Where the reader was, to bring them back from the answer. */
  #remember() {
    const active = document.activeElement;
    if (active && active !== document.body && !this.panel.contains(active)) this.#cameFrom = active;
    else if (active?.dataset?.code) this.#cameFrom = active.dataset.code;
  }

  #back() {
    const from = this.#cameFrom;
    if (typeof from === "string") {
      const list = this.panel.querySelector(".districts__more");
      if (list) list.open = true;
      this.panel.querySelector(`[data-code="${CSS.escape(from)}"]`)?.focus();
    } else if (from?.isConnected) from.focus();
    else this.map.focusCanvas?.();
  }
}

customElements.define("district-finder", DistrictFinder);
