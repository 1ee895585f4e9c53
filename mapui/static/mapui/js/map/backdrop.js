/* A quiet map under letters and cells: districts, streets, no questions. The element carries the addresses in data. */
import { L, createMap, createPane } from "../leaflet.js";
import { text } from "../texts.js";
import { tintsOf } from "./geometry.js";
import { drawGround } from "./ground.js";

// The page's language, not the browser's: many Ukrainians use an English browser.
export function fetchJson(url) {
  return fetch(url, { headers: { "Accept-Language": document.documentElement.lang } }).then((response) => {
    if (!response.ok) throw new Error(String(response.status));
    return response.json();
  });
}

function say(element, sentence) {
  const state = element.querySelector("[data-map-state]");
  state.textContent = sentence;
  state.hidden = !sentence;
}

/* Draw the ground and return {map, bounds}; throws, after saying so on the map, when the districts cannot be had. */
export async function openBackdrop(element) {
  const { basemap, attribution, districts, streets, chosen, label } = element.dataset;
  const canvas = element.querySelector("[data-canvas]");
  const map = createMap(canvas, { basemap, attribution });
  element.classList.toggle("map--tiles", Boolean(basemap));
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-label", label);
  // The page scrolls: a wheel or one finger belongs to it, two fingers to the map.
  map.scrollWheelZoom.disable();
  if (matchMedia("(pointer: coarse)").matches) map.dragging.disable();
  map.setView([49, 31.4], 6);
  const ground = basemap ? null : fetchJson(streets).catch(() => null);
  try {
    const collection = await fetchJson(districts);
    const bounds = drawDistricts(map, collection, chosen);
    const drawn = await ground;
    if (drawn) drawGround(map, drawn);
    say(element, "");
    return { map, bounds };
  } catch (reason) {
    say(element, text("map_failed"));
    throw reason;
  }
}

function drawDistricts(map, collection, chosen) {
  const land = createPane(map, "land", 390);
  const border = createPane(map, "border", 420);
  const tints = tintsOf(collection.features);
  const all = L.featureGroup();
  let bounds = null;
  collection.features.forEach((feature, index) => {
    const isChosen = feature.properties.code === chosen;
    const fill = L.geoJSON(feature, { interactive: false, style: () => ({ ...land, className: `district${isChosen ? " is-chosen" : ""}` }) });
    all.addLayer(fill);
    fill.addTo(map);
    fill.eachLayer((layer) => { layer.getElement().dataset.tint = tints[index]; });
    const line = { ...border, className: `district-border${isChosen ? " is-chosen" : ""}`, fill: false };
    L.geoJSON(feature, { interactive: false, style: () => line }).addTo(map);
    if (isChosen) bounds = fill.getBounds();
  });
  bounds ??= all.getBounds();
  if (bounds.isValid()) map.fitBounds(bounds, { padding: [16, 16], animate: false });
  return bounds;
}

const PIN = '<svg viewBox="0 0 32 40" width="32" height="40"><path class="map-pin" d="M16 2c7.7 0 13 5.5 13 12.500C29 24 16 38 16 38S3 24 3 14.500C3 7.5 8.3 2 16 2z"/><circle class="map-pin" cx="16" cy="14.5" r="4.5"/></svg>';

/* A pin that takes no events. */
export function putPin(map, lat, lon) {
  const icon = L.divIcon({ className: "map-pin-icon", html: PIN, iconSize: [32, 40], iconAnchor: [16, 38] });
  const pin = L.marker([lat, lon], { icon, interactive: false, keyboard: false }).addTo(map);
  pin.getElement().setAttribute("aria-hidden", "true");
  return pin;
}
