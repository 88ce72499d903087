// Talks to /api/v1; a refused request becomes a Problem that carries the server's sentence.

/** @import { Resources } from "./types" */

import { t, toldAll } from "./texts.js";

export class Problem extends Error {
  /** @param {number} status @param {string} detail */
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

/** @type {string | null} */
let csrfToken = null;
/** @param {string | null} token */
export const useCsrfToken = (token) => { csrfToken = token; };

/**
 * @template {keyof Resources} Path
 * @param {"POST" | "PUT" | "DELETE" | "GET"} method
 * @param {Path} path
 * @param {object} [body]
 * @returns {Promise<Resources[Path]>}
 */
export function request(method, path, body) {
  return answered(method, path, body);
}

/**
 * @template {keyof Resources} Path
 * @param {Path} path
 * @param {Record<string, string | number | null | undefined>} parameters what is null or undefined is left out
 * @returns {Promise<Resources[Path]>}
 */
export function get(path, parameters = {}) {
  const given = Object.entries(parameters).flatMap(([name, value]) => (value == null ? [] : [[name, String(value)]]));
  const query = new URLSearchParams(given).toString();
  return answered("GET", query ? `${path}?${query}` : path);
}

/**
 * The server is taken at its word: what it answers is of the type that types.d.ts gives to the path.
 * @param {string} method
 * @param {string} path
 * @param {object} [body]
 */
async function answered(method, path, body) {
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json" };
  if (body) headers["Content-Type"] = "application/json";
  if (csrfToken && method !== "GET") headers["X-CSRF-Token"] = csrfToken;
  let response;
  try {
    response = await fetch(`/api/v1${path}`, { method, headers, body: body && JSON.stringify(body) });
  } catch {
    throw new Problem(0, t("The server does not answer."));
  }
  const answer = response.status === 204 ? null : toldAll(await response.json().catch(() => null));
  if (!response.ok) throw new Problem(response.status, answer?.detail ?? t("The server answered {status}.", { status: response.status }));
  return answer;
}

/**
 * What went wrong, as a sentence.
 * @param {unknown} error
 */
export const reason = (error) => (error instanceof Error ? error.message : String(error));

/** @param {number} milliseconds */
export const instant = (milliseconds) => new Date(milliseconds).toISOString();
