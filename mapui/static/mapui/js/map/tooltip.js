/* Words beside a shape. Leaflet takes a string for markup; names come from people's files and stay text. */

export function bindWords(layer, words, options) {
  return layer.bindTooltip(document.createTextNode(words), options);
}
