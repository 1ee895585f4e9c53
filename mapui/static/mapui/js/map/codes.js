/* The codes of districts as labels on a map of the staff, hidden where they do not fit. */
import { bindWords } from "./tooltip.js";

const CHARACTER_PX = 8.5;
const LINE_PX = 22;

export function labelDistrict(layer, code) {
  bindWords(layer, code, { permanent: true, direction: "center", className: "code-label", interactive: false });
}

export function arrangeCodes(map, layers) {
  const taken = [];
  const sized = layers.map((layer) => {
    const box = layer.getBounds();
    const a = map.latLngToLayerPoint(box.getNorthWest());
    const b = map.latLngToLayerPoint(box.getSouthEast());
    return { layer, width: b.x - a.x, height: b.y - a.y };
  });
  for (const { layer, width, height } of sized.sort((one, other) => other.width * other.height - one.width * one.height)) {
    const tooltip = layer.getTooltip();
    const element = tooltip?.getElement();
    if (!element) continue;
    const half = (tooltip.getContent().length * CHARACTER_PX) / 2;
    const at = map.latLngToLayerPoint(tooltip.getLatLng());
    const box = [at.x - half, at.y - LINE_PX / 2, at.x + half, at.y + LINE_PX / 2];
    const isFree = !taken.some((other) => box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3]);
    const fits = isFree && width > 2 * half && height > LINE_PX;
    element.classList.toggle("is-hidden", !fits);
    if (fits) taken.push(box);
  }
}
