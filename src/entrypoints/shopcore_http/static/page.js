// Relative addresses, so that the page also works behind a path prefix, and without internet.
SwaggerUIBundle({
  url: "schema/openapi.json",
  dom_id: "#document",
  deepLinking: true,
  docExpansion: "list",
  validatorUrl: null,
  persistAuthorization: false,
});
