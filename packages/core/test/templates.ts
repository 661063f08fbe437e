const inCode = /\/\*.*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|./sy;
const inTemplate = /\\.|\$\{|./sy;

/** The template literals of a source, each as the pieces between what is put in; also those that are put in. */
export function templatesOf(source: string): string[][] {
  const found: string[][] = [];
  /** What is open where we are: a template, by its pieces, or a brace of code. */
  const open: (string[] | "brace")[] = [];
  for (let at = 0; at < source.length; ) {
    const inside = open.at(-1);
    const template = inside === "brace" ? undefined : inside;
    const token = template ? inTemplate : inCode;
    token.lastIndex = at;
    const [text = ""] = token.exec(source) ?? [];
    at += text.length;
    if (template && text === "`") found.push(...open.splice(-1).filter((one) => one !== "brace"));
    else if (template && text === "${") {
      template.push("");
      open.push("brace");
    } else if (template) template.push(`${template.pop() ?? ""}${text}`);
    else if (text === "`") open.push([""]);
    else if (text === "{") open.push("brace");
    else if (text === "}") open.pop();
  }
  return found;
}
