import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import ts from 'typescript';

/** One module that a file names. */
export interface Named {
  readonly specifier: string;
  /** True when the module is loaded together with the file: neither a type alone nor on demand. */
  readonly loads: boolean;
}

const typesOnly = (node: ts.ImportDeclaration | ts.ExportDeclaration): boolean => {
  if (ts.isExportDeclaration(node)) {
    const { isTypeOnly, exportClause } = node;
    const elements = exportClause && ts.isNamedExports(exportClause) ? exportClause.elements : [];
    return isTypeOnly || (elements.length > 0 && elements.every((element) => element.isTypeOnly));
  }
  const clause = node.importClause;
  if (clause === undefined) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const named = clause.namedBindings && ts.isNamedImports(clause.namedBindings) ? clause.namedBindings.elements : [];
  return clause.name === undefined && named.length > 0 && named.every((element) => element.isTypeOnly);
};

const namedBy = (node: ts.Node): { name: ts.Node | undefined; loads: boolean } => {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node))
    return { name: node.moduleSpecifier, loads: !typesOnly(node) };
  if (ts.isImportTypeNode(node))
    return { name: ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, loads: false };
  if (ts.isExternalModuleReference(node)) return { name: node.expression, loads: true };
  if (!ts.isCallExpression(node)) return { name: undefined, loads: false };
  const { expression } = node;
  if (expression.kind === ts.SyntaxKind.ImportKeyword) return { name: node.arguments[0], loads: false };
  const required = ts.isIdentifier(expression) && expression.text === 'require';
  return { name: required ? node.arguments[0] : undefined, loads: required };
};

/** What a file names by import, export-from, `import()` in code and in types, and `require`. */
export const importsOf = (path: string): Named[] => {
  const found: Named[] = [];
  const visit = (node: ts.Node): void => {
    const { name, loads } = namedBy(node);
    if (name && ts.isStringLiteralLike(name)) found.push({ specifier: name.text, loads });
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest));
  return found;
};

/** The files that an entry point reaches by relative imports, all or those that are loaded with it. */
export const reachedFrom = (entries: readonly string[], only: 'all' | 'loaded'): ReadonlySet<string> => {
  const found = new Set<string>();
  const visit = (path: string): void => {
    if (found.has(path) || !existsSync(path)) return;
    found.add(path);
    for (const { specifier, loads } of importsOf(path))
      if (specifier.startsWith('.') && (only === 'all' || loads)) visit(resolve(dirname(path), specifier));
  };
  for (const entry of entries) visit(entry);
  return found;
};
