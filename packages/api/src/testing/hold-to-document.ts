import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { z } from "zod";
import type { Host } from "../http/host.ts";
import { webhookPayloads } from "../schemas/index.ts";

type Api = (request: Request, host?: Host) => Promise<Response>;

const response = z.object({
  description: z.string(),
  headers: z.record(z.string(), z.unknown()).default({}),
  content: z.record(z.string(), z.unknown()).default({}),
});
const documentSchema = z.object({
  components: z.object({
    headers: z.record(z.string(), z.looseObject({ required: z.boolean().default(false) })),
  }),
  paths: z.record(z.string(), z.record(z.string(), z.object({ responses: z.record(z.string(), response) }))),
});
type Described = z.infer<typeof documentSchema>;

/** What the server itself says of an answer, or a browser is told of it; no operation has it. */
const ofAllAnswers =
  /^(?:cache-control|content-(?:type|length|encoding)|x-content-type-options|vary|date|access-control-.*|trailer|allow)$/;

/** Refusals that can happen to a request for anything: `default` describes them. */
const anywhere = new Set([405, 408, 413, 415, 417, 431]);

const deliveries = z.object({
  data: z.array(z.looseObject({ payload: z.looseObject({ type: z.string() }) })),
});

/**
 * The same API, of which every answer to an operation of REST is compared with what its own OpenAPI document says: status,
 * headers, code of a problem and body, in which every name has to be described. What is streamed is not read.
 *
 * @returns `faults` tells what did not agree, each once, when all that was asked has been answered
 */
export function holdToDocument(api: Api): { api: Api; faults: () => Promise<string[]> } {
  const faults = new Set<string>();
  const looking = new Set<Promise<void>>();
  let judge: Promise<Judge> | undefined;
  const look = async (request: { method: string; path: string }, answer: Response, body: string | null) => {
    judge ??= readDocument(api).then(createJudge);
    for (const fault of (await judge)(request, answer, body))
      faults.add(
        `${request.method} ${request.path.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/gi, "…")}: ${fault}`,
      );
  };
  return {
    api: async (request, host) => {
      const { method, url } = request;
      const answer = await api(request, host);
      const path = new URL(url).pathname;
      if (!path.startsWith("/api/v1/") || method === "HEAD" || method === "OPTIONS") return answer;
      const isWhole =
        /[/+]json$/.test(answer.headers.get("content-type") ?? "") &&
        !answer.headers.has("content-disposition");
      const body = isWhole && !answer.headers.has("content-encoding") ? await answer.clone().text() : null;
      const { status, headers } = answer;
      const looked = look(
        { method, path },
        new Response(null, { status: status === 101 ? 200 : status, headers }),
        body,
      );
      looking.add(looked);
      return answer;
    },
    faults: async () => {
      await Promise.all(looking);
      return [...faults];
    },
  };
}

async function readDocument(api: Api): Promise<unknown> {
  return (await api(new Request("http://lethe/api/v1/openapi.json"))).json();
}

type Judge = (request: { method: string; path: string }, answer: Response, body: string | null) => string[];

function createJudge(written: unknown): Judge {
  const document = documentSchema.parse(written);
  const ajv = new Ajv2020({ strict: false, validateSchema: false });
  addFormats.default(ajv);
  ajv.addSchema(closed(written), "document");
  const paths = Object.entries(document.paths).map(([template, methods]) => ({
    template,
    methods,
    pattern: new RegExp(`^${template.replaceAll(/\{\w+\}/g, "([^/]+)")}/?$`),
  }));
  // What is written out goes before what an id could be.
  paths.sort((a, b) => a.template.split("{").length - b.template.split("{").length);

  return ({ method, path }, answer, body) => {
    const found = paths.find(({ pattern, methods }) => pattern.test(path) && methods[method.toLowerCase()]);
    if (!found) return [];
    const { responses } = found.methods[method.toLowerCase()] ?? { responses: {} };
    const status = responses[answer.status]
      ? `${answer.status}`
      : anywhere.has(answer.status)
        ? "default"
        : "none";
    const described = responses[status];
    if (!described) return [`${answer.status} is not described`];
    const type = answer.headers.get("content-type")?.split(";")[0] ?? "";
    const at = `document#/paths/${found.template.replaceAll("/", "~1").replaceAll("{", "%7B").replaceAll("}", "%7D")}/${method.toLowerCase()}/responses/${status}/content/${type.replaceAll("/", "~1")}/schema`;
    return [...headerFaults(document, described, answer), ...bodyFaults(described, type, at, body)];
  };

  function bodyFaults(
    described: z.infer<typeof response>,
    type: string,
    at: string,
    body: string | null,
  ): string[] {
    if (Object.keys(described.content).length === 0) return body ? ["a body that is not described"] : [];
    if (!described.content[type]) return [`the content type ${type || "none"} is not described`];
    if (body === null) return [];
    const value: unknown = JSON.parse(body);
    const validate = ajv.getSchema(at) ?? ajv.compile({ $ref: at });
    const code = z.object({ code: z.string() }).safeParse(value).data?.code;
    return [
      ...(validate(value) ? [] : [`the body: ${ajv.errorsText(validate.errors)}`]),
      ...(type === "application/problem+json" && !described.description.includes(`\`${code}\``)
        ? [`the code ${code} is not described`]
        : []),
      ...payloadFaults(value),
    ];
  }
}

function headerFaults(
  { components }: Described,
  described: z.infer<typeof response>,
  { headers }: Response,
): string[] {
  const known = new Map(
    Object.entries(described.headers).map(([name, header]) => [name.toLowerCase(), header]),
  );
  const unknown = [...headers.keys()].filter((name) => !known.has(name) && !ofAllAnswers.test(name));
  const missing = [...known].filter(([name, header]) => {
    const { $ref = "", required = false } = z
      .looseObject({ $ref: z.string().optional(), required: z.boolean().optional() })
      .parse(header);
    const isRequired = components.headers[$ref.split("/").at(-1) ?? ""]?.required ?? required;
    return isRequired && !headers.has(name);
  });
  return [
    ...unknown.map((name) => `the header ${name} is not described`),
    ...missing.map(([name]) => `the header ${name} is missing`),
  ];
}

/** What the log of a webhook says was sent has to be what the document says is. */
function payloadFaults(value: unknown): string[] {
  const known = new Map<string, z.ZodObject>(Object.entries(webhookPayloads));
  return (deliveries.safeParse(value).data?.data ?? [])
    .map(({ payload }) => known.get(payload.type)?.strict().safeParse(payload))
    .flatMap((parsed) =>
      parsed?.success ? [] : [`a payload of a webhook: ${parsed?.error ?? "of an unknown type"}`],
    );
}

/** The same document, in which objects have no other members than those that are described. */
function closed(node: unknown): Record<string, unknown> {
  // Looked at by hand: there are some 20,000 nodes, and each file of tests does this.
  const isObject = (value: unknown) =>
    typeof value === "object" &&
    value !== null &&
    "properties" in value &&
    "type" in value &&
    value.type === "object";
  const text = JSON.stringify(node, (_, value: unknown) =>
    isObject(value) ? { additionalProperties: false, ...Object(value) } : value,
  );
  return JSON.parse(text);
}
