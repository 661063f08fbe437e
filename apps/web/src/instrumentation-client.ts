/** What a proxy answers in the place of a server that is away. */
const away = new Set([502, 503, 504]);

const ask = window.fetch;

/**
 * A page that was asked for while a proxy's server is away counts as not reached: then the router keeps the page that is open
 * and asks again. It would leave it for the proxy's error page, with all that is on it.
 */
window.fetch = async (input, init) => {
  const answer = await ask(input, init);
  if (away.has(answer.status) && isForRouter(init)) throw new TypeError(`No server: ${answer.status}`);
  return answer;
};

/** Whether Next's router asks, for a page or whether it can be reached. */
const isForRouter = (init: RequestInit | undefined) => new Headers(init?.headers).has("RSC");
