/* Names along streets: main streets first, a long street again and again, no name upon another or upon a district's. */
import { L } from "../leaflet.js";

const SVG = "http://www.w3.org/2000/svg";
const MAIN_FROM_ZOOM = 13.5;
const FROM_ZOOM = 14.5;
/* In pixels: how far one name of a street is from the next, how wide a line of letters is, what is left free at ends. */
const REPEAT = 560;
const LETTERS = 15;
const MARGIN = 10;
/* Where in its part of the street a name is tried, and how straight the street must be there (chord by length). */
const PLACES = [0.5, 0.35, 0.65, 0.2, 0.8, 0.05, 0.95];
const STRAIGHT = 0.93;
const OTHER_NAMES = ".district-label:not(.is-hidden) .district-label__text, .code-label";

/* Discs of LETTERS pixels that are taken, by cells of that size. */
class Taken {
  #cells = new Map();

  add(discs) {
    for (const [x, y] of discs) {
      const key = `${Math.floor(x / LETTERS)} ${Math.floor(y / LETTERS)}`;
      if (!this.#cells.has(key)) this.#cells.set(key, []);
      this.#cells.get(key).push([x, y]);
    }
  }

  meets(discs) {
    return discs.some(([x, y]) => {
      const column = Math.floor(x / LETTERS);
      const row = Math.floor(y / LETTERS);
      for (let i = column - 1; i <= column + 1; i++) {
        for (let j = row - 1; j <= row + 1; j++) {
          if (this.#cells.get(`${i} ${j}`)?.some(([a, b]) => Math.hypot(a - x, b - y) < LETTERS)) return true;
        }
      }
      return false;
    });
  }
}

/* A line with the length up to each of its points. */
function measured(points) {
  const lengths = [0];
  for (let i = 1; i < points.length; i++) {
    lengths.push(lengths[i - 1] + Math.hypot(points[i][0] - points[i - 1][0], points[i][1] - points[i - 1][1]));
  }
  return { points, lengths, length: lengths.at(-1) };
}

function pointAt({ points, lengths }, along) {
  const next = Math.max(1, lengths.findIndex((length) => length >= along));
  const share = (along - lengths[next - 1]) / (lengths[next] - lengths[next - 1] || 1);
  const [[ax, ay], [bx, by]] = [points[next - 1], points[next]];
  return [ax + share * (bx - ax), ay + share * (by - ay)];
}

/* Points of the line from one length to another, a few pixels apart, in the direction that is read from left to right;
   null where the line bends too much. */
function stretch(line, from, to) {
  const steps = Math.ceil((to - from) / (LETTERS / 2));
  const points = Array.from({ length: steps + 1 }, (_, step) => pointAt(line, from + ((to - from) * step) / steps));
  const [[ax, ay], [bx, by]] = [points[0], points.at(-1)];
  if (Math.hypot(bx - ax, by - ay) < STRAIGHT * (to - from)) return null;
  return bx < ax ? points.reverse() : points;
}

/* Discs over the labels that stand on the map already. On the screen they may still be on their way there. */
function discsOver(map) {
  const discs = [];
  for (const label of map.getContainer().querySelectorAll(OTHER_NAMES)) {
    const placed = label.closest(".leaflet-zoom-animated");
    const at = L.DomUtil.getPosition(placed);
    const origin = placed.getBoundingClientRect();
    const box = label.getBoundingClientRect();
    for (let x = 0; x < box.width + LETTERS / 2; x += LETTERS / 2) {
      for (let y = 0; y < box.height + LETTERS / 2; y += LETTERS / 2) {
        discs.push([
          at.x + box.left - origin.left + Math.min(x, box.width),
          at.y + box.top - origin.top + Math.min(y, box.height),
        ]);
      }
    }
  }
  return discs;
}

/* `streets` lists { line: [[lat, lon], ...], name, main }; `renderer` is the pane that the names are drawn in. */
export function nameStreets(map, streets, renderer) {
  renderer.addTo(map);
  const family = getComputedStyle(map.getContainer()).fontFamily;
  const pen = document.createElement("canvas").getContext("2d");
  let drawn = null;
  let asked = 0;
  let middle = null;

  /* Where names are put, in layer pixels: the view and as much again on every side. */
  function land() {
    const { x, y } = map.getSize();
    const corner = map.containerPointToLayerPoint([0, 0]);
    return [corner.x - x, corner.y - y, corner.x + 2 * x, corner.y + 2 * y];
  }

  function widthOf(name) {
    pen.font = `520 12px ${family}`;
    return pen.measureText(name).width * 1.03;
  }

  function draw(name, points) {
    const id = `street-name-${drawn.childElementCount}`;
    const path = document.createElementNS(SVG, "path");
    path.id = id;
    path.setAttribute("d", `M${points.map((point) => point.map((number) => number.toFixed(1)).join(" ")).join("L")}`);
    path.setAttribute("class", "street-name-line");
    const along = document.createElementNS(SVG, "textPath");
    along.setAttribute("href", `#${id}`);
    along.setAttribute("startOffset", "50%");
    along.setAttribute("text-anchor", "middle");
    along.textContent = name;
    const label = document.createElementNS(SVG, "text");
    label.setAttribute("class", "street-name");
    label.append(along);
    drawn.append(path, label);
  }

  function arrange() {
    asked = 0;
    drawn?.remove();
    const zoom = map.getZoom();
    middle = map.getCenter();
    if (zoom < MAIN_FROM_ZOOM) return;
    const [west, north, east, south] = land();
    drawn = document.createElementNS(SVG, "g");
    drawn.setAttribute("aria-hidden", "true");
    const taken = new Taken();
    taken.add(discsOver(map));
    const named = streets
      .filter(({ main }) => main || zoom >= FROM_ZOOM)
      .map((street) => {
        const points = street.line.map((place) => map.latLngToLayerPoint(place)).map(({ x, y }) => [x, y]);
        return { ...street, ...measured(points) };
      })
      .sort((a, b) => b.main - a.main || b.length - a.length);
    for (const street of named) {
      const width = widthOf(street.name);
      const parts = Math.max(1, Math.round(street.length / REPEAT));
      const room = street.length / parts - width - 2 * MARGIN;
      if (room < 0) continue;
      for (let part = 0; part < parts; part++) {
        const [x, y] = pointAt(street, (street.length * (part + 0.5)) / parts);
        if (x < west || x > east || y < north || y > south) continue;
        for (const place of PLACES) {
          const from = (street.length * part) / parts + MARGIN + room * place;
          const points = stretch(street, from, from + width);
          if (!points || taken.meets(points)) continue;
          taken.add(points);
          draw(street.name, points);
          break;
        }
      }
    }
    renderer._rootGroup.append(drawn);
  }

  /* In the next frame: districts have arranged their labels by then. */
  function arrangeSoon() {
    asked ||= requestAnimationFrame(arrange);
  }

  map.on("zoomend viewreset resize", arrangeSoon);
  map.on("moveend", () => {
    const { x, y } = map.getSize().divideBy(2);
    const moved = middle && map.latLngToLayerPoint(map.getCenter()).subtract(map.latLngToLayerPoint(middle));
    if (moved && (Math.abs(moved.x) > x || Math.abs(moved.y) > y)) arrangeSoon();
  });
  document.fonts?.ready.then(arrangeSoon);
  arrangeSoon();
}
