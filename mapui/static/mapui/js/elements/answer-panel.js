/* <answer-panel>: the answer beside the map; on a phone a sheet in three heights. */
import { text } from "../texts.js";

const HEIGHTS = ["peek", "answer", "full"];

class AnswerPanel extends HTMLElement {
  connectedCallback() {
    this.body = this.querySelector("[data-answer-body]");
    this.handle = this.querySelector("[data-sheet-toggle]");
    this.handle.hidden = false;
    this.state = this.dataset.state || "peek";
    let from = null;
    this.handle.addEventListener("pointerdown", (event) => {
      from = event.clientY;
      this.handle.setPointerCapture(event.pointerId);
    });
    this.handle.addEventListener("pointerup", (event) => {
      const way = event.clientY - (from ?? event.clientY);
      this.dragged = Math.abs(way) > 24;
      if (this.dragged) this.#step(way < 0 ? 1 : -1);
      from = null;
    });
    this.handle.addEventListener("click", () => {
      if (!this.dragged) this.state = this.state === "full" ? "peek" : "full";
      this.dragged = false;
    });
  }

  #step(by) {
    const index = HEIGHTS.indexOf(this.state) + by;
    this.state = HEIGHTS[Math.max(0, Math.min(HEIGHTS.length - 1, index))];
  }

  get state() {
    return this.dataset.state;
  }

  set state(height) {
    this.dataset.state = height;
    const full = height === "full";
    this.handle.setAttribute("aria-expanded", String(full));
    this.querySelector("[data-sheet-label]").textContent = text(full ? "collapse" : "expand");
  }

  /* Put the answer of another page in place of this one, and the reader at its heading. */
  show(body, { focus = true } = {}) {
    this.body.replaceChildren(...body.childNodes);
    this.body.scrollTop = 0;
    this.state = this.querySelector(".answer") ? "answer" : "peek";
    const title = this.querySelector("[data-answer-title]");
    if (focus) title?.focus({ preventScroll: true });
    if (getComputedStyle(this.body).overflowY === "visible") title?.scrollIntoView({ block: "start" });
  }
}

customElements.define("answer-panel", AnswerPanel);
