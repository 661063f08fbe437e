const reachedAsLocalhost = new Set(["127.0.0.1", "::1", "0.0.0.0", "::", "localhost"]);

/** The address to open in a browser on this machine. */
export function publicUrl(host: string, port: number): string {
  if (reachedAsLocalhost.has(host)) return `http://localhost:${port}`;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
