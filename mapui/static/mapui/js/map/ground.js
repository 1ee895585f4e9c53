/* What the city knows of itself when there is no basemap: greens, waters, railways and streets, with the streets'
   names along them. Whatever kind is not known here is not drawn. */
import { L, createPane } from "../leaflet.js";
import { fetchJson } from "./geojson.js";

const SVG = "http://www.w3.org/2000/svg";
const MAIN_NAMES_FROM_ZOOM = 14;
const NAMES_FROM_ZOOM = 15;
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

/* A name must read from left to right. */
function westToEast(line) {
  return line[0][0] <= line[line.length - 1][0] ? line : [...line].reverse();
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
        const points = westToEast(line).map(([lon, lat]) => [lat, lon]);
        const options = { interactive: false, fill: false, noClip: true, smoothFactor: 0.5 };
        const also = main ? " is-main" : "";
        L.polyline(points, { ...options, ...panes.case, className: `street-case${also}` }).addTo(map);
        const street = L.polyline(points, { ...options, ...panes.street, className: `street${also}` }).addTo(map);
        if (name) named.push({ street, name, main });
      }
    } else if (!isArea) {
      const className = LINES[kind] ?? (AREAS[kind] === "water" ? "water-line" : "");
      if (!className) continue;
      const style = { ...panes.railway, className, fill: false };
      L.geoJSON(feature, { interactive: false, style: () => style }).addTo(map);
    }
  }

  panes.name.renderer.addTo(map);
  let labels = null;
  function arrange() {
    const zoom = map.getZoom();
    setWidths(map.getContainer().style, zoom);
    labels?.remove();
    labels = null;
    const root = panes.name.renderer._rootGroup;
    if (!named.length || zoom < MAIN_NAMES_FROM_ZOOM) return;
    labels = document.createElementNS(SVG, "g");
    labels.setAttribute("aria-hidden", "true");
    root.append(labels);
    named.forEach(({ street, name, main }, index) => {
      if (!main && zoom < NAMES_FROM_ZOOM) return;
      const path = street.getElement();
      const length = path.getAttribute("d")?.startsWith("M") ? path.getTotalLength() : 0;
      if (length < name.length * 7 + 24) return;
      path.id = `street-${index}`;
      const along = document.createElementNS(SVG, "textPath");
      along.setAttribute("href", `#street-${index}`);
      along.setAttribute("startOffset", "50%");
      along.setAttribute("text-anchor", "middle");
      along.textContent = name;
      const label = document.createElementNS(SVG, "text");
      label.setAttribute("class", "street-name");
      label.append(along);
      labels.append(label);
    });
  }
  map.on("zoomend", arrange);
  arrange();
}
