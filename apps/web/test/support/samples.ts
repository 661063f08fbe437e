import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../../../", import.meta.url));

/** Every page that somebody reads, by its path from the root; but what is written of former versions stays as it was. */
export const pages = globSync("**/*.md", {
  cwd: root,
  exclude: (path) => /(?:^|\/)(?:node_modules|\.[^/]+|dist|test-results|CHANGELOG\.md)$/.test(path),
}).sort();

/** A block of code on a page. */
export type Sample = {
  page: string;
  line: number;
  /** Empty: the page says none. */
  language: string;
  code: string;
  /** Why it is not run as the page is followed from top to bottom; undefined: it is. */
  note: Note | undefined;
};

/** What a comment in front of a sample says, which readers of `/docs` do not see. */
export type Note =
  | { kind: "tested"; file: string; title: string }
  | { kind: "not run"; reason: string }
  | { kind: "unknown"; text: string };

const block = /(?:^<!-- sample: ([^\n]*) -->\n)?^( *)```(\w*)[^\n]*\n(.*?)^ *```$/gms;

/** The samples of a page, in their order. */
export function samplesOf(page: string): Sample[] {
  const text = readFileSync(join(root, page), "utf8");
  return [...text.matchAll(block)].map(({ index, 1: note, 3: language = "", 4: code = "" }) => ({
    page,
    line: text.slice(0, index).split("\n").length,
    language,
    code,
    note: note === undefined ? undefined : readNote(note),
  }));
}

/** The code of the samples in a language on `docs/<name>`. */
export const examplesIn = (name: string, language: string): string[] =>
  samplesOf(`docs/${name}`).flatMap((sample) => (sample.language === language ? sample.code : []));

/** `tested by <file>, "<title>"`, or `not run, <reason>`. */
function readNote(text: string): Note {
  const [, file, title] = /^tested by (\S+), "(.+)"$/.exec(text) ?? [];
  if (file !== undefined && title !== undefined) return { kind: "tested", file, title };
  const [, reason] = /^not run, (.{10,})$/.exec(text) ?? [];
  return reason === undefined ? { kind: "unknown", text } : { kind: "not run", reason };
}

const programs = ["sh", "js", "ts", "python"];
const answers = ["json", "http", "text"];

export const isProgram = ({ language, note }: Sample) => note === undefined && programs.includes(language);
export const isAnswer = ({ language, note }: Sample) => note === undefined && answers.includes(language);

/** What is to be run of a page, each with the answer that the page shows of it. */
export function stepsOf(page: string): { sample: Sample; shown: Sample | undefined }[] {
  const samples = samplesOf(page);
  return samples.flatMap((sample, index) => {
    const next = samples[index + 1];
    return isProgram(sample) ? { sample, shown: next && isAnswer(next) ? next : undefined } : [];
  });
}

/** What is wrong with the samples of a page: neither run, nor an answer, nor said why. */
export function strays(page: string): string[] {
  const samples = samplesOf(page);
  return samples.flatMap((sample, index) => {
    const { note, line, language } = sample;
    const at = `${page}:${line}`;
    const before = samples[index - 1];
    if (note?.kind === "unknown") return `${at}: “${note.text}” is neither “tested by …” nor “not run, …”`;
    if (note?.kind === "tested") return findTest(at, note, page);
    if (note || isProgram(sample)) return [];
    if (isAnswer(sample) && before && isProgram(before)) return [];
    return `${at}: nothing runs ${language || "this"}, and no comment says why`;
  });
}

function findTest(at: string, { file, title }: Note & { kind: "tested" }, page: string): string[] {
  const found = globSync(file, { cwd: root }).length === 1 ? readFileSync(join(root, file), "utf8") : "";
  // The test reads the page: its name stands there.
  const name = page.replace(/^docs\//, "");
  return found.includes(title) && found.includes(name)
    ? []
    : [`${at}: ${file} has no test “${title}” that reads ${name}`];
}
