import { createHash, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { z } from "zod";
import type { Provider } from "../services.ts";

/** Who a provider says that somebody is. */
export type Identity = { sub: string; email: string; email_verified: boolean; name: string };

/** What is not as it should be in what it says: the nonce, the signature, the whole token; or that it lets nobody in. */
type Lies = { nonce?: string; forged?: boolean; unsigned?: boolean; denies?: boolean };

const asked = z.object({
  client_id: z.string(),
  redirect_uri: z.string(),
  state: z.string(),
  nonce: z.string(),
  code_challenge: z.string(),
});
type Asked = z.infer<typeof asked>;
const told = z.object({ code: z.string(), code_verifier: z.string(), redirect_uri: z.string() });

/**
 * A provider of identities (OpenID Connect Core 1.0, authorization code flow with PKCE) on a free port of the loopback.
 * Whoever comes is who `become` has said last.
 */
export async function startIdentityProvider(publicUrl: string) {
  const { privateKey, publicKey } = await generateKeyPair("RS256");
  const stranger = await generateKeyPair("RS256");
  const jwk = { ...(await exportJWK(publicKey)), kid: "one", alg: "RS256", use: "sig" };
  const codes = new Map<string, { asked: Asked; identity: Identity }>();
  let identity: Identity = {
    sub: "nobody",
    email: "nobody@example.com",
    email_verified: true,
    name: "Nobody",
  };
  let lies: Lies = {};
  let issuer = "";

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", issuer);
    const json = (body: object) => {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(body));
    };
    if (url.pathname === "/.well-known/openid-configuration")
      return json({
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        userinfo_endpoint: `${issuer}/userinfo`,
        jwks_uri: `${issuer}/jwks`,
        id_token_signing_alg_values_supported: ["RS256"],
      });
    if (url.pathname === "/jwks") return json({ keys: [jwk] });
    if (url.pathname === "/userinfo") return json(identity);
    if (url.pathname === "/authorize") {
      const given = asked.parse(Object.fromEntries(url.searchParams));
      const code = randomUUID();
      codes.set(code, { asked: given, identity });
      const back = new URL(given.redirect_uri);
      const said = lies.denies ? { error: "access_denied" } : { code };
      for (const [name, value] of Object.entries({ ...said, state: given.state, session_state: "x" }))
        back.searchParams.set(name, value);
      response.writeHead(302, { location: back.href }).end();
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const { code, code_verifier } = told.parse(
      Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString())),
    );
    const known = codes.get(code);
    codes.delete(code);
    const challenge = createHash("sha256").update(code_verifier).digest("base64url");
    if (known?.asked.code_challenge !== challenge) {
      response.writeHead(400).end("{}");
      return;
    }
    const nonce = lies.nonce ?? known.asked.nonce;
    const id_token = await new SignJWT({ ...known.identity, nonce })
      .setProtectedHeader({ alg: "RS256", kid: "one" })
      .setIssuer(issuer)
      .setAudience(known.asked.client_id)
      .setIssuedAt()
      .setExpirationTime("5m")
      .sign(lies.forged ? stranger.privateKey : privateKey);
    const access = { access_token: "an-access-token", token_type: "Bearer", expires_in: 300 };
    json(lies.unsigned ? access : { ...access, id_token });
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  issuer = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  const provider: Provider = {
    name: "Acme ID",
    issuer,
    clientId: "lethe",
    clientSecret: "a secret",
    publicUrl,
  };
  return {
    provider,
    become: (next: Identity, told: Lies = {}) => {
      identity = next;
      lies = told;
    },
    stop: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
