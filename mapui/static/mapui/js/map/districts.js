/* The districts on the map: fills, borders, labels, and one tab stop with arrow keys between them. */
import { L, createPane } from "../leaflet.js";
import { text } from "../texts.js";
import { covers, labelPoint, meet, nextInDirection, tintsOf } from "./geometry.js";

const NAME_CHARACTER_PX = 7.6;

/* "District No. 1 · Centre" is labelled "Centre"; its code stands beside it. */
function shortName(name) {
  return name.slice(name.indexOf(" · ") < 0 ? 0 : name.indexOf(" · ") + 3);
}

export class Districts {
  constructor(map, collection, { onOpen }) {
    this.map = map;
    this.onOpen = onOpen;
    this.features = collection.features;
    this.points = this.features.map((feature) => labelPoint(feature.geometry));
    this.chosen = "";
    this.focused = 0;
    const tints = tintsOf(this.features);

    const halo = createPane(map, "halo", 380);
    const haloStyle = { ...halo, className: "district-halo", fill: false };
    L.geoJSON(collection, { interactive: false, style: () => haloStyle }).addTo(map);

    const land = createPane(map, "land", 390);
    const landStyle = { ...land, className: "district" };
    this.fills = this.features.map((feature) => L.geoJSON(feature, { style: () => landStyle }).getLayers()[0]);
    const border = createPane(map, "border", 420);
    border.renderer.addTo(map);
    const borderStyle = { ...border, className: "district-border", fill: false };
    const drawBorder = (feature) => L.geoJSON(feature, { interactive: false, style: () => borderStyle }).getLayers()[0];
    this.borders = this.features.map(drawBorder);
    const layers = L.featureGroup(this.fills).addTo(map);
    L.layerGroup(this.borders).addTo(map);
    this.bounds = layers.getBounds();

    this.fills.forEach((fill, index) => this.#prepare(fill.getElement(), index, tints[index]));
    const group = this.fills[0]?.getElement()?.parentNode;
    group?.setAttribute("role", "group");
    group?.setAttribute("aria-label", text("districts_help"));
    this.#addLabels();
    map.on("zoomend resize", () => this.#arrangeLabels());
  }

  #prepare(path, index, tint) {
    path.dataset.tint = tint;
    path.setAttribute("role", "button");
    path.setAttribute("tabindex", index === 0 ? "0" : "-1");
    path.setAttribute("aria-label", this.features[index].properties.name);
    path.addEventListener("focus", () => this.#onFocus(index));
    path.addEventListener("blur", () => this.borders[index].getElement()?.classList.remove("is-focused"));
    path.addEventListener("keydown", (event) => this.#onKey(event, index));
    // Assistive technology clicks without a pointer: that asks about the district, not about a place.
    path.addEventListener("click", (event) => {
      if (event.detail) return;
      event.stopPropagation();
      this.onOpen(this.features[index].properties.code);
    });
  }

  #onFocus(index) {
    const path = this.fills[index].getElement();
    this.fills[this.focused].getElement().setAttribute("tabindex", "-1");
    path.setAttribute("tabindex", "0");
    this.focused = index;
    if (!path.matches(":focus-visible")) return;
    const border = this.borders[index];
    border.bringToFront();
    border.getElement().classList.add("is-focused");
    const [lon, lat] = this.points[index];
    if (!this.map.getBounds().pad(-0.1).contains([lat, lon])) this.map.panTo([lat, lon]);
  }

  #onKey(event, index) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      event.stopPropagation();
      this.onOpen(this.features[index].properties.code);
      return;
    }
    let next = -1;
    if (event.key === "Home") next = 0;
    else if (event.key === "End") next = this.features.length - 1;
    else if (event.key.startsWith("Arrow")) next = nextInDirection(this.points, index, event.key);
    else return;
    event.preventDefault();
    if (next >= 0) this.fills[next].getElement().focus({ preventScroll: true });
  }

  #addLabels() {
    const pane = this.map.createPane("district-labels");
    pane.style.zIndex = 550;
    pane.style.pointerEvents = "none";
    pane.setAttribute("aria-hidden", "true");
    this.labels = this.features.map(({ properties }, index) => {
      const label = document.createElement("span");
      label.className = "district-label__text";
      for (const part of ["name", "code"]) {
        const line = document.createElement("span");
        line.className = `district-label__${part}`;
        line.textContent = part === "name" ? shortName(properties.name) : properties.code;
        label.append(line);
      }
      const [lon, lat] = this.points[index];
      const icon = L.divIcon({ className: "district-label", html: label, iconSize: [0, 0] });
      return L.marker([lat, lon], { icon, interactive: false, keyboard: false, pane: "district-labels" }).addTo(this.map);
    });
    this.#arrangeLabels();
  }

  /* Names where they fit, codes where only they do, nothing where two would collide; the largest goes first. */
  #arrangeLabels() {
    if (!this.map._loaded) return;
    const taken = [];
    const sizes = this.fills.map((fill) => {
      const box = fill.getBounds();
      const a = this.map.latLngToLayerPoint(box.getNorthWest());
      const b = this.map.latLngToLayerPoint(box.getSouthEast());
      return { width: b.x - a.x, height: b.y - a.y };
    });
    const areaOf = (index) => sizes[index].width * sizes[index].height;
    const order = this.labels.map((_, index) => index).sort((a, b) => areaOf(b) - areaOf(a));
    for (const index of order) {
      const { code } = this.features[index].properties;
      const name = shortName(this.features[index].properties.name);
      const at = this.map.latLngToLayerPoint(this.labels[index].getLatLng());
      const boxOf = (characters, lines) => {
        const width = characters * NAME_CHARACTER_PX;
        return [at.x - width / 2, at.y - lines * 8, at.x + width / 2, at.y + lines * 8];
      };
      const free = (box) => !taken.some((other) => meet(box, other));
      const named = boxOf(name.length, 2);
      const coded = boxOf(code.length + 1, 1);
      const room = name.length * NAME_CHARACTER_PX < sizes[index].width * 0.85 && sizes[index].height > 40;
      const showName = room && free(named);
      const showCode = !showName && sizes[index].width > code.length * 9 && free(coded);
      if (showName) taken.push(named);
      else if (showCode) taken.push(coded);
      const element = this.labels[index].getElement();
      element.classList.toggle("is-named", showName);
      element.classList.toggle("is-hidden", !showName && !showCode);
    }
  }

  indexOf(code) {
    return this.features.findIndex((feature) => feature.properties.code === code);
  }

  choose(code, { fit = false } = {}) {
    const former = this.indexOf(this.chosen);
    const next = this.indexOf(code);
    for (const [index, on] of [[former, false], [next, true]]) {
      if (index < 0) continue;
      for (const layer of [this.fills[index], this.borders[index], this.labels[index]]) {
        layer.getElement()?.classList.toggle("is-chosen", on);
      }
      this.fills[index].getElement()?.setAttribute("aria-pressed", on ? "true" : "false");
    }
    this.chosen = code;
    if (next < 0) return;
    this.borders[next].bringToFront();
    if (fit) this.map.fitBounds(this.fills[next].getBounds(), { padding: [56, 56], maxZoom: 14.5 });
    this.fills[this.focused].getElement()?.setAttribute("tabindex", "-1");
    this.fills[next].getElement()?.setAttribute("tabindex", "0");
    this.focused = next;
  }

  nameAt({ lat, lng }) {
    const found = this.features.find((feature) => covers(feature.geometry, [lng, lat]));
    return found?.properties.name ?? "";
  }
}
