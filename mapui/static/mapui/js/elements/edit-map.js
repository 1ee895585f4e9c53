/* <edit-map>: draw the borders of an edition anew, with geoman on the map and with the table of vertices. */
import { L, createMap, createPane } from "../leaflet.js";
import { arrangeCodes, labelDistrict } from "../map/codes.js";
import { Draft } from "../map/draft.js";
import { fetchJson } from "../map/geojson.js";
import { drawGround, fetchGround } from "../map/ground.js";
import { VertexTable } from "../map/vertex-table.js";
import { announce, tellOnMap, text } from "../texts.js";

const ALL_MARKERS_UP_TO = 300;
const SNAP_PX = 14;
const SNAP_REACH_PX = 120;

class EditMap extends HTMLElement {
  #map = null;
  #draft = null;
  #layers = [];
  #chosen = -1;
  #snapLines = null;
  #dragged = -1;
  #inserted = -1;
  #mark = null;
  #saved = false;

  async connectedCallback() {
    if (this.#map) return;
    if (!L?.PM) {
      tellOnMap(this, text("edit_failed"));
      return;
    }
    this.canvas = this.querySelector("[data-canvas]");
    this.#map = createMap(this.canvas, { basemap: this.dataset.basemap, attribution: this.dataset.attribution });
    // Only the chosen district is geoman's. Its markers are for the pointer: the keyboard has the table.
    L.PM.setOptIn(true);
    L.Marker.mergeOptions({ keyboard: false });
    this.#map.getPane("markerPane").setAttribute("aria-hidden", "true");
    if (!this.dataset.basemap) this.#map.setMaxZoom(21);
    this.querySelector(".editor__map").classList.toggle("map--tiles", Boolean(this.dataset.basemap));
    this.#listen();
    const ground = fetchGround(this.dataset);
    try {
      this.#draw(await fetchJson(this.dataset.districts));
    } catch {
      tellOnMap(this, text("edit_failed"));
      return;
    }
    drawGround(this.#map, await ground);
  }

  #draw(collection) {
    this.#draft = new Draft(collection);
    // First the view: a renderer that is added before it would draw without bounds.
    const bounds = L.geoJSON(collection).getBounds();
    this.#map.fitBounds(bounds, { padding: [20, 20], animate: false });
    const land = createPane(this.#map, "land", 390);
    const border = createPane(this.#map, "border", 420);
    this.border = border;
    // The districts as they were lie beneath the streets, what is drawn above them.
    L.geoJSON(collection, { interactive: false, style: () => ({ ...land, className: "district", pmIgnore: true }) }).addTo(this.#map);
    this.#layers = this.#draft.districts.map((district, index) => {
      const style = { ...border, className: "edited", pmIgnore: true, snapIgnore: true, smoothFactor: 0.3 };
      const fill = L.polygon(this.#draft.latLngs(index), style).addTo(this.#map);
      labelDistrict(fill, district.code);
      fill.on("click", () => this.choose(index));
      return fill;
    });
    this.#snapLines = L.polyline([], { ...land, className: "snap-lines", interactive: false, pmIgnore: true, snapIgnore: false }).addTo(this.#map);
    this.#map.setMaxBounds(bounds.pad(0.6));
    arrangeCodes(this.#map, this.#layers);
    this.#map.on("zoomend", () => arrangeCodes(this.#map, this.#layers));
    const choice = this.querySelector("[data-choose]");
    choice.append(...this.#draft.districts.map(({ code, name }, index) => new Option(name === code ? code : `${code} — ${name}`, String(index))));
    choice.disabled = false;
    tellOnMap(this, "");
    this.setAttribute("data-ready", "");
  }

  #listen() {
    this.table = new VertexTable(this.querySelector("[data-vertices]"), {
      onMove: (id, point) => this.#tell(this.#draft.move(id, point), id),
      onAdd: (ring, index) => {
        const id = this.#draft.insert(ring, index);
        if (id < 0) return;
        this.#after(text("added"), index + 1);
        this.#point(id);
      },
      onDelete: (id, index) => this.#tell(this.#draft.remove(id), id, Math.max(0, index - 1)),
      onFocus: (id) => this.#point(id),
    });
    this.querySelector("[data-choose]").addEventListener("change", ({ target }) => {
      if (target.value) this.choose(Number(target.value), { fit: true });
    });
    this.querySelector("[data-undo]").addEventListener("click", () => this.#back());
    this.querySelector("[data-redo]").addEventListener("click", () => this.#forth());
    this.querySelector("[data-snap]").addEventListener("change", () => this.#edit());
    this.addEventListener("keydown", (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return;
      if (event.target.matches("input:not([data-lat], [data-lon])")) return;
      event.preventDefault();
      if (event.shiftKey) this.#forth();
      else this.#back();
    });
    this.querySelector("[data-save]").addEventListener("submit", (event) => this.#save(event));
    addEventListener("beforeunload", (event) => {
      if (!this.#saved && this.#draft?.changed().length) event.preventDefault();
    });
    this.#map.on("moveend", () => this.#limitMarkers());
  }

  /* --- one district is edited at a time --- */

  choose(index, { fit = false } = {}) {
    if (index === this.#chosen) return;
    if (this.#chosen >= 0) {
      this.#stop();
      this.#layers[this.#chosen].getElement().classList.remove("is-chosen");
    }
    this.#chosen = index;
    this.#unpoint();
    const layer = this.#layers[index];
    layer.getElement().classList.add("is-chosen");
    layer.bringToFront();
    this.querySelector("[data-choose]").value = String(index);
    if (fit) this.#map.fitBounds(layer.getBounds(), { padding: [40, 40], animate: false });
    this.#edit();
    this.table.show(this.#draft, index);
  }

  #stop() {
    const layer = this.#layers[this.#chosen];
    layer.pm?.disable();
    layer.off("pm:markerdragstart pm:markerdrag pm:markerdragend pm:vertexadded pm:vertexremoved");
  }

  /* Give the chosen district to geoman, as the draft has it. */
  #edit() {
    if (this.#chosen < 0) return;
    const layer = this.#layers[this.#chosen];
    this.#stop();
    layer.setLatLngs(this.#draft.latLngs(this.#chosen));
    if (!layer.pm) {
      layer.options.pmIgnore = false;
      L.PM.reInitLayer(layer);
    }
    const many = this.#draft.ringsOf(this.#chosen).reduce((sum, number) => sum + this.#draft.rings[number].ids.length, 0);
    layer.pm.enable({
      allowSelfIntersection: true,
      limitMarkersToCount: many > ALL_MARKERS_UP_TO ? ALL_MARKERS_UP_TO : -1,
      snapDistance: SNAP_PX,
      snappable: this.querySelector("[data-snap]").checked,
      removeLayerBelowMinVertexCount: false,
    });
    layer.on("pm:vertexadded", ({ indexPath, latlng }) => this.#onAdded(indexPath, latlng));
    layer.on("pm:vertexremoved", ({ indexPath }) => {
      const id = this.#idAt(indexPath);
      setTimeout(() => this.#tell(this.#draft.remove(id), id));
    });
    layer.on("pm:markerdragstart", ({ indexPath }) => this.#onDragStart(indexPath));
    layer.on("pm:markerdrag", ({ indexPath }) => this.#onDrag(indexPath));
    layer.on("pm:markerdragend", ({ indexPath }) => this.#onDragEnd(indexPath));
    this.#limitMarkers();
  }

  #limitMarkers() {
    const edited = this.#layers[this.#chosen]?.pm;
    if (edited?.enabled() && edited.options.limitMarkersToCount > 0) edited.applyLimitFilters({ latlng: this.#map.getCenter() });
  }

  #idAt([part, ring, index]) {
    return this.#draft.rings[this.#draft.districts[this.#chosen].parts[part][ring]].ids[index];
  }

  #drawnAt([part, ring, index]) {
    return this.#layers[this.#chosen].getLatLngs()[part][ring][index];
  }

  #onAdded([part, ring, index], { lng, lat }) {
    const number = this.#draft.districts[this.#chosen].parts[part][ring];
    this.#inserted = this.#draft.insert(number, index - 1, [lng, lat]);
    if (this.#inserted < 0) {
      setTimeout(() => this.#edit());
      return;
    }
    this.#redraw({ but: this.#chosen });
    this.#listSnapLines(this.#inserted);
    this.#after(text("added"), null, { edit: false });
    this.#point(this.#inserted, { pan: false });
    this.table.reveal(this.#inserted);
  }

  #onDragStart(indexPath) {
    this.#dragged = this.#idAt(indexPath);
    this.#listSnapLines(this.#dragged);
    this.#unpoint();
  }

  #listSnapLines(id) {
    const reach = SNAP_REACH_PX / 2 ** this.#map.getZoom();
    this.#snapLines.setLatLngs(this.#draft.bordersNear(id, Math.max(reach * 3, 0.003)));
  }

  /* The neighbours follow while the vertex is dragged; the draft changes when it is dropped. */
  #onDrag(indexPath) {
    const id = this.#dragged;
    if (id < 0) return;
    const { lat, lng } = this.#drawnAt(indexPath);
    const { points } = this.#draft;
    const former = points[id];
    points[id] = [lng, lat];
    for (const district of this.#draft.owners(id)) {
      if (district !== this.#chosen) this.#layers[district].setLatLngs(this.#draft.latLngs(district));
    }
    points[id] = former;
  }

  #onDragEnd(indexPath) {
    const id = this.#dragged;
    const { lat, lng } = this.#drawnAt(indexPath);
    this.#dragged = -1;
    const join = this.#inserted === id;
    this.#inserted = -1;
    // Geoman ends its own work first.
    setTimeout(() => {
      this.#tell(this.#draft.move(id, [lng, lat], { join }), id);
      this.#snapLines.setLatLngs([]);
      if (this.#draft.users[id].size) {
        this.#point(id, { pan: false });
        this.table.reveal(id);
      }
    });
  }

  /* --- after every step --- */

  #tell(word, id, focusIndex = null) {
    const districts = word === "moved" ? this.#draft.owners(id).length : 0;
    const key = districts === 1 ? "moved_own" : word;
    this.#after(word ? text(key, { n: districts }) : "", focusIndex);
    if (word === "moved") this.#point(id);
    if (word === "deleted" || word === "joined") this.#unpoint();
  }

  #after(sentence, focusIndex = null, { edit = true } = {}) {
    if (edit) {
      this.#redraw({ but: this.#chosen });
      this.#edit();
    }
    this.table.refresh(focusIndex);
    const changed = this.#draft.changed();
    const codes = changed.map((district) => this.#draft.districts[district].code).join(", ");
    this.querySelector("[data-changed]").textContent = changed.length ? text("changed", { codes }) : text("changed_none");
    this.querySelector("[data-undo]").disabled = !this.#draft.past.length;
    this.querySelector("[data-redo]").disabled = !this.#draft.future.length;
    this.querySelector("[data-save] button[type=submit]").disabled = !changed.length;
    this.#layers.forEach((layer, index) => layer.getElement()?.classList.toggle("is-changed", changed.includes(index)));
    if (sentence) announce(sentence);
  }

  #redraw({ but }) {
    const touched = new Set();
    for (const step of [this.#draft.past.at(-1), this.#draft.future.at(-1)]) {
      for (const number of step?.rings.keys() ?? []) touched.add(this.#draft.rings[number].district);
      for (const id of step?.points.keys() ?? []) for (const district of this.#draft.owners(id)) touched.add(district);
    }
    // What a drag that led to nothing left on the screen.
    for (const number of this.lastDragged ?? []) touched.add(number);
    this.lastDragged = touched;
    for (const district of touched) if (district !== but) this.#layers[district].setLatLngs(this.#draft.latLngs(district));
  }

  #back() {
    if (this.#draft?.undo()) this.#turned("undone");
  }

  #forth() {
    if (this.#draft?.redo()) this.#turned("redone");
  }

  #turned(word) {
    this.#unpoint();
    this.#after(text(word));
  }

  /* A ring around the vertex that the table is at. */
  #point(id, { pan = true } = {}) {
    const [lon, lat] = this.#draft.points[id];
    this.#mark ??= L.circleMarker([lat, lon], { ...this.border, radius: 11, className: "vertex-mark", interactive: false, pmIgnore: true, snapIgnore: true });
    this.#mark.setLatLng([lat, lon]).addTo(this.#map);
    if (pan && !this.#map.getBounds().pad(-0.05).contains([lat, lon])) this.#map.panTo([lat, lon], { animate: false });
  }

  #unpoint() {
    this.#mark?.remove();
  }

  /* --- saving --- */

  async #save(event) {
    event.preventDefault();
    const form = event.target;
    const button = form.querySelector("button[type=submit]");
    if (button.getAttribute("aria-busy") === "true") return;
    form.elements.changes.value = JSON.stringify(this.#draft.changes());
    button.setAttribute("aria-busy", "true");
    this.#problem("");
    announce(text("saving"));
    try {
      const response = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
      const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
      if (response.ok && isJson) {
        this.#saved = true;
        location.assign((await response.json()).report);
        return;
      }
      const { message, findings } = isJson ? await response.json() : { message: text("save_failed"), findings: [] };
      this.#problem(message, findings);
    } catch {
      this.#problem(text("save_failed"));
    }
    button.removeAttribute("aria-busy");
  }

  #problem(message, findings = []) {
    const problem = this.querySelector("[data-problem]");
    problem.hidden = !message;
    problem.replaceChildren(
      ...[message, ...findings].filter(Boolean).map((sentence) => {
        const line = document.createElement("p");
        line.textContent = sentence;
        return line;
      }),
    );
    if (message) problem.focus();
  }
}

customElements.define("edit-map", EditMap);
