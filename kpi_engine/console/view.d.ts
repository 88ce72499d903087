// What is shown at an address. The browser never loads this file: it is for the type check alone.

import type { Known } from "./known.js";
import type { Choices, Names } from "./router.js";
import type { City } from "./types";

export type Topic = "devices" | "alarms" | "kpis" | "ledger";

/** A page while it is open. */
export type View = {
  /** Shows what the address chooses: at first, and whenever that changes. */
  chosen(choices: URLSearchParams): void;
  /** The stream told something new. */
  changed?(topic: Topic): void;
  /** Called every second, with whether what is shown is current. */
  tick?(connected: boolean): void;
  /** Called every ten seconds, for what the stream does not carry. */
  refresh?(): void;
  /** The colours have changed. */
  redraw?(): void;
  /** Another page is opened. */
  left?(): void;
};

/** What a page is opened with. */
export type Opening = {
  known: Known;
  names: Names;
  /** Every city that the session may see. */
  cities: City[];
  /** Goes to another page, without a step back. */
  go(href: string): void;
  content: HTMLElement;
  /** Chooses something on the page, by its address; without a new step back where `replaces`. */
  choose(choices: Choices, replaces?: boolean): void;
  /** Names the page in its heading and in the title of the document. */
  entitle(title: string): void;
};

/** Puts a page into `content`, of which the template is there already. */
export type Open = (opening: Opening) => View;
