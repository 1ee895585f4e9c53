/* The districts of an edition while they are drawn: vertices that neighbours share are one vertex, so a border moves
   in all of them at once. No map; coordinates are [lon, lat] in degrees. Every step can be undone. */

export const DECIMALS = 7; // about 1 cm
const ON_EDGE_DEGREES = 2e-7;

const round = (number) => Number(number.toFixed(DECIMALS));
const keyOf = (point) => `${point[0]},${point[1]}`;

function withoutRepeats(ids) {
  return ids.filter((id, index) => id !== ids[(index + 1) % ids.length]);
}

function distanceToEdge([x, y], [ax, ay], [bx, by]) {
  const stretch = Math.cos((y * Math.PI) / 180);
  const dx = (bx - ax) * stretch;
  const dy = by - ay;
  const along = ((x - ax) * stretch * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1);
  if (along <= 0 || along >= 1) return Infinity;
  return Math.hypot((x - ax) * stretch - along * dx, y - ay - along * dy);
}

export class Draft {
  constructor(collection) {
    this.points = [];
    this.rings = [];
    this.districts = [];
    this.ids = new Map();
    this.users = [];
    this.past = [];
    this.future = [];
    this.step = null;
    collection.features.forEach(({ properties, geometry }, district) => {
      const parts = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
      this.districts.push({
        code: properties.code,
        name: properties.name,
        parts: parts.map((part) => part.map((ring) => this.#takeRing(ring, district))),
      });
    });
    this.originalRings = this.rings.map((ring) => ring.ids);
    this.originalPoints = [...this.points];
  }

  #takeRing(ring, district) {
    const number = this.rings.length;
    const ids = ring.slice(0, -1).map((point) => {
      const key = keyOf(point);
      if (!this.ids.has(key)) this.ids.set(key, this.#newPoint([point[0], point[1]]));
      return this.ids.get(key);
    });
    this.rings.push({ ids, district });
    ids.forEach((id) => this.users[id].add(number));
    return number;
  }

  #newPoint(point) {
    this.users.push(new Set());
    return this.points.push(point) - 1;
  }

  /* The vertex that lies exactly at a place, or -1. */
  #at(point) {
    const id = this.ids.get(keyOf(point)) ?? -1;
    return id >= 0 && this.users[id].size ? id : -1;
  }

  /* --- steps --- */

  #begin() {
    this.step = { rings: new Map(), points: new Map() };
  }

  #setRing(number, ids) {
    const ring = this.rings[number];
    if (!this.step.rings.has(number)) this.step.rings.set(number, ring.ids);
    ring.ids.forEach((id) => this.users[id].delete(number));
    ring.ids = ids;
    ids.forEach((id) => this.users[id].add(number));
  }

  #setPoint(id, point) {
    if (!this.step.points.has(id)) this.step.points.set(id, this.points[id]);
    const former = keyOf(this.points[id]);
    if (this.ids.get(former) === id) this.ids.delete(former);
    this.points[id] = point;
    this.ids.set(keyOf(point), id);
  }

  /* Ends a step; with `join` it is undone together with the step before. */
  #end(join = false) {
    const { step } = this;
    this.step = null;
    if (!step.rings.size && !step.points.size) return;
    const last = this.past.at(-1);
    if (join && last) {
      for (const kind of ["rings", "points"]) {
        for (const [at, value] of step[kind]) if (!last[kind].has(at)) last[kind].set(at, value);
      }
    } else {
      this.past.push(step);
    }
    this.future = [];
  }

  #turn(from, to) {
    const step = from.pop();
    if (!step) return false;
    this.#begin();
    for (const [number, ids] of step.rings) this.#setRing(number, ids);
    for (const [id, point] of step.points) this.#setPoint(id, point);
    to.push(this.step);
    this.step = null;
    return true;
  }

  undo() {
    return this.#turn(this.past, this.future);
  }

  redo() {
    return this.#turn(this.future, this.past);
  }

  /* --- deeds: each returns a word that says what happened --- */

  /* Move a vertex in every district that has it. On another vertex it joins that one; on a border it becomes part of it. */
  move(id, [lon, lat], { join = false } = {}) {
    let target = [lon, lat];
    let other = this.#at(target);
    if (other < 0) {
      target = [round(lon), round(lat)];
      other = this.#at(target);
    }
    if (other === id) return "";
    if (other >= 0) return this.#merge(id, other, join);
    this.#begin();
    this.#setPoint(id, target);
    this.#weave(id);
    this.#end(join);
    return "moved";
  }

  #merge(id, other, join) {
    const changed = [...this.users[id]].map((number) => [
      number,
      withoutRepeats(this.rings[number].ids.map((each) => (each === id ? other : each))),
    ]);
    if (changed.some(([, ids]) => ids.length < 3)) return "collapse";
    this.#begin();
    for (const [number, ids] of changed) this.#setRing(number, ids);
    this.#end(join);
    return "joined";
  }

  /* Where the vertex lies on a border of a ring that does not have it, that ring gets it too. */
  #weave(id) {
    const point = this.points[id];
    this.rings.forEach(({ ids }, number) => {
      if (ids.includes(id)) return;
      const at = ids.findIndex((each, index) => {
        const [a, b] = [this.points[each], this.points[ids[(index + 1) % ids.length]]];
        if (Math.min(a[0], b[0]) - 1e-6 > point[0] || Math.max(a[0], b[0]) + 1e-6 < point[0]) return false;
        if (Math.min(a[1], b[1]) - 1e-6 > point[1] || Math.max(a[1], b[1]) + 1e-6 < point[1]) return false;
        return distanceToEdge(point, a, b) < ON_EDGE_DEGREES;
      });
      if (at >= 0) this.#setRing(number, ids.toSpliced(at + 1, 0, id));
    });
  }

  /* Add a vertex on the edge after a place in a ring, in both districts that share the edge; returns its id. */
  insert(number, after, point = null) {
    const { ids } = this.rings[number];
    const [a, b] = [ids[after], ids[(after + 1) % ids.length]];
    const [p, q] = [this.points[a], this.points[b]];
    const place = (point ?? [(p[0] + q[0]) / 2, (p[1] + q[1]) / 2]).map(round);
    if (this.#at(place) >= 0) return -1;
    this.#begin();
    const id = this.#newPoint(place);
    this.ids.set(keyOf(place), id);
    for (const other of new Set([...this.users[a]].filter((each) => this.users[b].has(each)))) {
      const ring = this.rings[other].ids;
      const at = ring.findIndex((each, index) => {
        const next = ring[(index + 1) % ring.length];
        return (each === a && next === b) || (each === b && next === a);
      });
      if (at >= 0) this.#setRing(other, ring.toSpliced(at + 1, 0, id));
    }
    this.#end();
    return id;
  }

  /* Delete a vertex from every district that has it. */
  remove(id) {
    if (this.owners(id).length > 2) return "junction";
    const rings = [...this.users[id]];
    if (rings.some((number) => this.rings[number].ids.length < 4)) return "triangle";
    this.#begin();
    for (const number of rings) this.#setRing(number, withoutRepeats(this.rings[number].ids.filter((each) => each !== id)));
    this.#end();
    return "deleted";
  }

  /* --- questions --- */

  /* The districts (numbers) that have a vertex. */
  owners(id) {
    return [...new Set([...this.users[id]].map((number) => this.rings[number].district))];
  }

  ringsOf(district) {
    return this.districts[district].parts.flat();
  }

  /* Leaflet's nested [lat, lon] of a district: parts, rings, points. */
  latLngs(district) {
    return this.districts[district].parts.map((part) =>
      part.map((number) => this.rings[number].ids.map((id) => [this.points[id][1], this.points[id][0]])),
    );
  }

  #isChanged(number) {
    const { ids } = this.rings[number];
    const original = this.originalRings[number];
    if (ids.length !== original.length) return true;
    return ids.some((id, index) => {
      if (id === original[index] && this.points[id] === this.originalPoints[id]) return false;
      const [point, former] = [this.points[id], this.originalPoints[original[index]]];
      return point[0] !== former[0] || point[1] !== former[1];
    });
  }

  /* The districts (numbers) that differ from the edition. */
  changed() {
    const rings = new Set();
    for (const step of this.past) {
      for (const number of step.rings.keys()) rings.add(number);
      for (const id of step.points.keys()) for (const number of this.users[id]) rings.add(number);
    }
    const districts = [...rings].filter((number) => this.#isChanged(number)).map((number) => this.rings[number].district);
    return [...new Set(districts)].sort((a, b) => a - b);
  }

  geometry(district) {
    return {
      type: "MultiPolygon",
      coordinates: this.districts[district].parts.map((part) =>
        part.map((number) => {
          const points = this.rings[number].ids.map((id) => this.points[id]);
          return [...points, points[0]];
        }),
      ),
    };
  }

  /* What the server is sent: geometries of the changed districts by code. */
  changes() {
    return Object.fromEntries(this.changed().map((district) => [this.districts[district].code, this.geometry(district)]));
  }

  /* Borders that a vertex may snap to: of districts near it, without the edges that move with it. [lat, lon]. */
  bordersNear(id, reach) {
    const [lon, lat] = this.points[id];
    const lines = [];
    for (const { ids } of this.rings) {
      let line = [];
      const count = ids.length;
      for (let index = 0; index <= count; index++) {
        const a = ids[index % count];
        const point = this.points[a];
        const isNear = Math.abs(point[1] - lat) < reach && Math.abs(point[0] - lon) < reach * 2;
        if (a === id || !isNear) {
          if (line.length > 1) lines.push(line);
          line = [];
        } else {
          line.push([point[1], point[0]]);
        }
      }
      if (line.length > 1) lines.push(line);
    }
    return lines;
  }
}
