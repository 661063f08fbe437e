/** A call with curl as a page of the documentation shows it, and the JSON that the page says it answers. */
export type Example = {
  method: string;
  /** From the first slash after the host. */
  path: string;
  headers: Record<string, string>;
  body: string | undefined;
  answer: string | undefined;
};

const fence = /```sh\n(curl .*?)```\n(?:```json\n(.*?)```)?/gs;

/** Every call with curl on a page, in their order. Throws for one that is not understood. */
export function readExamples(page: string): Example[] {
  return [...page.matchAll(fence)].map(([, command = "", answer]) => {
    const url = /"?http:\/\/localhost:8000([^\s"]*)"?/.exec(command)?.[1];
    if (url === undefined) throw new Error(`There is no address in ${command}`);
    const headers = [...command.matchAll(/-H "([^:"]+): ([^"]*)"/g)].map(([, name = "", value = ""]) => [
      name,
      value,
    ]);
    return {
      method: /-X (\w+)/.exec(command)?.[1] ?? "GET",
      path: url,
      headers: Object.fromEntries(headers),
      body: /-d '([^']*)'/.exec(command)?.[1],
      answer,
    };
  });
}
