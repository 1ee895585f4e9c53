/* <session-watch data-url data-idle-s>: typing counts as being there; a sentence before the sign-in ends, and after. */
const TELL_SERVER_EVERY_S = 300;
const SOON_S = 180;
const LAST_S = 600;
const LOOK_EVERY_MS = 5000;

class SessionWatch extends HTMLElement {
  connectedCallback() {
    this.idle = Number(this.dataset.idleS);
    this.contact = Date.now();
    this.ends = Infinity;
    this.toldLast = false;
    this.querySelector("[data-stay]").addEventListener("click", () => this.ask());
    this.querySelector("[data-seen]").addEventListener("click", () => this.show(null));
    document.addEventListener("input", () => {
      if (this.secondsSinceContact() >= TELL_SERVER_EVERY_S) this.ask();
    });
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden && (this.over || this.secondsSinceContact() >= SOON_S)) this.look();
    });
    this.timer = setInterval(() => this.look(), LOOK_EVERY_MS);
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  secondsSinceContact() {
    return (Date.now() - this.contact) / 1000;
  }

  /* Another tab may have been used: only the server knows whether the time is really up. */
  look() {
    if (document.hidden) return;
    const left = this.idle - this.secondsSinceContact();
    if (this.over || left <= 0 || this.ends <= Date.now()) this.ask();
    else if (left <= SOON_S) this.show("soon");
    else if (!this.toldLast && this.ends - Date.now() <= LAST_S * 1000) {
      this.toldLast = true;
      this.show("last");
    }
  }

  async ask() {
    if (this.asking) return;
    this.asking = true;
    this.contact = Date.now();
    try {
      const answer = await fetch(this.dataset.url, { redirect: "error", headers: { Accept: "application/json" } });
      const { ends_s, token } = await answer.json();
      this.ends = Date.now() + ends_s * 1000;
      this.over = false;
      for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
      this.show(null);
    } catch {
      this.over = navigator.onLine;
      if (this.over) this.show("ended");
    }
    this.asking = false;
  }

  show(name) {
    for (const each of ["soon", "last", "ended"]) this.querySelector(`[data-${each}]`).hidden = each !== name;
  }
}

customElements.define("session-watch", SessionWatch);
