/* <letter-flow>: the pages of a letter follow each other under one address. What was posted stands in no entry of the
   history: an entry knows the name of a step and nothing else, and opens the neutral start once the page is gone. */
class LetterFlow extends HTMLElement {
  #asking = false;
  #talk = null;

  connectedCallback() {
    history.replaceState({ step: this.#step }, "", this.dataset.address);
    this.addEventListener("submit", (event) => {
      event.preventDefault();
      if (event.submitter?.value === "talk" && this.#talk) history.back();
      else this.#post(event.target, event.submitter);
    });
    addEventListener("popstate", ({ state }) => this.#walk(state?.step));
    addEventListener("beforeunload", this.#askBack);
    addEventListener("letter:leaving", () => removeEventListener("beforeunload", this.#askBack));
  }

  get #step() {
    return this.querySelector("[data-step]").dataset.step;
  }

  get #unkept() {
    return this.querySelector("[data-keeps-receipt]");
  }

  #askBack = (event) => {
    if (this.#unkept) event.preventDefault();
  };

  /* Back and forward: the form itself carries everything to an earlier step. */
  #walk(step) {
    const form = this.querySelector(".letter-form");
    if (step === this.#step) return;
    if (this.#unkept) {
      history.pushState({ step: this.#step }, "", this.dataset.address);
      this.#tell(this.dataset.unkept);
    } else if (step === "talk" && this.#talk) this.#putBack();
    else if (form && step) this.#post(form, null, { to: step });
    else location.replace(this.dataset.address);
  }

  async #post(form, submitter, { to = "" } = {}) {
    if (this.#asking) return;
    const data = new FormData(form);
    if (submitter?.name) data.set(submitter.name, submitter.value);
    if (to) data.set("to", to);
    const sendsFiles = !to && (submitter?.formEnctype || form.enctype) === "multipart/form-data";
    const words = [...data].filter(([, value]) => typeof value === "string");
    const body = sendsFiles ? data : new URLSearchParams(words);
    this.#asking = true;
    submitter?.setAttribute("aria-busy", "true");
    try {
      const response = await fetch(form.action, { method: "POST", body, credentials: "same-origin" });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const next = page.querySelector("letter-flow");
      if (!next) throw new Error(String(response.status));
      this.#show(next, { push: !to, opener: submitter });
    } catch (reason) {
      this.#tell(reason instanceof TypeError ? this.dataset.offline : this.dataset.failed);
    } finally {
      this.#asking = false;
      submitter?.removeAttribute("aria-busy");
    }
  }

  #show(next, { push, opener }) {
    const before = this.#step;
    const nodes = [...this.childNodes];
    this.dataset.address = next.dataset.address;
    this.replaceChildren(...next.childNodes);
    this.#talk = before === "talk" && this.#step === "photo" ? { nodes, opener } : null;
    const how = push && this.#step !== before ? "pushState" : "replaceState";
    history[how]({ step: this.#step }, "", this.dataset.address);
    scrollTo(0, 0);
    (this.querySelector("#problems, [aria-invalid=true]") ?? this.querySelector("h1")).focus();
    dispatchEvent(new CustomEvent("letter:step", { detail: { step: this.#step } }));
  }

  /* A photo was looked at: the conversation comes back with what was being written in it. */
  #putBack() {
    const { nodes, opener } = this.#talk;
    this.#talk = null;
    this.replaceChildren(...nodes);
    opener.focus();
  }

  #tell(sentence) {
    this.querySelector("[data-told-above]")?.remove();
    const notice = document.createElement("p");
    notice.className = "notice notice--error";
    notice.setAttribute("role", "alert");
    notice.dataset.toldAbove = "";
    notice.textContent = sentence;
    this.prepend(notice);
    scrollTo(0, 0);
  }
}

customElements.define("letter-flow", LetterFlow);
