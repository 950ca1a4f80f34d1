// Starts Swagger UI on the page of the API; apart from the page, as the CSP wants it.
"use strict";
const place = document.getElementById("api");
window.SwaggerUIBundle({
  url: place.dataset.description,
  domNode: place,
  deepLinking: true,
  // nothing is asked of a validator elsewhere
  validatorUrl: null,
  requestInterceptor: (request) => {
    const match = document.cookie.match(/(?:^|; )(?:__Host-)?csrf=([^;]+)/);
    if (match) request.headers["X-CSRFToken"] = match[1];
    return request;
  },
});
