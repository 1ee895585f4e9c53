/* Numbers at the edges of shapes: in a shape's middle they would hide what is there. None lies on another: the first
   that were added go first, each takes the first of its places that is free, and one that finds none waits for a closer
   look. The list beside the map tells them all. */
import { L } from "../leaflet.js";
import { meet } from "./geometry.js";

const HEIGHT_PX = 28;
const CHARACTER_PX = 9;
const AIR_PX = 1;

export class Marks {
  #marks = [];

  constructor(map) {
    this.map = map;
    map.on("zoomend", () => this.arrange());
  }

  /* `edge` is where a mark would rather stand: "north" or "south". */
  add(bounds, { className, label, edge = "north" }) {
    const html = document.createElement("span");
    html.className = className;
    html.textContent = label;
    const icon = L.divIcon({ className: "heat-mark", html, iconSize: [0, 0] });
    const marker = L.marker(bounds.getCenter(), { icon, interactive: false, keyboard: false }).addTo(this.map);
    const width = Math.max(HEIGHT_PX, String(label).length * CHARACTER_PX + 14);
    this.#marks.push({ bounds, edge, marker, width });
  }

  arrange() {
    const taken = [];
    for (const { bounds, edge, marker, width } of this.#marks) {
      const reach = [width / 2 + AIR_PX, HEIGHT_PX / 2 + AIR_PX];
      const boxAt = ({ x, y }) => [x - reach[0], y - reach[1], x + reach[0], y + reach[1]];
      const place = this.#placesOf(bounds, edge).find((point) => !taken.some((box) => meet(box, boxAt(point))));
      marker.getElement().classList.toggle("is-hidden", !place);
      if (!place) continue;
      taken.push(boxAt(place));
      marker.setLatLng(this.map.layerPointToLatLng(place));
    }
  }

  #placesOf(bounds, edge) {
    const { x: left, y: top } = this.map.latLngToLayerPoint(bounds.getNorthWest());
    const { x: right, y: bottom } = this.map.latLngToLayerPoint(bounds.getSouthEast());
    const [x, y] = [(left + right) / 2, (top + bottom) / 2];
    const upright = [[x, top], [x, bottom]];
    const places = [...(edge === "north" ? upright : upright.reverse()), [right, y], [left, y], [right, top], [left, bottom]];
    return places.map((place) => L.point(place));
  }
}
