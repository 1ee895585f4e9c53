/* The one module that touches Leaflet's global. Others import { L } or createMap from here. */
import { distanceText, tellOnMap, text } from "./texts.js";

export const L = window.L;

// Its script did not arrive. The elements stay empty frames, and the rest of the page works.
if (!L) tellOnMap(document, text("map_failed"));

const SHEET_PX = 680; // what A4 and Letter hold beside each other, with the usual margins

export const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");

/* The scale bar in the reader's language. */
const LocalScale = L?.Control.Scale.extend({
  _updateMetric(maxMetres) {
    const metres = this._getRoundNum(maxMetres);
    this._updateScale(this._mScale, distanceText(metres), metres / maxMetres);
  },
});

/* A map with the site's controls; `basemap` is an XYZ template or empty. */
export function createMap(canvas, { basemap = "", attribution = "", zoomPosition = "topright" } = {}) {
  const still = reducedMotion.matches;
  const map = L.map(canvas, {
    attributionControl: Boolean(attribution),
    fadeAnimation: !still,
    inertia: !still,
    markerZoomAnimation: !still,
    maxZoom: 18,
    renderer: L.svg({ padding: 0.5 }),
    zoomAnimation: !still,
    zoomControl: false,
    zoomSnap: basemap ? 1 : 0.25,
  });
  map.attributionControl?.setPrefix(false);
  L.control.zoom({ position: zoomPosition, zoomInTitle: text("zoom_in"), zoomOutTitle: text("zoom_out") }).addTo(map);
  new LocalScale({ imperial: false, maxWidth: 120 }).addTo(map);
  if (basemap) L.tileLayer(basemap, { attribution, maxZoom: 19 }).addTo(map);
  // The container is Leaflet's; its size is the page's.
  new ResizeObserver(() => map.invalidateSize({ animate: false, debounceMoveend: true })).observe(canvas);
  fitToSheet(map, canvas);
  return map;
}

/* A sheet has another size than the window, and would cut a map off or leave it half empty: what is seen is fitted to it,
   then put back. */
function fitToSheet(map, canvas) {
  const boxes = [canvas.parentElement, canvas];
  let seen = null;
  addEventListener("beforeprint", () => {
    if (!canvas.clientWidth) return;
    seen = { bounds: map.getBounds(), centre: map.getCenter(), zoom: map.getZoom() };
    for (const { style } of boxes) style.width = style.height = `${SHEET_PX}px`;
    map.invalidateSize({ animate: false }).fitBounds(seen.bounds, { animate: false });
  });
  addEventListener("afterprint", () => {
    if (!seen) return;
    for (const { style } of boxes) style.width = style.height = "";
    map.invalidateSize({ animate: false }).setView(seen.centre, seen.zoom, { animate: false });
    seen = null;
  });
}

/* A group of markers that join where they are close; a plain group where the plugin did not arrive. */
export function createClusters(options) {
  return L.markerClusterGroup ? L.markerClusterGroup({ animate: !reducedMotion.matches, ...options }) : L.featureGroup();
}

/* A pane of its own, above or below others, with its own SVG. */
export function createPane(map, name, zIndex) {
  const pane = map.createPane(name);
  pane.style.zIndex = zIndex;
  return { pane: name, renderer: L.svg({ pane: name, padding: 0.5 }) };
}

/* What leaflet.heat draws, but for two things: it reads the canvas back at each move, which a canvas must know from the
   beginning to do it fast, and a map without a size (hidden, or printed away) has nothing to read. */
const Glow = L?.HeatLayer?.extend({
  _initCanvas() {
    this._canvas = L.DomUtil.create("canvas", "leaflet-layer leaflet-zoom-animated");
    this._canvas.style.transformOrigin = "50% 50%";
    this._canvas.getContext("2d", { willReadFrequently: true });
    this._heat = window.simpleheat(this._canvas);
    this._updateOptions();
  },

  _redraw() {
    const { x, y } = this._map?.getSize() ?? {};
    this._frame = null;
    if (x && y) L.HeatLayer.prototype._redraw.call(this);
  },
});

/* A glow about points [lat, lon, weight], each spread over so many metres, as strong as can be where the weights come to
   `full`; below the squares. Null where the plugin did not arrive. */
export function createGlow(map, points, { metres, full }) {
  if (!Glow) return null;
  const colour = getComputedStyle(document.documentElement).getPropertyValue("--accent").trim();
  const glow = new Glow(points, { gradient: { 0: colour, 1: colour }, max: full, maxZoom: 0, minOpacity: 0 });
  const widen = () => {
    const { lat, lng } = map.getCenter();
    const [here, there] = [lat, lat + metres / 111_320].map((each) => map.latLngToContainerPoint([each, lng]));
    const radius = Math.round(Math.max(3, Math.min(60, here.distanceTo(there) / 2)));
    glow.setOptions({ radius, blur: radius });
  };
  map.getPane("overlayPane").style.zIndex = 550;
  return glow.on("add", () => map.on("zoomend", widen) && widen()).on("remove", () => map.off("zoomend", widen));
}
