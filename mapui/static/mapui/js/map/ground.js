/* What the city knows of itself when there is no basemap: water and streets, with the streets' names along them. */
import { L, createPane } from "../leaflet.js";

const SVG = "http://www.w3.org/2000/svg";
const NAMES_FROM_ZOOM = 14.75;

function widths(zoom) {
  const street = Math.max(0.8, Math.min(9, 1.6 ** (zoom - 13.5) * 1.8));
  return { street, case: street + (zoom < 13 ? 0.8 : 1.8) };
}

/* A name must read from left to right. */
function westToEast(line) {
  return line[0][0] <= line[line.length - 1][0] ? line : [...line].reverse();
}

export function drawGround(map, collection) {
  const water = createPane(map, "water", 400);
  const cases = createPane(map, "street-case", 405);
  const streets = createPane(map, "street", 410);
  const waters = collection.features.filter((feature) => feature.properties.kind === "water");
  for (const feature of waters) {
    const className = feature.geometry.type.includes("Polygon") ? "water" : "water-line";
    L.geoJSON(feature, { interactive: false, style: () => ({ ...water, className, fill: className === "water" }) }).addTo(map);
  }
  const named = [];
  for (const feature of collection.features) {
    if (feature.properties.kind === "water") continue;
    const { type, coordinates } = feature.geometry;
    for (const line of type === "MultiLineString" ? coordinates : [coordinates]) {
      const points = westToEast(line).map(([lon, lat]) => [lat, lon]);
      const options = { interactive: false, fill: false, noClip: true, smoothFactor: 0.5 };
      L.polyline(points, { ...options, ...cases, className: "street-case" }).addTo(map);
      const street = L.polyline(points, { ...options, ...streets, className: "street" }).addTo(map);
      if (feature.properties.name) named.push({ street, name: feature.properties.name });
    }
  }

  let labels = null;
  function arrange() {
    const zoom = map.getZoom();
    const { street, case: around } = widths(zoom);
    map.getContainer().style.setProperty("--street", `${street.toFixed(2)}px`);
    map.getContainer().style.setProperty("--street-case", `${around.toFixed(2)}px`);
    labels?.remove();
    labels = null;
    if (zoom < NAMES_FROM_ZOOM || !named.length) return;
    const root = named[0].street.getElement()?.parentNode;
    if (!root) return;
    labels = document.createElementNS(SVG, "g");
    labels.setAttribute("aria-hidden", "true");
    root.append(labels);
    named.forEach(({ street: line, name }, index) => {
      const path = line.getElement();
      const length = path?.getAttribute("d")?.startsWith("M") ? path.getTotalLength() : 0;
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
