/* <address-field>: addresses under a field of a longer form while they are typed; the field keeps what was chosen. */
import { Suggestions } from "../suggestions.js";

class AddressField extends HTMLElement {
  connectedCallback() {
    const input = this.querySelector("input");
    new Suggestions(input, this.querySelector("[role=listbox]"), this.dataset, ({ label, match }) => {
      // A street alone is a beginning: the number of the house is still to be typed.
      input.value = match === "street" ? `${label}, ` : label;
      if (match === "street") input.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
}

customElements.define("address-field", AddressField);
