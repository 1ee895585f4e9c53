/* <print-button>: prints the page, a bare receipt without a title; without script the browser's own menu does. */
class PrintButton extends HTMLElement {
  connectedCallback() {
    this.hidden = false;
    this.addEventListener("click", () => print());
    if (document.querySelector(".receipt--bare")) {
      // The title names the sheet in the printer's queue, and the file that it is saved as.
      let title;
      addEventListener("beforeprint", () => ([title, document.title] = [document.title, "\u00a0"]));
      addEventListener("afterprint", () => (document.title = title));
    }
  }
}

customElements.define("print-button", PrintButton);
