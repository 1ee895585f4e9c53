/* <write-link>: takes the place that is marked on the map along to the form of the letter, by POST: never in an address. */
class WriteLink extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => {
      const place = document.querySelector("district-map")?.marked;
      const link = event.target.closest("a");
      if (!place || !link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      event.preventDefault();
      const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
      const values = { csrfmiddlewaretoken: token, lat: place.lat.toFixed(6), lon: place.lng.toFixed(6) };
      const form = document.createElement("form");
      form.method = "post";
      form.action = link.href;
      form.hidden = true;
      for (const [name, value] of Object.entries(values)) {
        const field = document.createElement("input");
        field.type = "hidden";
        field.name = name;
        field.value = value;
        form.append(field);
      }
      document.body.append(form);
      form.submit();
    });
  }
}

customElements.define("write-link", WriteLink);
