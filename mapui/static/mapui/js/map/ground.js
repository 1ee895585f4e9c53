/* What the city knows of itself when there is no basemap: greens, waters, railways and streets, with the streets'
   names along them. Whatever kind is not known here is not drawn. */
import { L, createPane } from "../leaflet.js";
import { fetchJson } from "./geojson.js";
import { nameStreets } from "./street-names.js";

const AREAS = { green: "green", park: "green", forest: "green", water: "water", river: "water", lake: "water", pond: "water" };
const LINES = { railway: "railway" };

/* Widths in pixels: a street is about 20 m of ground, never thinner than a hair. */
function setWidths(style, zoom) {
  const grown = 1.6 ** (zoom - 13.5);
  const street = Math.max(0.6, Math.min(9, grown * 1.4));
  const main = Math.max(1.4, Math.min(12, grown * 2.4));
  const edge = zoom < 13 ? 0.8 : 1.6;
  const widths = { "--street": street, "--street-case": street + edge, "--main": main, "--main-case": main + edge };
  for (const [name, width] of Object.entries(widths)) style.setProperty(name, `${width.toFixed(2)}px`);
}

function linesOf({ type, coordinates }) {
  return type === "MultiLineString" ? coordinates : [coordinates];
}

/* What drawGround takes; null under a basemap, and where it cannot be had: a map does without. */
export async function fetchGround({ basemap, streets }) {
  return basemap ? null : fetchJson(streets).catch(() => null);
}

export function drawGround(map, collection) {
  if (!collection) return;
  const panes = {
    area: createPane(map, "area", 400),
    railway: createPane(map, "railway", 403),
    case: createPane(map, "street-case", 405),
    street: createPane(map, "street", 410),
    name: createPane(map, "street-name", 430),
  };
  const named = [];
  for (const feature of collection.features) {
    const { kind, name } = feature.properties;
    const isArea = feature.geometry.type.endsWith("Polygon");
    if (isArea && AREAS[kind]) {
      const style = { ...panes.area, className: AREAS[kind] };
      L.geoJSON(feature, { interactive: false, style: () => style }).addTo(map);
    } else if (!isArea && kind.endsWith("street")) {
      const main = kind === "main-street";
      for (const line of linesOf(feature.geometry)) {
        const points = line.map(([lon, lat]) => [lat, lon]);
        const options = { interactive: false, fill: false, noClip: true, smoothFactor: 0.5 };
        const also = main ? " is-main" : "";
        L.polyline(points, { ...options, ...panes.case, className: `street-case${also}` }).addTo(map);
        L.polyline(points, { ...options, ...panes.street, className: `street${also}` }).addTo(map);
        if (name) named.push({ line: points, name, main });
      }
    } else if (!isArea) {
      const className = LINES[kind] ?? (AREAS[kind] === "water" ? "water-line" : "");
      if (!className) continue;
      const style = { ...panes.railway, className, fill: false };
      L.geoJSON(feature, { interactive: false, style: () => style }).addTo(map);
    }
  }

  const measure = () => setWidths(map.getContainer().style, map.getZoom());
  map.on("zoomend", measure);
  measure();
  nameStreets(map, named, panes.name.renderer);
}
