/* <write-link>: takes the place that is marked on the map along to the letter, by POST: never in an address. */
class WriteLink extends HTMLElement {
  connectedCallback() {
    this.addEventListener("submit", (event) => {
      const place = document.querySelector("district-map")?.marked;
      const { lat, lon } = event.target.elements;
      lat.value = place ? place.lat.toFixed(6) : "";
      lon.value = place ? place.lng.toFixed(6) : "";
    });
  }
}

customElements.define("write-link", WriteLink);
