/* Every page: the elements define themselves; a page without them loads nothing more. */
import { tellOnMap, text } from "./texts.js";
import "./press-once.js";
import "./elements/site-menu.js";
import "./elements/place-field.js";
import "./elements/card-actions.js";
import "./elements/write-link.js";
import "./elements/answer-panel.js";
import "./elements/district-finder.js";

// Leaflet's own script stands only on pages with a map.
if (document.querySelector("district-map")) {
  import("./elements/district-map.js").catch(() => tellOnMap(document, text("map_failed")));
}
