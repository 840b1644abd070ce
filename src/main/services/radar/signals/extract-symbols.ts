import type { Node } from 'web-tree-sitter';

import type { ExportedName, FileSymbols, SymbolLanguage, UsedName } from './symbols.ts';

/** More names of one file are not kept: it is no source that a person writes. */
const mostNames = 20_000;

type Found = { exports: ExportedName[]; uses: UsedName[]; passesOn: boolean };

/** Reads from a syntax tree which names a file gives to others, and which it takes from them. */
export function extractSymbols(root: Node, language: SymbolLanguage): FileSymbols {
  const found: Found = { exports: [], uses: [], passesOn: false };
  if (language === 'python') readPython(root, found);
  else if (language === 'go') readGo(root, found);
  else readScript(root, found);
  return {
    exports: found.exports.slice(0, mostNames),
    uses: found.uses.slice(0, mostNames),
    passesOn: found.passesOn,
    isBroken: root.hasError,
  };
}

const lineOf = (node: Node): number => node.startPosition.row + 1;
const children = (node: Node): readonly Node[] => node.namedChildren.filter((child) => child !== null);
const within = (node: Node, ...types: string[]): readonly Node[] =>
  node.descendantsOfType(types).filter((each) => each !== null);
const field = (node: Node | null, name: string): Node | null => node?.childForFieldName(name) ?? null;
const unquoted = (node: Node | null): string | null => node?.text.replace(/^['"`]|['"`]$/gu, '') ?? null;

/* JavaScript and TypeScript */

function readScript(root: Node, found: Found): void {
  /** What stands for a whole module here: `ns` of `import * as ns`. */
  const namespaces = new Map<string, string>();
  for (const node of children(root)) {
    if (node.type === 'export_statement') readExport(node, found);
    else if (node.type === 'import_statement') readImport(node, found, namespaces);
    else if (node.type === 'expression_statement') readCommonExport(node, found);
  }
  readRequires(root, found, namespaces);
  if (namespaces.size === 0) return;
  for (const member of within(root, 'member_expression', 'nested_type_identifier')) {
    const [object, property] = [
      field(member, 'object') ?? field(member, 'module'),
      field(member, 'property') ?? field(member, 'name'),
    ];
    const module = object?.type === 'identifier' ? namespaces.get(object.text) : undefined;
    if (module !== undefined && property) found.uses.push({ module, name: property.text, line: lineOf(property) });
  }
}

function readExport(node: Node, found: Found): void {
  const source = unquoted(field(node, 'source'));
  const line = lineOf(node);
  if (source !== null) found.uses.push({ module: source, name: '*', line });
  const declaration = field(node, 'declaration');
  const isDefault = node.children.some((child) => child?.type === 'default');
  if (isDefault) found.exports.push({ name: 'default', line });
  else if (declaration) for (const name of declaredNames(declaration)) found.exports.push(name);
  for (const child of children(node)) {
    if (child.type === 'namespace_export') {
      const name = children(child)[0];
      if (name) found.exports.push({ name: unquoted(name) ?? '', line });
    } else if (child.type === 'export_clause') {
      for (const specifier of children(child)) {
        const name = unquoted(field(specifier, 'name'));
        if (name === null) continue;
        const alias = unquoted(field(specifier, 'alias'));
        found.exports.push({ name: alias ?? name, line: lineOf(specifier) });
        if (source !== null) found.uses.push({ module: source, name, line: lineOf(specifier) });
      }
    }
  }
  const isStar = source !== null && !node.namedChildren.some((child) => child?.type !== 'string' && child !== null);
  if (isStar) found.passesOn = true;
}

function declaredNames(declaration: Node): readonly ExportedName[] {
  const name = field(declaration, 'name');
  if (name) return [{ name: name.text, line: lineOf(name) }];
  return within(declaration, 'variable_declarator')
    .flatMap((declarator) => {
      // Of those inside a function's body only the outermost are exported.
      if (declarator.parent?.id !== declaration.id) return [];
      const target = field(declarator, 'name');
      if (!target) return [];
      return target.type === 'identifier'
        ? [target]
        : within(target, 'shorthand_property_identifier_pattern', 'identifier');
    })
    .map((each) => ('text' in each ? { name: each.text, line: lineOf(each) } : each));
}

function readImport(node: Node, found: Found, namespaces: Map<string, string>): void {
  const module = unquoted(field(node, 'source'));
  if (module === null) return;
  found.uses.push({ module, name: '*', line: lineOf(node) });
  for (const clause of children(node)) {
    if (clause.type !== 'import_clause') continue;
    for (const part of children(clause)) {
      if (part.type === 'identifier') found.uses.push({ module, name: 'default', line: lineOf(part) });
      else if (part.type === 'namespace_import') {
        const name = children(part)[0];
        if (name) namespaces.set(name.text, module);
      } else if (part.type === 'named_imports') {
        for (const specifier of children(part)) {
          const name = unquoted(field(specifier, 'name'));
          if (name !== null) found.uses.push({ module, name, line: lineOf(specifier) });
        }
      }
    }
  }
}

/** `module.exports = { a, b }`, `exports.a = …`. */
function readCommonExport(statement: Node, found: Found): void {
  const assignment = children(statement)[0];
  if (assignment?.type !== 'assignment_expression') return;
  const left = field(assignment, 'left')?.text ?? '';
  const right = field(assignment, 'right');
  const single = /^(?:module\.)?exports\.([\w$]+)$/u.exec(left)?.[1];
  if (single !== undefined) found.exports.push({ name: single, line: lineOf(assignment) });
  else if (left === 'module.exports') {
    if (right?.type !== 'object') {
      found.exports.push({ name: 'default', line: lineOf(assignment) });
      return;
    }
    for (const property of children(right)) {
      const name =
        property.type === 'shorthand_property_identifier'
          ? property
          : (field(property, 'key') ?? field(property, 'name'));
      if (name) found.exports.push({ name: unquoted(name) ?? '', line: lineOf(property) });
      else if (property.type === 'spread_element') found.passesOn = true;
    }
  }
}

/** `const { a, b } = require('x')`, `const x = require('x')`, `require('x').a`. */
function readRequires(root: Node, found: Found, namespaces: Map<string, string>): void {
  for (const call of within(root, 'call_expression')) {
    if (field(call, 'function')?.text !== 'require') continue;
    const argument = field(call, 'arguments')?.namedChildren[0];
    const module = argument?.type === 'string' ? unquoted(argument) : null;
    if (module === null) continue;
    found.uses.push({ module, name: '*', line: lineOf(call) });
    const { parent } = call;
    if (parent?.type === 'member_expression') {
      const property = field(parent, 'property');
      if (property) found.uses.push({ module, name: property.text, line: lineOf(property) });
    } else if (parent?.type === 'variable_declarator') {
      const target = field(parent, 'name');
      if (target?.type === 'identifier') namespaces.set(target.text, module);
      else if (target?.type === 'object_pattern') {
        for (const part of children(target)) {
          const name = part.type === 'shorthand_property_identifier_pattern' ? part : field(part, 'key');
          if (name) found.uses.push({ module, name: name.text, line: lineOf(part) });
        }
      }
    }
  }
}

/* Python */

function readPython(root: Node, found: Found): void {
  const namespaces = new Map<string, string>();
  for (const statement of children(root)) readPythonTop(statement, found);
  for (const node of within(root, 'import_from_statement', 'import_statement')) {
    if (node.type === 'import_from_statement') readFrom(node, found, namespaces);
    else {
      for (const name of children(node)) {
        const dotted = name.type === 'aliased_import' ? field(name, 'name') : name;
        const alias = name.type === 'aliased_import' ? field(name, 'alias') : name;
        if (!dotted || !alias) continue;
        found.uses.push({ module: dotted.text, name: '*', line: lineOf(name) });
        namespaces.set(alias.text, dotted.text);
      }
    }
  }
  if (namespaces.size === 0) return;
  for (const attribute of within(root, 'attribute')) {
    const [object, name] = [field(attribute, 'object'), field(attribute, 'attribute')];
    const module = object ? namespaces.get(object.text) : undefined;
    if (module !== undefined && name) found.uses.push({ module, name: name.text, line: lineOf(name) });
  }
}

function readPythonTop(statement: Node, found: Found): void {
  const add = (node: Node | null): void => {
    if (node && !node.text.startsWith('_')) found.exports.push({ name: node.text, line: lineOf(node) });
  };
  switch (statement.type) {
    case 'function_definition':
    case 'class_definition':
      add(field(statement, 'name'));
      break;
    case 'decorated_definition':
      add(field(field(statement, 'definition'), 'name'));
      break;
    case 'expression_statement':
      for (const assignment of children(statement)) {
        const left = assignment.type === 'assignment' ? field(assignment, 'left') : null;
        if (left?.type === 'identifier') add(left);
        else if (left) for (const name of within(left, 'identifier')) add(name);
      }
      break;
    // What is defined either way counts as defined.
    case 'if_statement':
    case 'try_statement':
    case 'with_statement':
    case 'else_clause':
    case 'elif_clause':
    case 'except_clause':
    case 'finally_clause':
    case 'block':
      for (const child of children(statement)) readPythonTop(child, found);
      break;
    case 'import_from_statement':
      // A package passes names on by importing them.
      if (within(statement, 'wildcard_import').length > 0) found.passesOn = true;
      else for (const name of importedNames(statement)) add(field(name, 'alias') ?? name);
      break;
    default:
      break;
  }
}

const importedNames = (statement: Node): readonly Node[] =>
  statement.childrenForFieldName('name').filter((name) => name !== null);

function readFrom(node: Node, found: Found, namespaces: Map<string, string>): void {
  const module = field(node, 'module_name')?.text;
  if (module === undefined) return;
  const separator = module.endsWith('.') ? '' : '.';
  found.uses.push({ module, name: '*', line: lineOf(node) });
  for (const each of importedNames(node)) {
    const name = (field(each, 'name') ?? each).text;
    found.uses.push({ module, name, line: lineOf(each) });
    // It may as well be a module of that package.
    const inner = `${module}${separator}${name}`;
    found.uses.push({ module: inner, name: '*', line: lineOf(each) });
    namespaces.set((field(each, 'alias') ?? each).text, inner);
  }
}

/* Go */

function readGo(root: Node, found: Found): void {
  const packages = new Map<string, string>();
  for (const node of children(root)) {
    if (node.type === 'import_declaration') {
      for (const spec of within(node, 'import_spec')) {
        const module = unquoted(field(spec, 'path'));
        if (module === null) continue;
        const segments = module.split('/');
        const last = segments.at(-1) ?? '';
        // The last part may be a version of the one before it.
        const usual = /^v\d+$/u.test(last) ? (segments.at(-2) ?? last) : last;
        packages.set(field(spec, 'name')?.text ?? usual, module);
        found.uses.push({ module, name: '*', line: lineOf(spec) });
      }
    } else for (const name of goNames(node)) found.exports.push(name);
  }
  for (const node of within(root, 'selector_expression', 'qualified_type')) {
    const [from, name] =
      node.type === 'qualified_type'
        ? [field(node, 'package'), field(node, 'name')]
        : [field(node, 'operand'), field(node, 'field')];
    const module = from ? packages.get(from.text) : undefined;
    if (module !== undefined && name) found.uses.push({ module, name: name.text, line: lineOf(name) });
  }
  // Names of the package itself need no import: those that are called, and those that are types.
  for (const node of within(root, 'call_expression', 'type_identifier')) {
    const name = node.type === 'call_expression' ? field(node, 'function') : node;
    const isDeclared =
      node.type === 'type_identifier' &&
      node.parent?.type === 'type_spec' &&
      field(node.parent, 'name')?.id === node.id;
    const isQualified = node.parent?.type === 'qualified_type';
    if (name && ['identifier', 'type_identifier'].includes(name.type) && !isDeclared && !isQualified) {
      found.uses.push({ module: '', name: name.text, line: lineOf(name) });
    }
  }
}

function goNames(node: Node): readonly ExportedName[] {
  switch (node.type) {
    case 'function_declaration': {
      const name = field(node, 'name');
      return name ? [{ name: name.text, line: lineOf(name) }] : [];
    }
    case 'type_declaration':
    case 'const_declaration':
    case 'var_declaration':
      return within(node, 'type_spec', 'type_alias', 'const_spec', 'var_spec')
        .flatMap((spec) => spec.childrenForFieldName('name'))
        .flatMap((name) => (name?.isNamed ? [{ name: name.text, line: lineOf(name) }] : []));
    default:
      return [];
  }
}
