/* <receipt-card>: copy and print the receipt; a token is only copied. */
class ReceiptCard extends HTMLElement {
  connectedCallback() {
    const copy = this.querySelector("[data-copy]");
    const told = this.querySelector("[data-told]");
    const print = this.querySelector("[data-print]");
    if (print) {
      print.hidden = false;
      print.addEventListener("click", () => window.print());
    }
    if (this.closest(".receipt--bare")) {
      // The title names the sheet in the printer's queue, and the file that it is saved as.
      const { title } = document;
      addEventListener("beforeprint", () => (document.title = "\u00a0"));
      addEventListener("afterprint", () => (document.title = title));
    }
    copy.hidden = !navigator.clipboard;
    copy.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(this.querySelector("[data-receipt]").textContent.trim());
        told.textContent = copy.dataset.copied;
      } catch {
        told.textContent = copy.dataset.failed;
      }
    });
  }
}

customElements.define("receipt-card", ReceiptCard);
