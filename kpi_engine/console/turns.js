// Of many wishes the last one counts: an answer that comes later than a newer wish is not shown.

export class Turns {
  #turn = 0;

  /** Begins a turn; returns a question: whether it is still the newest. */
  take() {
    const turn = (this.#turn += 1);
    return () => turn === this.#turn;
  }
}
