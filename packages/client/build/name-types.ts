import type { Rolldown } from "tsdown";
import ts from "typescript";

/** What a file of declarations declares and does not export, in its order. */
export function namesInside(declarations: string): string[] {
  const file = ts.createSourceFile("types.d.ts", declarations, ts.ScriptTarget.Latest);
  const exported = new Set<string>();
  const declared = new Set<string>();
  for (const statement of file.statements) {
    if (
      ts.isExportDeclaration(statement) &&
      statement.exportClause &&
      ts.isNamedExports(statement.exportClause)
    )
      for (const { name, propertyName } of statement.exportClause.elements)
        exported.add((propertyName ?? name).text);
    const isExported =
      ts.canHaveModifiers(statement) &&
      ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    for (const name of namesOf(statement)) (isExported ? exported : declared).add(name);
  }
  return [...declared].filter((name) => !exported.has(name));
}

function namesOf(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.flatMap(({ name }) =>
      ts.isIdentifier(name) ? name.text : [],
    );
  const isNamed =
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isFunctionDeclaration(statement) ||
    ts.isModuleDeclaration(statement) ||
    ts.isEnumDeclaration(statement);
  return isNamed && statement.name && ts.isIdentifier(statement.name) ? [statement.name.text] : [];
}

/**
 * Exports all types that are declared, whoever uses them: a library that exports what it makes with this client has the compiler
 * write their names down, and it can only write what it can import.
 */
export const nameTypes: Rolldown.Plugin = {
  name: "name-types",
  generateBundle(_, bundle) {
    for (const file of Object.values(bundle)) {
      if (file.type !== "chunk" || !file.fileName.endsWith(".d.ts")) continue;
      const names = namesInside(file.code);
      if (names.length > 0) file.code += `\nexport type { ${names.join(", ")} };\n`;
    }
  },
};
