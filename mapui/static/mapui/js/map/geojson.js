/* JSON from the site in the page's language, not the browser's: many Ukrainians use an English browser. */
export async function fetchJson(url) {
  const response = await fetch(url, { headers: { "Accept-Language": document.documentElement.lang } });
  if (!response.ok) throw new Error(String(response.status));
  return response.json();
}
