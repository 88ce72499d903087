// What somebody presses stays until it is released: replaced in between, by what the stream told, it would not be clicked.

const RELEASES = ["pointerup", "pointercancel", "keyup", "blur"];

export class Press {
  #isPressed = false;
  /** @type {Map<string, () => void>} */
  #waiting = new Map();

  constructor() {
    addEventListener("pointerdown", () => { this.#isPressed = true; }, true);
    addEventListener("keydown", ({ key }) => { this.#isPressed = key === " " || key === "Enter"; }, true);
    // The click follows the release, and is heard before anything changes.
    for (const name of RELEASES) addEventListener(name, () => setTimeout(() => this.#release()), true);
    // Released outside the window, nothing was heard of it.
    addEventListener("pointermove", ({ buttons }) => { if (this.#isPressed && !buttons) this.#release(); }, true);
  }

  /**
   * Does it now, or when nothing is pressed any more.
   * @param {string} what of the same only the last is done
   * @param {() => void} change
   */
  afterwards(what, change) {
    if (this.#isPressed) this.#waiting.set(what, change);
    else change();
  }

  #release() {
    this.#isPressed = false;
    const changes = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const change of changes) change();
  }
}
