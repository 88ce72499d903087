// Who is logged in: by a cookie that scripts cannot read; the token itself is kept nowhere.

import { Problem, request, useCsrfToken } from "./api.js";
import { byId } from "./dom.js";

const SEEN = "pharos-session"; // whether asking for a session is worth it; no secret

// Resolves with the session once there is one; shows the login form until then.
export async function session() {
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

function accepted(found) {
  useCsrfToken(found.csrf_token);
  localStorage.setItem(SEEN, "yes");
  return found;
}

function askForToken(resolve) {
  const page = byId("login");
  const form = byId("login-form");
  page.hidden = false;
  byId("token").focus();
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    byId("login-problem").textContent = "";
    try {
      const found = accepted(await request("POST", "/session", { token: byId("token").value.trim() }));
      form.reset();
      page.hidden = true;
      resolve(found);
    } catch (error) {
      byId("login-problem").textContent = error.message;
    }
  });
}
