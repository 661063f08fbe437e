import type { IssuedToken } from "@lethe/client";

/** Gets a token from this page's own server (`vite.config.js`). The client keeps it until half a minute before it expires. */
export async function getToken(): Promise<IssuedToken> {
  const answer = await fetch("/token");
  if (!answer.ok) throw new Error(`No token: this page's own server answered ${answer.status}`);
  return answer.json();
}
