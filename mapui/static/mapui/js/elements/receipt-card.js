/* <receipt-card>: copies the receipt, or a token. */
class ReceiptCard extends HTMLElement {
  connectedCallback() {
    const copy = this.querySelector("[data-copy]");
    const told = this.querySelector("[data-told]");
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
