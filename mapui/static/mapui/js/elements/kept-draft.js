/* <kept-draft>: an unfinished letter survives a closed tab, on this device alone. Never for a sensitive topic, never
   before a topic is chosen, never where others use the device; gone when the letter is sent or the page is left. */
const KEY = "letter";
const KEEP_MS = 7 * 24 * 60 * 60 * 1000;
const FIELDS = ["city", "district", "address", "lat", "lon", "category", "stance", "text"];

class KeptDraft extends HTMLElement {
  connectedCallback() {
    this.sensitive = new Set(this.dataset.sensitive.split(" "));
    this.flow = document.querySelector("letter-flow");
    this.flow.addEventListener("input", () => this.#keep());
    addEventListener("letter:step", () => this.#arrived());
    addEventListener("letter:leaving", () => this.#forget());
    this.querySelector("[data-delete]").addEventListener("click", () => {
      this.#forget();
      this.flow.querySelector("h1")?.focus();
    });
    this.querySelector("[data-continue]").addEventListener("click", () => this.#restore());
    this.#arrived();
  }

  get #form() {
    return this.flow.querySelector(".letter-form");
  }

  get #step() {
    return this.flow.querySelector("[data-step]").dataset.step;
  }

  get #kept() {
    try {
      const kept = JSON.parse(localStorage.getItem(KEY));
      return kept && Date.now() - kept.at < KEEP_MS && !this.sensitive.has(kept.fields.category) ? kept.fields : null;
    } catch {
      return null;
    }
  }

  #arrived() {
    if (this.#step === "sent") this.#forget();
    else if (this.#step !== "where") this.#keep();
    this.#tell();
  }

  #keep() {
    if (!this.#form || this.#step === "where") return;
    const data = new FormData(this.#form);
    const category = data.get("category");
    if (!category || this.sensitive.has(category) || data.get("shared")) this.#forget();
    else if (data.get("text")) {
      const fields = Object.fromEntries(FIELDS.map((name) => [name, data.get(name) ?? ""]));
      try {
        localStorage.setItem(KEY, JSON.stringify({ at: Date.now(), fields }));
      } catch {
        // A browser that keeps nothing keeps no draft.
      }
      this.#tell();
    }
  }

  #forget() {
    try {
      localStorage.removeItem(KEY);
    } catch {
      // Nothing was kept.
    }
    this.#tell();
  }

  #tell() {
    const kept = this.#kept;
    this.hidden = !kept;
    this.querySelector("[data-continue]").hidden = this.#step !== "where";
  }

  /* The beginning of the page brings the visit; the rest is what was kept. */
  #restore() {
    const form = this.#form;
    const kept = this.#kept;
    if (!form || !kept) return;
    for (const [name, value] of Object.entries(kept)) {
      for (const field of form.querySelectorAll(`[name="${name}"]`)) field.remove();
      const field = document.createElement("input");
      field.type = "hidden";
      field.name = name;
      field.value = value;
      form.append(field);
    }
    const to = document.createElement("button");
    to.name = "to";
    to.value = "what";
    to.hidden = true;
    form.append(to);
    form.requestSubmit(to);
  }
}

customElements.define("kept-draft", KeptDraft);
