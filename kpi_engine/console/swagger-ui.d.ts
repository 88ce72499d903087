// What this console uses of Swagger UI, the script of the page at /docs.

interface SwaggerRequest {
  method: string;
  headers: Record<string, string>;
}

declare function SwaggerUIBundle(options: {
  spec: object;
  domNode: HTMLElement;
  deepLinking: boolean;
  docExpansion: "none" | "list" | "full";
  validatorUrl: null;
  requestInterceptor(request: SwaggerRequest): SwaggerRequest;
}): void;
