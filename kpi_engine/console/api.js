// Talks to /api/v1; a refused request becomes a Problem that carries the server's sentence.

export class Problem extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

let csrfToken = null;
export const useCsrfToken = (token) => { csrfToken = token; };

export async function request(method, path, body) {
  const headers = { Accept: "application/json" };
  if (body) headers["Content-Type"] = "application/json";
  if (csrfToken && method !== "GET") headers["X-CSRF-Token"] = csrfToken;
  let response;
  try {
    response = await fetch(`/api/v1${path}`, { method, headers, body: body && JSON.stringify(body) });
  } catch {
    throw new Problem(0, "The server does not answer.");
  }
  const answer = response.status === 204 ? null : await response.json().catch(() => null);
  if (!response.ok) throw new Problem(response.status, answer?.detail ?? `The server answered ${response.status}.`);
  return answer;
}

export function get(path, parameters = {}) {
  const given = Object.entries(parameters).filter(([, value]) => value != null);
  const query = new URLSearchParams(given).toString();
  return request("GET", query ? `${path}?${query}` : path);
}

export const instant = (milliseconds) => new Date(milliseconds).toISOString();
