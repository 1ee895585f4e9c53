/* The vertices of one district as a table: the editor for the keyboard. Calls back, changes nothing itself. */
import { text } from "../texts.js";
import { DECIMALS } from "./draft.js";

const ROWS = 100;
const METRES_A_DEGREE = 111_195;
const FAR_DEGREES = 0.5;

export class VertexTable {
  constructor(root, { onMove, onAdd, onDelete, onFocus }) {
    this.root = root;
    this.deeds = { onMove, onAdd, onDelete, onFocus };
    this.rows = root.querySelector("[data-rows]");
    this.template = root.querySelector("template[data-row]");
    this.ringChoice = root.querySelector("[data-ring]");
    this.draft = null;
    this.first = 0;
    this.ringChoice.addEventListener("change", () => {
      this.ring = Number(this.ringChoice.value);
      this.first = 0;
      this.draw();
    });
    root.querySelector("[data-before]").addEventListener("click", () => this.#turn(-ROWS));
    root.querySelector("[data-after]").addEventListener("click", () => this.#turn(ROWS));
    this.rows.addEventListener("change", (event) => this.#typed(event));
    this.rows.addEventListener("keydown", (event) => this.#key(event));
    this.rows.addEventListener("click", (event) => this.#pressed(event));
    this.rows.addEventListener("focusin", (event) => {
      const row = event.target.closest("tr");
      if (row) this.deeds.onFocus(Number(row.dataset.id));
    });
  }

  show(draft, district) {
    this.draft = draft;
    this.district = district;
    const rings = draft.ringsOf(district);
    this.ring = rings[0];
    this.first = 0;
    this.ringChoice.replaceChildren(
      ...draft.districts[district].parts.flatMap((part, partIndex) =>
        part.map((number, index) => {
          const values = { part: partIndex + 1, hole: index };
          return new Option(text(index ? "hole" : "part", values), String(number));
        }),
      ),
    );
    this.root.querySelector("[data-ring-field]").hidden = rings.length < 2;
    this.root.hidden = false;
    this.draw();
  }

  #turn(rows) {
    this.first = Math.max(0, this.first + rows);
    this.draw();
  }

  draw() {
    const { ids } = this.draft.rings[this.ring];
    if (this.first >= ids.length) this.first = Math.max(0, Math.floor((ids.length - 1) / ROWS) * ROWS);
    const last = Math.min(ids.length, this.first + ROWS);
    this.rows.replaceChildren(...ids.slice(this.first, last).map((id, index) => this.#row(id, this.first + index)));
    const pages = this.root.querySelector("[data-pages]");
    pages.hidden = ids.length <= ROWS;
    this.root.querySelector("[data-page]").textContent = text("page", { from: this.first + 1, to: last, n: ids.length });
    this.root.querySelector("[data-before]").disabled = this.first === 0;
    this.root.querySelector("[data-after]").disabled = last === ids.length;
    this.root.querySelector("[data-vertices-title]").textContent = text("vertices_of", {
      name: this.draft.districts[this.district].name,
      n: this.draft.ringsOf(this.district).reduce((sum, number) => sum + this.draft.rings[number].ids.length, 0),
    });
  }

  #row(id, index) {
    const row = this.template.content.firstElementChild.cloneNode(true);
    const n = index + 1;
    row.dataset.id = id;
    row.dataset.index = index;
    row.querySelector("th").textContent = n;
    const [lon, lat] = this.draft.points[id];
    for (const [name, value, label] of [["lat", lat, "latitude_of"], ["lon", lon, "longitude_of"]]) {
      const input = row.querySelector(`[data-${name}]`);
      input.value = value.toFixed(DECIMALS);
      input.setAttribute("aria-label", text(label, { n }));
    }
    row.querySelector("[data-add]").setAttribute("aria-label", text("add_after", { n }));
    row.querySelector("[data-delete]").setAttribute("aria-label", text("delete", { n }));
    const codes = this.draft.owners(id).filter((each) => each !== this.district).map((each) => this.draft.districts[each].code);
    row.querySelector(".vertices__shared").textContent = codes.length ? text("shared", { codes: codes.join(", ") }) : text("own");
    return row;
  }

  #typed(event) {
    const input = event.target;
    const row = input.closest("tr");
    const id = Number(row.dataset.id);
    const value = Number(input.value.trim().replace(",", "."));
    const isLat = input.matches("[data-lat]");
    const former = this.draft.points[id][isLat ? 1 : 0];
    let problem = "";
    if (!input.value.trim() || !Number.isFinite(value)) problem = text("no_number");
    else if (Math.abs(value - former) > FAR_DEGREES) problem = text("far");
    input.setCustomValidity(problem);
    if (problem) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
    if (problem) {
      input.reportValidity();
      return;
    }
    if (value.toFixed(DECIMALS) === former.toFixed(DECIMALS)) return;
    const [lon, lat] = this.draft.points[id];
    this.deeds.onMove(id, isLat ? [lon, value] : [value, lat]);
  }

  #key(event) {
    const { key, altKey, shiftKey, ctrlKey, metaKey, target } = event;
    const row = target.closest("tr");
    if (!row || ctrlKey || metaKey || !key.startsWith("Arrow")) return;
    if (altKey) {
      event.preventDefault();
      const id = Number(row.dataset.id);
      const [lon, lat] = this.draft.points[id];
      const step = (shiftKey ? 10 : 1) / METRES_A_DEGREE;
      const [dx, dy] = { ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[key];
      this.deeds.onMove(id, [lon + (dx * step) / Math.cos((lat * Math.PI) / 180), lat + dy * step]);
      return;
    }
    if (key !== "ArrowUp" && key !== "ArrowDown") return;
    const next = key === "ArrowUp" ? row.previousElementSibling : row.nextElementSibling;
    if (!next) return;
    event.preventDefault();
    const column = [...row.querySelectorAll("input, button")].indexOf(target);
    next.querySelectorAll("input, button")[column]?.focus();
  }

  #pressed(event) {
    const button = event.target.closest("button");
    const row = button?.closest("tr");
    if (!row) return;
    if (button.matches("[data-add]")) this.deeds.onAdd(this.ring, Number(row.dataset.index));
    else this.deeds.onDelete(Number(row.dataset.id), Number(row.dataset.index));
  }

  /* Draw again after a change, with the focus where it was (or on the row of a vertex). */
  refresh(focusIndex = null) {
    const active = this.rows.contains(document.activeElement) ? document.activeElement : null;
    const column = active ? [...active.closest("tr").querySelectorAll("input, button")].indexOf(active) : 0;
    let index = focusIndex ?? (active ? Number(active.closest("tr").dataset.index) : null);
    const { ids } = this.draft.rings[this.ring];
    if (index !== null) {
      index = Math.max(0, Math.min(index, ids.length - 1));
      this.first = Math.floor(index / ROWS) * ROWS;
    }
    this.draw();
    if (index !== null) this.rows.children[index - this.first]?.querySelectorAll("input, button")[column]?.focus({ preventScroll: !focusIndex });
  }

  /* Bring the row of a vertex into view without taking the focus. */
  reveal(id) {
    const number = this.draft.ringsOf(this.district).find((each) => this.draft.rings[each].ids.includes(id));
    if (number === undefined) return;
    this.ring = number;
    this.ringChoice.value = String(number);
    const index = this.draft.rings[number].ids.indexOf(id);
    this.first = Math.floor(index / ROWS) * ROWS;
    this.draw();
    const row = this.rows.children[index - this.first];
    row.classList.add("is-current");
    row.scrollIntoView({ block: "nearest" });
  }
}
