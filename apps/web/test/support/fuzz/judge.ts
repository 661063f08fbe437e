import type { RawAnswer } from "@lethe/api/testing";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { z } from "zod";
import type { DescribedResponse, JsonSchema } from "./openapi-document.ts";
import type { FuzzRequest } from "./requests.ts";

/** Refusals that can happen to a request for anything; no operation lists them, `default` describes them. */
const anywhere = [405, 408, 413, 415, 417, 431];

/**
 * Makes a judge of answers: it says what is wrong with one, or null if it is such as the document describes for that
 * operation and status: no 5xx, a status that is listed, its type, its schema and its headers; and that the request was
 * such as the document describes, if it succeeded.
 */
export function createJudge(): (request: FuzzRequest, answer: RawAnswer | Error) => string | null {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  const compiled = new Map<JsonSchema, ReturnType<typeof ajv.compile>>();

  /** What is wrong with a value. A name that is not described is wrong, too. */
  function faultOf(what: string, schema: JsonSchema, value: unknown): string | undefined {
    const validate = compiled.get(schema) ?? ajv.compile(closed(schema));
    compiled.set(schema, validate);
    return validate(value) ? undefined : `${what}: ${ajv.errorsText(validate.errors)}`;
  }

  function faultOfHeaders(
    described: DescribedResponse["headers"],
    { headers }: RawAnswer,
  ): string | undefined {
    for (const [name, { required, schema }] of Object.entries(described)) {
      const value = headers[name.toLowerCase()]?.toString();
      if (value === undefined && required) return `the header ${name} is missing`;
      const number = schema.type === "integer" ? Number(value) : value;
      const fault = value === undefined ? undefined : faultOf(`the header ${name}`, schema, number);
      if (fault !== undefined) return fault;
    }
  }

  function faultOfContent({ content }: DescribedResponse, { headers, body }: RawAnswer): string | undefined {
    if (Object.keys(content).length === 0) return body === "" ? undefined : "a body that is not described";
    const type = headers["content-type"]?.toString().split(";")[0] ?? "none";
    const schema = content[type]?.schema;
    if (!schema) return `the content type ${type} is not described`;
    return faultOf("the body", schema, /[/+]json$/.test(type) ? parse(body) : body);
  }

  return (request, answer) => {
    const { operation, method, exact } = request;
    if (answer instanceof Error) return faultOfCut(request, answer);
    const { status } = answer;
    if (status >= 500) return `a ${status}`;
    if (!exact || method !== operation.method) return faultOfStranger(method, answer);
    const { [status]: own, default: other } = operation.responses;
    const response = own ?? (anywhere.includes(status) ? other : undefined);
    if (!response) return `the status ${status} is not described`;
    return (
      faultOfHeaders(response.headers, answer) ??
      faultOfContent(response, answer) ??
      (status >= 400 ? faultOfProblem(answer) : faultOfRequest(request)) ??
      null
    );
  };

  /** Why a request should not have succeeded. */
  function faultOfRequest({ operation, path, body }: FuzzRequest): string | undefined {
    const schema = operation.requestBody?.content["application/json"]?.schema;
    const sent = body === null ? undefined : parse(new TextDecoder().decode(body));
    const fault = schema && faultOf("it succeeded with a body of which the document says", schema, sent);
    if (fault !== undefined) return fault;
    for (const [name, values] of Map.groupBy(pairsOf(path), ([name]) => name)) {
      const known = operation.parameters.find(
        (parameter) => parameter.in === "query" && parameter.name === name,
      );
      if (!known || values.length > 1) return `it succeeded with ${values.length} times ${name}`;
      const [, text = ""] = values[0] ?? [];
      const value = known.schema.type === "string" ? text : (parse(text) ?? text);
      const wrong = faultOf(`it succeeded with ${name}, of which the document says`, known.schema, value);
      if (wrong !== undefined) return wrong;
    }
  }
}

const pairsOf = (path: string) => [...new URLSearchParams(path.split("?")[1] ?? "")];

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const problem = z.object({ status: z.int(), request_id: z.string() });

/** A file breaks off without its end when the chat is deleted meanwhile; nothing else is ever cut. */
function faultOfCut({ operation, exact }: FuzzRequest, error: Error): string | null {
  const cut = "code" in error && error.code === "ECONNRESET";
  return cut && exact && operation.path.endsWith("/export") ? null : String(error);
}

/** A problem document tells of the answer that it comes in. */
function faultOfProblem({ status, headers, body }: RawAnswer): string | undefined {
  const told = problem.safeParse(parse(body)).data;
  if (told === undefined || headers["content-type"] !== "application/problem+json")
    return "no problem document";
  if (told.status !== status || told.request_id !== headers["x-request-id"])
    return "a problem of something else";
}

/** What is wrong with the answer to a request for something that the document does not have. */
function faultOfStranger(method: string, answer: RawAnswer): string | null {
  if (answer.headers["x-request-id"] === undefined) return "no X-Request-Id";
  if (answer.status === 405 && answer.headers.allow === undefined) return "a 405 without Allow";
  if (answer.status < 400) return null;
  if (method === "HEAD") return answer.body === "" ? null : "a body for HEAD";
  return faultOfProblem(answer) ?? null;
}

/** The same schema, in which objects have no other members than those that are described. */
function closed(schema: JsonSchema): JsonSchema {
  const text = JSON.stringify(schema, (_, value: unknown) => {
    const object = z.looseObject({ properties: z.record(z.string(), z.unknown()) }).safeParse(value).data;
    return object ? { additionalProperties: false, ...object } : value;
  });
  return JSON.parse(text);
}
