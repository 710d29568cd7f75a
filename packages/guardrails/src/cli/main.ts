import { parseArgs } from 'node:util';
import { isRemediationError } from '@remedykit/core';
import { type ExitCode, type Io, misuse } from './io.ts';
import { lint } from './lint.ts';
import { list } from './list.ts';
import { parsePolicyType } from './policies.ts';
import { print } from './print.ts';
import { test } from './test.ts';

const usage = `Guardrails for AWS Organizations: printed, checked, tested.

  guardrails list [--json]
  guardrails print <name> [--parameters <JSON or file>] [--allowed-regions <a,b>] [--partition <p>] [--minify] [--json]
  guardrails lint <files and folders> [--type scp|rcp] [--exists-everywhere <ARN>] [--json]
  guardrails test <files and folders> [--json]

list    what there is, and what for
print   a policy, ready to attach; --json: with its cases
lint    finds policies that do something else than they say
test    runs the cases of *.cases.json against your own policies

Exit codes: 0 fine, 1 something was found or failed, 2 used wrongly.`;

const split = (text: string): readonly string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

const json = { json: { type: 'boolean', default: false } } as const;

type Command = (args: readonly string[], io: Io) => ExitCode;

const commands: Readonly<Record<string, Command>> = {
  list: (args, io) => {
    const { values } = parseArgs({ args: [...args], options: json });
    return list(values, io);
  },
  print: (args, io) => {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...json,
        parameters: { type: 'string' },
        'allowed-regions': { type: 'string' },
        partition: { type: 'string' },
        minify: { type: 'boolean', default: false },
      },
    });
    const { parameters, partition, 'allowed-regions': regions, ...flags } = values;
    const [name, ...others] = positionals;
    if (name === undefined || others.length > 0) throw misuse('print takes one name: see list.');
    return print(
      {
        name,
        ...flags,
        ...(parameters === undefined ? {} : { parameters }),
        ...(partition === undefined ? {} : { partition }),
        ...(regions === undefined ? {} : { allowedRegions: split(regions) }),
      },
      io,
    );
  },
  lint: (args, io) => {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...json,
        type: { type: 'string' },
        'exists-everywhere': { type: 'string', multiple: true, default: [] },
      },
    });
    const { type, 'exists-everywhere': everywhere } = values;
    return lint(
      {
        paths: positionals,
        json: values.json,
        existsEverywhere: everywhere.flatMap(split),
        ...(type === undefined ? {} : { type: parsePolicyType(type) }),
      },
      io,
    );
  },
  test: (args, io) => {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: json });
    return test({ paths: positionals, json: values.json }, io);
  },
};

/** `parseArgs` throws a TypeError with a code for options that it does not know. */
const isOptionError = (error: unknown): error is TypeError =>
  error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');

/**
 * Runs one command. `process` is not touched: the caller prints and exits.
 * @returns `0` fine, `1` something was found, `2` used wrongly; a fault of this package is thrown on
 */
export const runCli = (argv: readonly string[], io: Io): ExitCode => {
  const [name = '', ...args] = argv;
  if (name === 'help' || name === '--help' || name === '-h') {
    io.out(usage);
    return 0;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) {
    io.err(name === '' ? usage : `There is no command ${name}.\n\n${usage}`);
    return 2;
  }
  try {
    return command(args, io);
  } catch (error) {
    if (!isRemediationError(error) && !isOptionError(error)) throw error;
    io.err(error.message);
    return 2;
  }
};
