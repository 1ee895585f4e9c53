/* The sum itself, off the page's own thread: which number, hashed after the salt, gives the challenge? Says it, or null. */
const AT_ONCE = 256;
const encoder = new TextEncoder();

const hash = async (text) => new Uint8Array(await crypto.subtle.digest("SHA-256", encoder.encode(text)));

addEventListener("message", async ({ data: { salt, challenge, maxnumber } }) => {
  const wanted = challenge.match(/../g).map((pair) => parseInt(pair, 16));
  for (let first = 0; first <= maxnumber; first += AT_ONCE) {
    const hashes = await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => hash(salt + (first + index))));
    const found = hashes.findIndex((bytes) => wanted.every((byte, index) => byte === bytes[index]));
    if (found >= 0) return postMessage(first + found);
  }
  return postMessage(null);
});
