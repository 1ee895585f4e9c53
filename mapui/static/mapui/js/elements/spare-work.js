/* <spare-work>: does the sum that a busy service asks for, and puts it into its form. On the page that asks for it the
   form then goes by itself; `data-ahead`: it was not asked for yet, and is seen only when the button comes too early.
   Where a browser cannot, the page says how to wait, as it does without script. */
class SpareWork extends HTMLElement {
  #worker = null;
  #pressed = null;

  connectedCallback() {
    this.form = this.closest("form");
    if (!globalThis.Worker || !globalThis.crypto?.subtle) return;
    this.form.addEventListener("submit", this.#hold);
    this.#worker = new Worker(this.dataset.worker);
    this.#worker.addEventListener("message", ({ data }) => (data === null ? this.#giveUp() : this.#done(data)));
    this.#worker.addEventListener("error", () => this.#giveUp());
    const { salt, challenge, maxnumber } = this.dataset;
    this.#worker.postMessage({ salt, challenge, maxnumber: Number(maxnumber) });
    if (!("ahead" in this.dataset)) this.#waitFor(this.form.querySelector("button[type=submit]"));
  }

  disconnectedCallback() {
    this.#end();
  }

  /* A press before the end waits for it; Back and “change” do not. */
  #hold = (event) => {
    const { submitter } = event;
    if (!this.#worker || ("ahead" in this.dataset && submitter?.value !== "send")) return;
    event.preventDefault();
    event.stopPropagation();
    this.#waitFor(submitter);
  };

  #waitFor(button) {
    if (this.#pressed) return;
    this.#pressed = button;
    for (const state of ["aria-busy", "aria-disabled"]) button.setAttribute(state, "true");
    this.#show(true);
  }

  #done(number) {
    const { algorithm, challenge, salt, signature } = this.dataset;
    const solution = JSON.stringify({ algorithm, challenge, number, salt, signature });
    this.querySelector("[name=work]").value = btoa(solution);
    this.#end();
    if (this.#pressed) this.form.requestSubmit(this.#pressed);
  }

  /* The form stays as it is, and can be sent as without script. */
  #giveUp() {
    this.#end();
    this.#show(false);
    for (const state of ["aria-busy", "aria-disabled"]) this.#pressed?.removeAttribute(state);
    this.#pressed = null;
  }

  #show(isWorking) {
    this.querySelector("[data-working]").hidden = !isWorking;
    const told = this.querySelector("[data-told]");
    if (isWorking) told.textContent = told.dataset.says;
    const instead = this.form.querySelector("[data-instead-of-work]");
    if (instead) instead.hidden = isWorking;
  }

  #end() {
    this.#worker?.terminate();
    this.#worker = null;
    this.form?.removeEventListener("submit", this.#hold);
  }
}

customElements.define("spare-work", SpareWork);
