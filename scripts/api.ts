import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';
import { isMain } from './lib/run.ts';
import { type Member, packagesOf, root } from './lib/workspace.ts';
import { buildPackages } from './packages.ts';

const entryName = (subPath: string): string => (subPath === '.' ? 'index' : subPath.slice(2).replaceAll('/', '-'));

/**
 * The public API of one entry point as text in git, taken from its built declarations: a change of the API is a change
 * that a reviewer sees.
 */
const entryFaults = (member: Member, subPath: string, types: string, reports: string, write: boolean): string[] => {
  const name = entryName(subPath);
  const folder = join(reports, member.id);
  const report = join(folder, `${name}.api.md`);
  const temporary = mkdtempSync(join(tmpdir(), 'remedykit-api-'));
  mkdirSync(folder, { recursive: true });
  const faults: string[] = [];
  try {
    const config = ExtractorConfig.prepare({
      configObjectFullPath: undefined,
      packageJsonFullPath: join(member.dir, 'package.json'),
      configObject: {
        projectFolder: member.dir,
        mainEntryPointFilePath: join(member.dir, types),
        compiler: {
          overrideTsconfig: {
            compilerOptions: {
              target: 'ES2022',
              lib: ['ES2023'],
              types: ['node'],
              module: 'nodenext',
              moduleResolution: 'nodenext',
              strict: true,
              exactOptionalPropertyTypes: true,
              skipLibCheck: true,
            },
          },
        },
        apiReport: {
          enabled: true,
          reportFileName: `${name}.api.md`,
          reportFolder: folder,
          reportTempFolder: temporary,
        },
        docModel: { enabled: false },
        dtsRollup: { enabled: false },
        tsdocMetadata: { enabled: false },
        messages: {
          compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Warning } },
          extractorMessageReporting: {
            default: { logLevel: ExtractorLogLevel.Warning, addToApiReportFile: true },
            // A sub-path may speak of what the main entry exports.
            ...(subPath === '.' ? {} : { 'ae-forgotten-export': { logLevel: ExtractorLogLevel.None } }),
            'ae-missing-release-tag': { logLevel: ExtractorLogLevel.None },
            'ae-undocumented': { logLevel: ExtractorLogLevel.None },
            'ae-wrong-input-file-type': { logLevel: ExtractorLogLevel.None },
          },
          tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
        },
      },
    });
    const result = Extractor.invoke(config, {
      localBuild: write,
      messageCallback: (message) => {
        message.handled = true;
        if (message.logLevel === ExtractorLogLevel.Error)
          faults.push(`${member.manifest.name} ${subPath}: ${message.text}`);
      },
    });
    if (result.apiReportChanged && !write)
      faults.push(`${relative(root, report)} is not what the build exports: run pnpm api and review the change`);
    return faults;
  } finally {
    rmSync(temporary, { recursive: true });
  }
};

/** Compares the snapshots with the built packages, or writes them. */
export const apiFaults = ({
  write = false,
  members = packagesOf(),
  reports = join(root, 'api'),
}: {
  readonly write?: boolean;
  readonly members?: readonly Member[];
  readonly reports?: string;
} = {}): string[] => {
  const expected = new Set<string>();
  const faults = members.flatMap((member) =>
    Object.entries(member.manifest.publishConfig?.exports ?? {}).flatMap(([subPath, { types }]) => {
      expected.add(join(member.id, `${entryName(subPath)}.api.md`));
      return entryFaults(member, subPath, types, reports, write);
    }),
  );
  if (!existsSync(reports)) return faults;
  for (const path of readdirSync(reports, { recursive: true, encoding: 'utf8' })) {
    if (!path.endsWith('.api.md') || expected.has(path)) continue;
    if (write) rmSync(join(reports, path));
    else faults.push(`${join(relative(root, reports), path)} is of an entry point that is gone: run pnpm api`);
  }
  return faults;
};

if (isMain(import.meta.url)) {
  buildPackages();
  const faults = apiFaults({ write: true });
  for (const fault of faults) console.error(fault);
  process.exitCode = faults.length === 0 ? 0 : 1;
}
