/* Plain functions on GeoJSON in degrees; no map. */

function polygonsOf(geometry) {
  return geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
}

function insideRing([x, y], ring) {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [xi, yi] = ring[i];
    const [xj, yj] = ring[j];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

export function covers(geometry, point) {
  return polygonsOf(geometry).some(
    ([outer, ...holes]) => insideRing(point, outer) && !holes.some((hole) => insideRing(point, hole)),
  );
}

function squaredDistanceToRing([x, y], ring, stretch) {
  let least = Infinity;
  for (let i = 1; i < ring.length; i++) {
    const ax = ring[i - 1][0] * stretch;
    const ay = ring[i - 1][1];
    const dx = ring[i][0] * stretch - ax;
    const dy = ring[i][1] - ay;
    const along = Math.max(0, Math.min(1, ((x * stretch - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)));
    least = Math.min(least, (x * stretch - ax - along * dx) ** 2 + (y - ay - along * dy) ** 2);
  }
  return least;
}

/* A point deep inside the largest part: the best of a 12 x 12 grid. */
export function labelPoint(geometry) {
  let widest = null;
  for (const polygon of polygonsOf(geometry)) {
    const xs = polygon[0].map((point) => point[0]);
    const ys = polygon[0].map((point) => point[1]);
    const box = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
    const size = (box[2] - box[0]) * (box[3] - box[1]);
    if (!widest || size > widest.size) widest = { polygon, box, size };
  }
  const { polygon, box } = widest;
  const stretch = Math.cos((box[1] * Math.PI) / 180);
  let best = { point: [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2], depth: -1 };
  for (let i = 1; i < 12; i++) {
    for (let j = 1; j < 12; j++) {
      const point = [box[0] + ((box[2] - box[0]) * i) / 12, box[1] + ((box[3] - box[1]) * j) / 12];
      if (!covers({ type: "Polygon", coordinates: polygon }, point)) continue;
      const depth = Math.min(...polygon.map((ring) => squaredDistanceToRing(point, ring, stretch)));
      if (depth > best.depth) best = { point, depth };
    }
  }
  return best.point;
}

/* Numbers 1 to 4 so that districts that share a corner differ where four are enough. */
export function tintsOf(features) {
  const byVertex = new Map();
  features.forEach((feature, index) => {
    for (const polygon of polygonsOf(feature.geometry)) {
      for (const ring of polygon) {
        for (const vertex of ring) {
          const key = vertex.join();
          if (!byVertex.has(key)) byVertex.set(key, new Set());
          byVertex.get(key).add(index);
        }
      }
    }
  });
  const neighbours = features.map(() => new Set());
  for (const group of byVertex.values()) {
    for (const one of group) for (const other of group) if (one !== other) neighbours[one].add(other);
  }
  const tints = features.map(() => 0);
  const order = features.map((_, index) => index).sort((a, b) => neighbours[b].size - neighbours[a].size);
  for (const index of order) {
    const taken = new Set([...neighbours[index]].map((other) => tints[other]));
    tints[index] = [1, 2, 3, 4].find((tint) => !taken.has(tint)) ?? (index % 4) + 1;
  }
  return tints;
}

const DIRECTIONS = { ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

/* Index of the nearest point in the direction of an arrow key, or -1. Points are [lon, lat]. */
export function nextInDirection(points, from, key) {
  const [dx, dy] = DIRECTIONS[key];
  const [x, y] = points[from];
  const stretch = Math.cos((y * Math.PI) / 180);
  let best = { index: -1, cost: Infinity };
  points.forEach(([px, py], index) => {
    const vx = (px - x) * stretch;
    const vy = py - y;
    const length = Math.hypot(vx, vy);
    const cosine = (vx * dx + vy * dy) / (length || 1);
    if (index === from || cosine < 0.45) return;
    const cost = length / cosine ** 2;
    if (cost < best.cost) best = { index, cost };
  });
  return best.index;
}

/* Whether two boxes [left, top, right, bottom] share a point that is not on an edge. */
export function meet(one, other) {
  return one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3];
}
