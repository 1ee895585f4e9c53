/* <card-actions>: share and print, for browsers that can. The shared link names city and district only. */
import { text } from "../texts.js";

class CardActions extends HTMLElement {
  connectedCallback() {
    const share = this.querySelector("[data-share]");
    const print = this.querySelector("[data-print]");
    if (share) {
      share.hidden = false;
      share.addEventListener("click", () => this.#share(share.dataset));
    }
    if (print) {
      print.hidden = false;
      print.addEventListener("click", () => window.print());
    }
  }

  async #share({ url, title }) {
    if (navigator.share) {
      try {
        await navigator.share({ title, url });
        return;
      } catch (reason) {
        if (reason.name === "AbortError") return;
      }
    }
    try {
      await navigator.clipboard.writeText(url);
      this.#tell(text("copied"));
    } catch {
      this.#tell(text("not_copied"));
    }
  }

  #tell(sentence) {
    this.querySelector("[data-told]").textContent = sentence;
  }
}

customElements.define("card-actions", CardActions);
