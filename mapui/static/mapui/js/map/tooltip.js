/* Words beside a shape. Leaflet takes a string for markup; names come from people's files and stay text. */

/* Leaflet listens for the focus of a shape with words, and Chromium lets Tab reach what listens: hundreds of stops
   without a name between a map and what follows it. A list or a table beside the map tells the same. */
function passOver(layer) {
  const shape = layer.getElement?.();
  if (shape instanceof SVGElement && !shape.hasAttribute("tabindex")) shape.setAttribute("tabindex", "-1");
}

export function bindWords(layer, words, options) {
  layer.on("add", () => passOver(layer)).bindTooltip(document.createTextNode(words), options);
  passOver(layer);
  return layer;
}
