/* <site-menu>: a <details> menu that closes on Escape and on a click elsewhere. */
class SiteMenu extends HTMLElement {
  connectedCallback() {
    const details = this.querySelector("details");
    this.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !details.open) return;
      event.stopPropagation();
      details.open = false;
      details.querySelector("summary").focus();
    });
    document.addEventListener("click", (event) => {
      if (!this.contains(event.target)) details.open = false;
    });
  }
}

customElements.define("site-menu", SiteMenu);
