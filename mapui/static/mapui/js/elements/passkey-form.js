/* <passkey-form data-deed="create|get">: before the form around it is sent, the browser makes or shows a passkey. */
class PasskeyForm extends HTMLElement {
  connectedCallback() {
    const deed = this.dataset.deed;
    const read = {
      create: PasskeyForm.reader("parseCreationOptionsFromJSON"),
      get: PasskeyForm.reader("parseRequestOptionsFromJSON"),
    }[deed];
    if (!read || !navigator.credentials) return;
    const options = JSON.parse(this.querySelector("script").textContent);
    const form = this.querySelector("form");
    const failed = this.querySelector("[data-failed]");
    this.querySelector("[data-ready]").hidden = false;
    this.querySelector("[data-unable]").hidden = true;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      failed.hidden = true;
      try {
        const credential = await navigator.credentials[deed]({ publicKey: read(options.publicKey) });
        form.elements.credential.value = JSON.stringify(credential);
        form.submit();
      } catch {
        failed.hidden = false;
      }
    });
  }

  static reader(name) {
    return window.PublicKeyCredential?.[name]?.bind(window.PublicKeyCredential);
  }
}

customElements.define("passkey-form", PasskeyForm);
