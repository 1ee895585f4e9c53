/* <photo-field>: lists chosen photos by name and size, takes more of them and takes them out, and stops what is too
   large before it is sent. What was chosen stays in this page's memory from step to step, and nowhere else. */
const MB = 1e6;
let kept = [];

const same = (one) => (other) =>
  one.name === other.name && one.size === other.size && one.lastModified === other.lastModified;

addEventListener("letter:leaving", () => (kept = []));
addEventListener("letter:step", ({ detail }) => {
  if (["sent", "done", "receipt"].includes(detail.step)) kept = [];
});

class PhotoField extends HTMLElement {
  #isReady = false;

  connectedCallback() {
    if (this.#isReady) return;
    this.#isReady = true;
    this.input = this.querySelector("input[type=file]");
    this.list = this.querySelector("[data-chosen]");
    this.errors = this.querySelector(".field__error");
    this.input.addEventListener("change", () => {
      const more = [...this.input.files].filter((file) => !kept.some(same(file)));
      this.#choose([...kept, ...more]);
    });
    this.input.form.addEventListener("submit", (event) => this.#check(event));
    if ("keep" in this.dataset || this.querySelector("[data-lost]")) this.#restore();
    else kept = [];
  }

  /* The server's words about a photo that it refused stay until something else is chosen. */
  #restore() {
    if (!kept.length) return;
    const said = [...this.errors.children];
    this.#choose(kept);
    if (said.length) this.#tell(said.map((item) => item.textContent));
    for (const lost of document.querySelectorAll("[data-lost]")) lost.remove();
  }

  #choose(files) {
    kept = files;
    const transfer = new DataTransfer();
    for (const file of files) transfer.items.add(file);
    this.input.files = transfer.files;
    this.list.replaceChildren(...files.map((file) => this.#row(file)));
    this.list.hidden = !files.length;
    this.#tell(this.#problems);
  }

  #row(file) {
    const row = this.querySelector("template").content.cloneNode(true);
    const size = Math.max(0.1, file.size / MB).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1, minimumFractionDigits: 1 });
    row.querySelector("[data-name]").textContent = file.name;
    row.querySelector("[data-size]").textContent = this.dataset.size.replace("{n}", size);
    const button = row.querySelector("button");
    button.querySelector("span").textContent = this.dataset.takeOut.replace("{name}", file.name);
    button.addEventListener("click", () => {
      this.#choose(kept.filter((other) => other !== file));
      this.input.focus();
    });
    return row;
  }

  get #problems() {
    const { most, mb, tooMany, tooLarge, noPhoto } = this.dataset;
    const about = (words, file) => words.replace("{name}", file.name);
    return [
      ...(kept.length > Number(most) ? [tooMany] : []),
      ...kept.filter((file) => file.size > mb * MB).map((file) => about(tooLarge, file)),
      // A HEIC photo has no type where the system does not know it: the server looks inside.
      ...kept.filter((file) => file.type && !file.type.startsWith("image/")).map((file) => about(noPhoto, file)),
    ];
  }

  #tell(sentences) {
    this.errors.replaceChildren(
      ...sentences.map((sentence) => Object.assign(document.createElement("li"), { textContent: sentence })),
    );
    this.errors.hidden = !sentences.length;
    if (sentences.length) this.input.setAttribute("aria-invalid", "true");
    else this.input.removeAttribute("aria-invalid");
  }

  #check(event) {
    const problems = this.#problems;
    const sends = (event.submitter?.formEnctype || event.target.enctype) === "multipart/form-data";
    if (!problems.length || !sends) return;
    event.preventDefault();
    event.stopPropagation();
    this.#tell(problems);
    this.input.focus();
  }
}

customElements.define("photo-field", PhotoField);
