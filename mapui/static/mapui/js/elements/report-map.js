/* <report-map>: the findings of a check over the districts, bound to the list beside it by the finding's key. */
import { L, createMap, createPane, reducedMotion } from "../leaflet.js";
import { arrangeCodes, labelDistrict } from "../map/codes.js";
import { bindWords } from "../map/tooltip.js";
import { fetchJson } from "../map/geojson.js";
import { drawGround, fetchGround } from "../map/ground.js";
import { announce, tellOnMap, text } from "../texts.js";

const EXACT_FROM_ZOOM = 15.5;
const ORDER = { note: 0, accepted: 1, warning: 2, error: 3 };

class ReportMap extends HTMLElement {
  #map = null;
  #places = new Map();
  #districts = new Map();
  #fills = null;
  #lines = null;
  #focus = null;
  listening = new AbortController();

  async connectedCallback() {
    if (this.#map) return;
    this.canvas = this.querySelector("[data-canvas]");
    this.#map = createMap(this.canvas, { basemap: this.dataset.basemap, attribution: this.dataset.attribution });
    if (!this.dataset.basemap) this.#map.setMaxZoom(21);
    this.classList.toggle("map--tiles", Boolean(this.dataset.basemap));
    this.canvas.setAttribute("aria-label", this.getAttribute("aria-label"));
    const ground = fetchGround(this.dataset);
    this.panes = {
      land: createPane(this.#map, "land", 390),
      border: createPane(this.#map, "border", 420),
      before: createPane(this.#map, "before", 430),
      finding: createPane(this.#map, "finding", 440),
      focus: createPane(this.#map, "finding-focus", 450),
    };
    try {
      const [districts, findings] = await Promise.all([
        this.#load("report-districts", this.dataset.districts),
        this.#load("report-findings", this.dataset.findings),
      ]);
      this.#map.setView([49, 31.4], 6, { animate: false });
      this.#drawOutline();
      this.#drawDistricts(districts);
      this.#drawFindings(findings);
    } catch {
      tellOnMap(this, text("map_failed"));
      return;
    }
    tellOnMap(this, "");
    this.#listen();
    this.#guardScroll();
    this.setAttribute("data-ready", "");
    drawGround(this.#map, await ground);
    if (this.dataset.before) this.#drawBefore(await fetchJson(this.dataset.before));
  }

  disconnectedCallback() {
    this.listening.abort();
  }

  /* What stands at an address, or without one in the page. */
  async #load(id, address) {
    return address ? fetchJson(address) : JSON.parse(document.getElementById(id).textContent);
  }

  /* The outline of the city, where the page brings it. */
  #drawOutline() {
    const brought = document.getElementById("report-outline");
    if (!brought) return;
    const { before } = this.panes;
    const layer = L.geoJSON(JSON.parse(brought.textContent), { style: () => ({ ...before, className: "city-outline", fill: false }), interactive: false });
    this.#frame(layer.addTo(this.#map));
  }

  #drawDistricts(collection) {
    this.#fills?.remove();
    this.#lines?.remove();
    const { land, border } = this.panes;
    this.#fills = L.geoJSON(collection, {
      style: () => ({ ...land, className: "district" }),
      interactive: false,
      onEachFeature: ({ properties }, layer) => {
        this.#districts.set(properties.code, layer);
        labelDistrict(layer, properties.code);
      },
    }).addTo(this.#map);
    this.#lines = L.geoJSON(collection, {
      style: () => ({ ...border, className: "district-border", fill: false }),
      interactive: false,
    }).addTo(this.#map);
    this.#frame(this.#fills);
    arrangeCodes(this.#map, this.#fills.getLayers());
  }

  /* Show all of a layer, the first time there is anything to show. */
  #frame(layer) {
    const bounds = layer.getBounds();
    if (this.bounds || !bounds.isValid()) return;
    this.bounds = bounds;
    this.#map.fitBounds(bounds, { padding: [16, 16], maxZoom: Number(this.dataset.closest) || 18, animate: false });
  }

  #drawBefore(collection) {
    const { before } = this.panes;
    const listed = new Set([...document.querySelectorAll("[data-show-district]")].map((button) => button.dataset.showDistrict));
    const changed = { ...collection, features: collection.features.filter(({ properties }) => listed.has(properties.code)) };
    const layer = L.geoJSON(changed, { style: () => ({ ...before, className: "border-before", fill: false }), interactive: false }).addTo(this.#map);
    layer.eachLayer((each) => {
      const { code } = each.feature.properties;
      if (!this.#districts.has(code)) this.#districts.set(code, each);
    });
    this.#bindDistricts();
  }

  #drawFindings(collection) {
    const { finding } = this.panes;
    const features = [...collection.features].sort((a, b) => ORDER[a.properties.severity] - ORDER[b.properties.severity]);
    const places = L.geoJSON({ ...collection, features }, {
      style: ({ properties }) => ({ ...finding, className: `finding-place finding-place--${properties.severity}` }),
      pointToLayer: ({ properties }, at) => L.circleMarker(at, { ...finding, radius: 7, className: `finding-place finding-place--${properties.severity}` }),
      onEachFeature: ({ properties }, layer) => {
        this.#places.set(properties.key, { layer, properties });
        layer.on("click", () => this.#toList(properties.key));
        bindWords(layer, properties.sentence, { sticky: true, className: "finding-tooltip" });
      },
    }).addTo(this.#map);
    this.#frame(places);
  }

  #listen() {
    for (const button of document.querySelectorAll("[data-show]")) button.hidden = !this.#places.has(button.dataset.show);
    this.#bindDistricts();
    const { signal } = this.listening;
    document.addEventListener("click", (event) => {
      const finding = event.target.closest("[data-show]");
      const district = event.target.closest("[data-show-district]");
      if (finding) this.show(finding.dataset.show);
      if (district) this.#showDistrict(district.dataset.showDistrict);
    }, { signal });
    this.#map.on("zoomend", () => {
      arrangeCodes(this.#map, this.#fills.getLayers());
      if (this.#map.getZoom() > EXACT_FROM_ZOOM) this.#loadExact();
    });
    const named = location.hash.startsWith("#finding-") ? location.hash.slice(9) : "";
    if (named && this.#places.has(named)) this.show(named, { scroll: false });
  }

  #bindDistricts() {
    for (const button of document.querySelectorAll("[data-show-district]")) button.disabled = !this.#districts.has(button.dataset.showDistrict);
  }

  /* Near enough to see centimetres, the borders are drawn with every vertex. */
  async #loadExact() {
    if (this.exact || !this.dataset.districts) return;
    this.exact = true;
    const collection = await fetchJson(`${this.dataset.districts}?zoom=20`).catch(() => null);
    if (collection) this.#drawDistricts(collection);
  }

  /* Move to a finding and ring it. */
  show(key, { scroll = true } = {}) {
    const place = this.#places.get(key);
    if (!place) return;
    const { layer, properties } = place;
    const bounds = layer.getBounds ? layer.getBounds() : L.latLngBounds([layer.getLatLng()]);
    this.#go(bounds);
    this.#ring(layer);
    for (const item of document.querySelectorAll(".finding.is-shown")) item.classList.remove("is-shown");
    document.getElementById(`finding-${key}`)?.classList.add("is-shown");
    announce(properties.sentence);
    if (scroll) this.scrollIntoView({ block: "nearest", behavior: reducedMotion.matches ? "auto" : "smooth" });
  }

  #showDistrict(code) {
    const layer = this.#districts.get(code);
    if (!layer) return;
    this.#go(layer.getBounds());
    this.#focus?.remove();
    this.#focus = L.geoJSON(layer.toGeoJSON(false), { interactive: false, style: () => ({ ...this.panes.focus, className: "district-focus", fill: false }) }).addTo(this.#map);
    announce(text("district", { code }));
    this.scrollIntoView({ block: "nearest" });
  }

  #go(bounds) {
    this.#map.fitBounds(bounds, { padding: [70, 70], maxZoom: Number(this.dataset.closest) || (this.dataset.basemap ? 18 : 19), animate: false });
  }

  /* Ring the middle of a shape, or each of several points. */
  #ring(layer) {
    this.#focus?.remove();
    const places = layer.eachLayer ? layer.getLayers() : [layer];
    const rings = places.map((place) => {
      const at = place.getLatLng ? place.getLatLng() : place.getBounds().getCenter();
      return L.circleMarker(at, { ...this.panes.focus, radius: places.length > 1 ? 14 : 22, className: "finding-ring", interactive: false });
    });
    this.#focus = L.featureGroup(rings).addTo(this.#map);
  }

  #toList(key) {
    const item = document.getElementById(`finding-${key}`);
    if (!item) return;
    const folded = item.closest("details.findings__more");
    if (folded) folded.open = true;
    this.show(key, { scroll: false });
    item.scrollIntoView({ block: "center", behavior: reducedMotion.matches ? "auto" : "smooth" });
    item.querySelector("[data-show]")?.focus({ preventScroll: true });
  }

  /* Where the page scrolls, one finger belongs to the page and two to the map. */
  #guardScroll() {
    if (!matchMedia("(pointer: coarse)").matches) {
      this.#map.scrollWheelZoom.enable();
      return;
    }
    this.#map.dragging.disable();
    const hint = this.querySelector("[data-two-fingers]");
    let timer = 0;
    this.canvas.addEventListener("touchmove", (event) => {
      if (event.touches.length > 1) return;
      hint.hidden = false;
      clearTimeout(timer);
      timer = setTimeout(() => { hint.hidden = true; }, 1500);
    }, { passive: true });
  }
}

if (L) customElements.define("report-map", ReportMap);
