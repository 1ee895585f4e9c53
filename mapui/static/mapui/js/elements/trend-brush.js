/* <trend-brush>: a period chosen on the chart of the trend, by two thumbs or by drawing across the bars. It fills in the
   date fields of the filters, which do without it, and offers a button that shows what was chosen. */

const CHART = 1000; // the width of the chart in its own units

class TrendBrush extends HTMLElement {
  #steps = JSON.parse(document.getElementById("trend-steps").textContent);
  #thumbs = [this.querySelector("[data-first]"), this.querySelector("[data-last]")];
  #fields = [this.dataset.from, this.dataset.to].map((id) => document.getElementById(id));
  #typed = this.#fields.map((field) => field.value);
  #shown = [this.#steps.findIndex((step) => step.chosen), this.#steps.findLastIndex((step) => step.chosen)];
  #chosen = this.#shown;

  connectedCallback() {
    const last = this.#steps.length - 1;
    if (last < 1) return;
    if (this.#shown[0] < 0) this.#shown = [0, last];
    this.style.setProperty("--steps", this.#steps.length);
    for (const thumb of this.#thumbs) {
      thumb.max = last;
      thumb.addEventListener("input", () => this.#push(thumb));
    }
    this.#tell(this.#shown);
    this.#listenToDrawing(this.querySelector("svg"));
    this.querySelector("[data-thumbs]").hidden = false;
  }

  /* A thumb that reaches the other one takes it along. */
  #push(thumb) {
    const [first, last] = this.#thumbs.map((each) => Number(each.value));
    if (first <= last) this.#choose([first, last]);
    else this.#choose(thumb === this.#thumbs[0] ? [first, first] : [last, last]);
  }

  #listenToDrawing(chart) {
    let start = null;
    let before = null;
    const place = ({ clientX }) => {
      const { left, width } = chart.getBoundingClientRect();
      const step = Math.floor(((clientX - left) / width) * this.#steps.length);
      return Math.max(0, Math.min(this.#steps.length - 1, step));
    };
    const draw = (event) => {
      const end = place(event);
      this.#choose([Math.min(start, end), Math.max(start, end)]);
    };
    chart.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      before = this.#chosen;
      start = place(event);
      chart.setPointerCapture(event.pointerId);
      draw(event);
    });
    chart.addEventListener("pointermove", (event) => start !== null && draw(event));
    chart.addEventListener("pointerup", () => { start = null; });
    // The finger scrolled the page.
    chart.addEventListener("pointercancel", () => {
      start = null;
      this.#choose(before);
    });
  }

  /* Days that were typed stay as they are until their thumb moves: a bar may hold a week. */
  #choose(chosen) {
    this.#tell(chosen);
    chosen.forEach((step, end) => {
      const moved = step !== this.#shown[end] || (!this.#typed[end] && this.#isMoved());
      this.#fields[end].value = moved ? this.#day(step, end) : this.#typed[end];
    });
  }

  #tell(chosen) {
    this.#chosen = chosen;
    const days = chosen.map((step, end) => this.#dayInWords(this.#day(step, end)));
    this.#thumbs.forEach((thumb, end) => {
      thumb.value = chosen[end];
      thumb.setAttribute("aria-valuetext", days[end]);
    });
    // Where both stand at the right end the first is on top, or it could not be taken back.
    this.#thumbs[0].classList.toggle("is-above", chosen[0] * 2 >= this.#steps.length);
    const width = CHART / this.#steps.length;
    const frame = this.querySelector("[data-window]");
    frame.setAttribute("x", chosen[0] * width);
    frame.setAttribute("width", (chosen[1] - chosen[0] + 1) * width);
    frame.setAttribute("visibility", this.#isMoved() ? "visible" : "hidden");
    this.querySelector("[data-days]").textContent = days.join(" – ");
    this.querySelector("[data-chosen]").hidden = !this.#isMoved();
  }

  #isMoved() {
    return this.#chosen.some((step, end) => step !== this.#shown[end]);
  }

  /* The first day of the first bar, the last day of the last. */
  #day(step, end) {
    return this.#steps[step][end ? "last" : "first"];
  }

  #dayInWords(day) {
    return new Date(day).toLocaleDateString(document.documentElement.lang, { dateStyle: "medium", timeZone: "UTC" });
  }
}

customElements.define("trend-brush", TrendBrush);
