// pnpm only warns when an install fails and then runs the script anyway: say what is missing instead of a stack trace.
import { existsSync } from 'node:fs';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `remedykit's own scripts need Node 22.18 or newer and run on ${process.version} here. On Linux and Windows (x64, and Linux arm64) the install brings Node 24 by itself; if it did not, look for the install error above. Elsewhere install Node 24 and run the command again.`,
  );
  process.exit(1);
}
if (!existsSync(new URL('../node_modules/vitest', import.meta.url))) {
  console.error('The install did not finish: see its error above, then run the command again.');
  process.exit(1);
}
