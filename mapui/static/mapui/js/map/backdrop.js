/* A quiet map under letters and cells: districts, streets, no questions. The element carries the addresses in data. */
import { L, createMap, createPane } from "../leaflet.js";
import { tellOnMap, text } from "../texts.js";
import { fetchJson } from "./geojson.js";
import { tintsOf } from "./geometry.js";
import { drawGround, fetchGround } from "./ground.js";

/* Draw the ground, then what `draw(map, districts)` puts on it; what that returns, the map says. Where either cannot be
   had the map says so: an empty map would say that nothing is there. */
export async function openBackdrop(element, draw) {
  const { basemap, attribution, districts, chosen } = element.dataset;
  const canvas = element.querySelector("[data-canvas]");
  const map = createMap(canvas, { basemap, attribution });
  element.classList.toggle("map--tiles", Boolean(basemap));
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-label", element.getAttribute("aria-label"));
  // The page scrolls: a wheel or one finger belongs to it, two fingers to the map.
  map.scrollWheelZoom.disable();
  if (matchMedia("(pointer: coarse)").matches) map.dragging.disable();
  map.setView([49, 31.4], 6);
  let said = "";
  const ground = fetchGround(element.dataset);
  try {
    const collection = await fetchJson(districts);
    drawDistricts(map, collection, chosen);
    drawGround(map, await ground);
    said = (await draw(map, collection)) ?? "";
  } catch {
    tellOnMap(element, text("map_failed"));
    return;
  }
  tellOnMap(element, said);
  element.setAttribute("data-ready", "");
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
}
