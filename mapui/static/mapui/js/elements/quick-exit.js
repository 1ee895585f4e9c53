/* <quick-exit>: away at once, by click or by Esc three times. The page is blank before anything is asked of anybody.
   `location.replace`: setting `href` would let Back return to the page (measured in Chromium). */
const PRESSES = 3;
const WITHIN_MS = 2000;

class QuickExit extends HTMLElement {
  #pressed = [];

  connectedCallback() {
    this.link = this.querySelector("a");
    this.link.addEventListener("click", (event) => {
      event.preventDefault();
      this.#leave();
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.repeat) return;
      const now = performance.now();
      this.#pressed = [...this.#pressed.filter((at) => now - at < WITHIN_MS), now];
      if (this.#pressed.length >= PRESSES) this.#leave();
    });
    // A browser may have kept the blank page whole in its memory.
    addEventListener("pageshow", ({ persisted }) => {
      if (persisted && !document.body.children.length) location.reload();
    });
  }

  #leave() {
    const { href } = this.link;
    dispatchEvent(new Event("letter:leaving")); // drafts go, nothing asks back
    document.title = "\u200b";
    document.body.replaceChildren();
    location.replace(href);
  }
}

customElements.define("quick-exit", QuickExit);
