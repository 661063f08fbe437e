import { execFile } from "node:child_process";
import { chmod, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import tls from "node:tls";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { freePort, installPackage, type LocalServer, runServer } from "@lethe/db/testing";

/** A proxy with TLS that runs one of the files of `deploy/`. */
export type TestProxy = { url: string; stop: () => Promise<void> };

/** Starts a proxy before servers that listen on these ports. Answers why not where it cannot be had. */
export type OpenProxy = (ports: number[]) => Promise<TestProxy | { missing: string }>;

/** Where a file of `deploy/` is. */
export const sample = (name: string) => fileURLToPath(new URL(`../../../../deploy/${name}`, import.meta.url));

/** Starts a real nginx with `deploy/nginx.conf`, in which only addresses are others. */
export const openNginx: OpenProxy = async (ports) => {
  const program = "/usr/sbin/nginx";
  const missing = await installPackage("nginx", program);
  if (missing !== null) return { missing };
  const { folder, port, certificate, key } = await prepare("nginx");
  const servers = ports.map((at) => `server 127.0.0.1:${at} max_fails=1 fail_timeout=1s;`);
  const text = replaceAll(await readFile(sample("nginx.conf"), "utf8"), [
    [/( +)server 127\.0\.0\.1:8000 (.*)\n.*8001 \2\n/, `${servers.join("\n")}\n`],
    ["listen 80;", `listen 127.0.0.1:${await freePort()};`],
    [/^ +listen 443 /m, `listen 127.0.0.1:${port} `],
    [/server_name lethe\.example\.com;/g, "server_name localhost;"],
    ["/etc/ssl/lethe/fullchain.pem", certificate],
    ["/etc/ssl/lethe/privkey.pem", key],
  ]);
  await writeFile(join(folder, "lethe.conf"), text);
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (what) => `${what}_temp_path ${join(folder, what)};`,
  );
  await writeFile(
    join(folder, "nginx.conf"),
    `daemon off; pid ${join(folder, "pid")}; error_log ${join(folder, "error.log")};
    events {} http { access_log off; ${temporary.join(" ")} include ${join(folder, "lethe.conf")}; }`,
  );
  const command: [string, ...string[]] = [
    program,
    "-e",
    "stderr",
    "-p",
    folder,
    "-c",
    join(folder, "nginx.conf"),
  ];
  return serveAt(port, certificate, await runServer(command, { folder, ask: () => reach(port) }));
};

/** Starts a real Caddy with `deploy/Caddyfile` as it is. */
export const openCaddy: OpenProxy = async (ports) => {
  const program = "/usr/bin/caddy";
  const missing = await installPackage("caddy", program);
  if (missing !== null) return { missing };
  const { folder, port } = await prepare("caddy");
  // It makes a certificate for `localhost` by itself, and is not to change anything else of this machine.
  await writeFile(
    join(folder, "Caddyfile"),
    `{\nadmin off\nskip_install_trust\nauto_https disable_redirects\n}\nimport ${sample("Caddyfile")}\n`,
  );
  const command: [string, ...string[]] = [
    program,
    "run",
    "--adapter",
    "caddyfile",
    "--config",
    join(folder, "Caddyfile"),
  ];
  const running = await runServer(command, {
    folder,
    ask: () => reach(port),
    env: {
      ...process.env,
      HOME: folder,
      XDG_DATA_HOME: folder,
      SITE: `https://localhost:${port}`,
      UPSTREAMS: ports.map((at) => `127.0.0.1:${at}`).join(" "),
    },
  });
  return serveAt(port, join(folder, "caddy/pki/authorities/local/root.crt"), running);
};

async function prepare(name: string) {
  const folder = await mkdtemp(join(tmpdir(), `lethe-${name}-`));
  // Its processes give their rights up, and read their files all the same.
  await chmod(folder, 0o755);
  const [certificate, key] = [join(folder, "certificate.pem"), join(folder, "key.pem")];
  const kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1"];
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  await promisify(execFile)("openssl", ["req", ...kind, ...subject, "-keyout", key, "-out", certificate]);
  return { folder, port: await freePort(), certificate, key };
}

/** Replaces each, and throws where there is nothing to replace: the sample has changed. */
export function replaceAll(text: string, changes: [string | RegExp, string][]): string {
  return changes.reduce((before, [what, by]) => {
    const after = before.replace(what, by);
    if (after === before) throw new Error(`The sample has no ${what}`);
    return after;
  }, text);
}

function reach(port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = connect(port, "127.0.0.1", resolve).on("error", reject);
  return promise.finally(() => socket.destroy());
}

/** From now on every client of this process trusts the proxy's certificate, until it is stopped. */
async function serveAt(port: number, authority: string, running: LocalServer): Promise<TestProxy> {
  const before = tls.getCACertificates("default");
  tls.setDefaultCACertificates([...before, await readFile(authority, "utf8")]);
  return {
    url: `https://localhost:${port}`,
    stop: async () => {
      tls.setDefaultCACertificates(before);
      await running.stop();
    },
  };
}
