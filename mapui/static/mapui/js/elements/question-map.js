/* <question-map>: the squares that published questions lie in, from the page's JSON. The list beside it says the same to the
   keyboard; a touch on a square opens what lies in it. */
import { L, createPane } from "../leaflet.js";
import { openBackdrop } from "../map/backdrop.js";
import { bindWords } from "../map/tooltip.js";

class QuestionMap extends HTMLElement {
  connectedCallback() {
    openBackdrop(this, (map) => this.#draw(map));
  }

  #draw(map) {
    const pane = createPane(map, "questions", 560);
    const squares = L.geoJSON(JSON.parse(document.getElementById("question-squares").textContent), {
      style: () => ({ ...pane, className: "question-square" }),
      onEachFeature: ({ properties }, square) => {
        bindWords(square, properties.words, { sticky: true });
        square.on("click", () => { location.href = properties.address; });
      },
    }).addTo(map);
    const bounds = squares.getBounds();
    if (bounds.isValid()) map.fitBounds(bounds.pad(0.5), { maxZoom: 15, animate: false });
    this.#keepInStep(squares.getLayers());
  }

  #keepInStep(squares) {
    for (const link of document.querySelectorAll("[data-square]")) {
      const light = (on) => squares[Number(link.dataset.square)].getElement()?.classList.toggle("is-lit", on);
      for (const name of ["mouseenter", "focusin"]) link.addEventListener(name, () => light(true));
      for (const name of ["mouseleave", "focusout"]) link.addEventListener(name, () => light(false));
    }
  }
}

if (L) customElements.define("question-map", QuestionMap);
