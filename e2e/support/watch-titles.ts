import type { Page } from "@playwright/test";

/**
 * From here on answers that Next's router asks for reach a page row by row, with a frame between them, as they do over a
 * slow line. Answers the titles that were seen since: `[path, all titles of the document at that time]`, once for each
 * change that the page's own scripts could see, from the first title on.
 */
export async function watchTitles(page: Page): Promise<[path: string, titles: string][]> {
  const seen: [string, string][] = [];
  await page.exposeFunction("tellTitles", (path: string, titles: string) => seen.push([path, titles]));
  await page.addInitScript(() => {
    let last = "";
    const look = () => {
      const titles = [...document.querySelectorAll("title:not(svg title)")].map((title) => title.textContent);
      const now = `${location.pathname} ${titles.join(" | ")}`;
      if (now === last || (last === "" && titles.length === 0)) return;
      last = now;
      Reflect.get(window, "tellTitles")(location.pathname, titles.join(" | "));
    };
    new MutationObserver(look).observe(document, { childList: true, subtree: true, characterData: true });

    const ask = window.fetch;
    window.fetch = async (input, init) => {
      const answer = await ask(input, init);
      if (!answer.body || !new Headers(init?.headers).has("rsc")) return answer;
      const rows = new Uint8Array(await answer.arrayBuffer());
      let from = 0;
      const slowly = new ReadableStream<Uint8Array>({
        async pull(controller) {
          await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
          const end = rows.indexOf("\n".charCodeAt(0), from) + 1 || rows.length;
          controller.enqueue(rows.subarray(from, end));
          from = end;
          if (from === rows.length) controller.close();
        },
      });
      const { status, headers, url, redirected } = answer;
      return Object.defineProperties(new Response(slowly, { status, headers }), {
        url: { value: url },
        redirected: { value: redirected },
      });
    };
  });
  return seen;
}
