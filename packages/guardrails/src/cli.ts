#!/usr/bin/env node
import { runCli } from './cli/main.ts';

process.exitCode = runCli(process.argv.slice(2), {
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
});
