import { parseArgs } from 'node:util';
import { isRemediationError } from '@remedykit/core';
import { ofSets, parsePart, setArguments, slots, split } from './arguments.ts';
import { diff } from './diff.ts';
import { type ExitCode, type Io, misuse } from './io.ts';
import { lint } from './lint.ts';
import { list } from './list.ts';
import { pack, parseFormat, printSettings } from './pack.ts';
import { parsePolicyType } from './policies.ts';
import { print } from './print.ts';
import { policiesOf, setNames, setOf, setOrPolicies } from './sets.ts';
import { test } from './test.ts';

const usage = `Guardrails for AWS Organizations: printed, checked, tested.

  guardrails list [--json]
  guardrails print <name> [--parameters <JSON or file>] [--allowed-regions <a,b>] [--partition <p>] [--minify] [--json]
                   [--format terraform|cloudformation] [--target <id>]
  guardrails print <set> [--part organization|account] [--organization <id>] [--control-tower <ARN of a unit>]
                   [the options of print and pack]
  guardrails lint <files and folders> [--type scp|rcp] [--exists-everywhere <ARN>] [--json]
  guardrails test <files and folders> [--json]
  guardrails pack <files and folders, or a set> [--allowed-regions <a,b>] [--parameters <JSON or file>] [--partition <p>]
                  [--format json|terraform|cloudformation] [--target <id>] [--name <name>] [--reserved <slots>]
                  [--wildcards documented] [--type scp|rcp]
  guardrails diff <before> <after> [--allowed-regions <a,b>] [--type scp|rcp] [--json]
  guardrails replay <folder, file or -> --policies <files, folders, or a set> [--account-path <target>=<file or folder>]
                    [--account <ids>] [--management-account <id>] [--organization <id>] [--type scp|rcp]
                    [--html <file>] [--json] [--quiet]

list    what there is, and what for
print   a policy, ready to attach; --json: with its cases. A set (foundation, workload, sandbox, suspended): packed, or with
        --part account the settings of each account
lint    finds policies that do something else than they say
test    runs the cases of *.cases.json against your own policies
pack    merges policies and splits them to AWS's quotas; the sizes are printed beside
diff    what becomes denied and what becomes allowed, by evaluated examples
replay  what policies would have denied, of whom and how often, by the events of a CloudTrail log

Exit codes: 0 fine, 1 something was found or failed, 2 used wrongly.`;

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
        ...ofSets,
        part: { type: 'string', default: 'organization' },
        minify: { type: 'boolean', default: false },
        format: { type: 'string' },
        target: { type: 'string', multiple: true },
      },
    });
    const { parameters, partition, 'allowed-regions': regions, format: written, target } = values;
    const [name, ...others] = positionals;
    if (name === undefined || others.length > 0) throw misuse('print takes one name: see list.');
    const format = written === undefined ? undefined : parseFormat(written);
    const targetIds = target?.flatMap(split);
    const set = setOf([name], setArguments(values));
    if (set !== undefined) {
      const options = { format: format ?? 'json', ...(targetIds === undefined ? {} : { targetIds }) };
      return parsePart(values.part) === 'account'
        ? printSettings(set, options, io)
        : pack({ given: set.guardrails, set, options: {}, ...options }, io);
    }
    if (values.organization !== undefined || values['control-tower'] !== undefined)
      throw misuse(`--organization and --control-tower are for sets: ${setNames.join(', ')}.`);
    return print(
      {
        name,
        minify: values.minify,
        json: values.json,
        ...(parameters === undefined ? {} : { parameters }),
        ...(partition === undefined ? {} : { partition }),
        ...(regions === undefined ? {} : { allowedRegions: split(regions) }),
        ...(format === undefined || format === 'json' ? {} : { format }),
        ...(targetIds === undefined ? {} : { targetIds }),
      },
      io,
    );
  },
  pack: (args, io) => {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...ofSets,
        format: { type: 'string', default: 'json' },
        target: { type: 'string', multiple: true },
        name: { type: 'string' },
        reserved: { type: 'string' },
        wildcards: { type: 'string', default: 'as-written' },
        type: { type: 'string' },
      },
    });
    const { format, target, name, reserved, wildcards, type } = values;
    if (wildcards !== 'as-written' && wildcards !== 'documented')
      throw misuse(`--wildcards is as-written or documented, not ${JSON.stringify(wildcards)}.`);
    const taken = reserved === undefined ? undefined : slots(reserved);
    const set = setOf(positionals, setArguments(values));
    return pack(
      {
        given: set?.guardrails ?? policiesOf(positionals, type === undefined ? undefined : parsePolicyType(type)),
        ...(set === undefined ? {} : { set }),
        format: parseFormat(format),
        options: {
          wildcards,
          ...(name === undefined ? {} : { name }),
          ...(taken === undefined
            ? {}
            : { reserved: { SERVICE_CONTROL_POLICY: taken, RESOURCE_CONTROL_POLICY: taken } }),
        },
        ...(target === undefined ? {} : { targetIds: target.flatMap(split) }),
      },
      io,
    );
  },
  diff: (args, io) => {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { ...json, ...ofSets, type: { type: 'string' } },
    });
    const [before, after, ...others] = positionals;
    if (before === undefined || after === undefined || others.length > 0)
      throw misuse('diff takes two: a file, a folder, or a set, before and after.');
    const given = {
      ...setArguments(values),
      ...(values.type === undefined ? {} : { type: parsePolicyType(values.type) }),
    };
    return diff(
      { before: setOrPolicies([before], given), after: setOrPolicies([after], given), json: values.json },
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
export const isOptionError = (error: unknown): error is TypeError =>
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
