/* <file-upload>: sends the form with a progress bar, then waits while the file is checked. Without it the form works as it is. */
import { announce, text } from "../texts.js";

const LONG_S = 12;
const LONGEST_MIN = 10; // of checking; sending takes as long as the line needs

class FileUpload extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.form.addEventListener("submit", (event) => this.#send(event));
  }

  #send(event) {
    event.preventDefault();
    if (this.request) return;
    const [file] = this.form.elements.file.files;
    const limit = Number(this.dataset.maxMb);
    if (file && file.size > limit * 1e6) {
      this.#stop(text("too_large", { limit }));
      return;
    }
    this.bar = this.querySelector("progress");
    this.said = this.querySelector("[data-progress-text]");
    this.querySelector("[data-progress]").hidden = false;
    const button = this.form.querySelector("button[type=submit]");
    button.setAttribute("aria-busy", "true");
    const request = new XMLHttpRequest();
    this.request = request;
    request.upload.addEventListener("progress", ({ loaded, total, lengthComputable }) => {
      if (!lengthComputable || loaded >= total) return;
      this.bar.max = total;
      this.bar.value = loaded;
      this.said.textContent = text("sending", { percent: Math.floor((100 * loaded) / total) });
    });
    request.upload.addEventListener("load", () => this.#check());
    request.addEventListener("load", () => this.#answer(request));
    request.addEventListener("error", () => this.#stop(text("send_failed")));
    request.addEventListener("timeout", () => this.#stop(text("send_failed")));
    request.responseType = "document";
    request.open("POST", this.form.action);
    request.send(new FormData(this.form));
  }

  #check() {
    this.bar.removeAttribute("value");
    const from = Date.now();
    announce(text("checking", { seconds: 0 }));
    const tell = () => {
      const seconds = Math.round((Date.now() - from) / 1000);
      if (seconds >= LONGEST_MIN * 60) {
        this.request.abort();
        this.#stop(text("checking_too_long", { minutes: LONGEST_MIN }));
        return;
      }
      this.said.textContent = text(seconds < LONG_S ? "checking" : "checking_long", { seconds });
    };
    tell();
    // Every second for the eye, not for the ear.
    this.said.setAttribute("aria-live", "off");
    this.clock = setInterval(tell, 1000);
  }

  /* A recorded file leads to its report; what is only shown, or refused with the reason, comes as the answer itself. */
  #answer(request) {
    clearInterval(this.clock);
    if (request.status < 400 && request.responseURL !== this.form.action) {
      location.assign(request.responseURL);
      return;
    }
    const main = request.response?.querySelector("main");
    if (request.status >= 500 || !main) {
      this.#stop(text("send_failed"));
      return;
    }
    // The answer may have maps and scripts of its own: it becomes the page, as without script.
    document.title = request.response.title;
    const sheets = [...request.response.querySelectorAll("link[rel=stylesheet]")].filter(
      (sheet) => !document.querySelector(`link[href="${sheet.getAttribute("href")}"]`),
    );
    document.head.append(...sheets);
    document.querySelector("main").replaceWith(main);
    const heard = main.querySelector("[data-refusal]") ?? main.querySelector("h1");
    heard.tabIndex = -1;
    heard.focus();
    this.#run(request.response);
  }

  async #run(page) {
    for (const script of page.querySelectorAll("script[src]")) {
      if (document.querySelector(`script[src="${script.getAttribute("src")}"]`)) continue;
      const copy = document.createElement("script");
      copy.src = script.getAttribute("src");
      copy.type = script.type;
      copy.async = false;
      const settled = new Promise((resolve) => {
        for (const name of ["load", "error"]) copy.addEventListener(name, resolve);
      });
      document.body.append(copy);
      await settled;
    }
  }

  #stop(sentence) {
    clearInterval(this.clock);
    this.request = null;
    this.form.querySelector("button[type=submit]").removeAttribute("aria-busy");
    const progress = this.querySelector("[data-progress]");
    progress.hidden = false;
    progress.querySelector("progress").hidden = true;
    const said = this.querySelector("[data-progress-text]");
    said.removeAttribute("aria-live");
    said.textContent = sentence;
  }
}

customElements.define("file-upload", FileUpload);
