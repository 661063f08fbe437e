const apiTarget =
  /^(?:https?:\/\/[^/?#]*)?\/(?:api(?:[/?#]|$)|(?:livez|readyz|metrics|version|\.well-known\/jwks\.json)(?:[?#]|$))/i;

/** Whether the target of a request (RFC 9112, section 3.2) is answered by the API; the rest are pages. */
export function isApiRequest(target: string | undefined): boolean {
  return apiTarget.test(target ?? "");
}
