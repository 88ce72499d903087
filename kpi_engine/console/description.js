// The page at /docs: the interface's own description, read and tried as whoever is logged in.

import { byId } from "./dom.js";
import { logIn } from "./login.js";
import { t, translateDocument } from "./texts.js";

translateDocument();
const session = await logIn();
const answer = await fetch("/openapi.json");
if (answer.ok) {
  SwaggerUIBundle({
    spec: await answer.json(),
    domNode: byId("description"),
    deepLinking: true,
    docExpansion: "none",
    validatorUrl: null,
    requestInterceptor(request) {
      if (session.csrf_token && request.method !== "GET") request.headers["X-CSRF-Token"] = session.csrf_token;
      return request;
    },
  });
} else {
  byId("description").textContent = t("The server answered {status}.", { status: answer.status });
}
