// Who is logged in: by a cookie that scripts cannot read; the token itself is kept nowhere.

/** @import { Session } from "./types" */

import { Problem, reason, request, useCsrfToken } from "./api.js";
import { byId } from "./dom.js";

const SEEN = "pharos-session"; // whether asking for a session is worth it; no secret

/**
 * Resolves with the session once there is one; shows the login form until then.
 * @returns {Promise<Session>}
 */
export async function logIn() {
  const running = localStorage.getItem(SEEN) ? await current() : null;
  return running ?? new Promise((resolve) => askForToken(resolve));
}

async function current() {
  try {
    return accepted(await request("GET", "/session"));
  } catch (error) {
    if (!(error instanceof Problem && error.status === 401)) throw error;
    localStorage.removeItem(SEEN);
    return null;
  }
}

export async function logOut() {
  await request("DELETE", "/session").catch(() => null);
  localStorage.removeItem(SEEN);
  location.reload();
}

/** @param {Session} found */
function accepted(found) {
  useCsrfToken(found.csrf_token);
  localStorage.setItem(SEEN, "yes");
  return found;
}

/** @param {(found: Session) => void} resolve */
function askForToken(resolve) {
  const page = byId("login");
  const form = byId("login-form", HTMLFormElement);
  const token = byId("token", HTMLInputElement);
  page.hidden = false;
  token.focus();
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    byId("login-problem").textContent = "";
    try {
      const found = accepted(await request("POST", "/session", { token: token.value.trim() }));
      form.reset();
      page.hidden = true;
      resolve(found);
    } catch (error) {
      byId("login-problem").textContent = reason(error);
    }
  });
}
