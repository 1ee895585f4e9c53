/* <print-button>: prints the page, a bare receipt without a title; without script the browser's own menu does. */
class PrintButton extends HTMLElement {
  connectedCallback() {
    this.hidden = false;
    this.addEventListener("click", () => print());
  }
}

customElements.define("print-button", PrintButton);

// The title names the sheet in the printer's queue, and the file that it is saved as.
let title;
addEventListener("beforeprint", () => {
  if (document.title.trim()) title = document.title;
  if (document.querySelector(".receipt--bare")) document.title = "\u00a0";
});
addEventListener("afterprint", () => (document.title = title));
