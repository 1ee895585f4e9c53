/* The pin at a place: for the eye only, it takes no events. Before the map has a view Leaflet waits with it. */
import { L } from "../leaflet.js";

const PIN = `<svg aria-hidden="true" viewBox="0 0 32 40" width="32" height="40">
  <path class="map-pin" d="M16 2c7.7 0 13 5.5 13 12.5C29 24 16 38 16 38S3 24 3 14.5C3 7.5 8.3 2 16 2z"/>
  <circle class="map-pin" cx="16" cy="14.5" r="4.5"/>
</svg>`;

export function putPin(map, lat, lon) {
  const icon = L.divIcon({ className: "map-pin-icon", html: PIN, iconSize: [32, 40], iconAnchor: [16, 38] });
  return L.marker([lat, lon], { icon, interactive: false, keyboard: false }).addTo(map);
}
