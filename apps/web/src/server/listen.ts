import { createServer, type Server } from "node:net";
import { StartError } from "./start-error.ts";

/** Which variables say where something listens. */
type Variables = { host: string; port: string };
const usual: Variables = { host: "HOST", port: "PORT" };

/**
 * Listens, and answers the port that it got.
 *
 * @param options `onError`: told of connections that could not be taken later on, such as for want of file descriptors;
 * `variables`: those that say where
 * @throws StartError when the address cannot be had; its message says what to do
 */
export function listen(
  server: Server,
  host: string,
  port: number,
  { onError = () => {}, variables = usual }: { onError?: (error: Error) => void; variables?: Variables } = {},
): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const refuse = (error: NodeJS.ErrnoException) =>
    reject(new StartError(explain(error, host, port, variables)));
  server.once("error", refuse);
  server.listen(port, host, () => {
    server.off("error", refuse);
    server.on("error", onError);
    const address = server.address();
    resolve(typeof address === "object" && address !== null ? address.port : port);
  });
  return promise;
}

/**
 * Finds out whether the address can be had, before others set out to listen there.
 *
 * @throws StartError when it cannot; its message says what to do
 */
export async function tryAddress(host: string, port: number): Promise<void> {
  const server = createServer();
  await listen(server, host, port);
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  await promise;
}

function explain(error: NodeJS.ErrnoException, host: string, port: number, variables: Variables): string {
  switch (error.code) {
    case "EADDRINUSE":
      return `Port ${port} on ${host} is in use. Stop the program that has it, or choose another: ${variables.port}=${port + 1}.`;
    case "EACCES":
      return `Port ${port} needs more rights than this user has. Choose one above 1023: ${variables.port}=8000.`;
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return `${variables.host}=${host} is not an address of this machine. Use 127.0.0.1, or 0.0.0.0 for every address it has.`;
    default:
      return `Cannot listen on ${host} port ${port}: ${error.message}`;
  }
}

const reachedAsLocalhost = new Set(["127.0.0.1", "0.0.0.0", "::", "localhost"]);

/** The address to open in a browser on this machine. Where only IPv6 listens it is named, since "localhost" may mean IPv4. */
export function publicUrl(host: string, port: number): string {
  if (reachedAsLocalhost.has(host)) return `http://localhost:${port}`;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** The one line on stdout, which tells people and programs that all is ready. */
export function logReady(url: string): void {
  process.stdout.write(`Lethe is ready: ${url}\n`);
}
