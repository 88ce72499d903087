// Sentences of the server say instants in UTC; people read them by the clocks of their city.

import { moment } from "./format.js";

const INSTANT = /\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z/g;

/** @param {string} words @param {string} zone */
export const localTimes = (words, zone) => words.replaceAll(INSTANT, (instant) => moment(instant, zone));
