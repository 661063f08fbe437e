const reachedAsLocalhost = new Set(["127.0.0.1", "0.0.0.0", "::", "localhost"]);

/** The address to open in a browser on this machine. Where only IPv6 listens it is named, since "localhost" may mean IPv4. */
export function publicUrl(host: string, port: number): string {
  if (reachedAsLocalhost.has(host)) return `http://localhost:${port}`;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
