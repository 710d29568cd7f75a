/** What the runtime agent adds to `service`: the process that was seen. */
export const runtimeService = (): Readonly<Record<string, unknown>> => ({
  featureName: 'RuntimeMonitoring',
  runtimeDetails: {
    process: {
      pid: 4711,
      name: 'worker',
      uuid: 'example-process-1',
      executablePath: '/tmp/worker',
      executableSha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      user: 'www-data',
      userId: 33,
      euid: 33,
      pwd: '/tmp',
      startTime: 1_790_000_000,
      parentUuid: 'example-process-0',
      lineage: [{ pid: 1, uuid: 'example-process-0', executablePath: '/usr/sbin/init', euid: 0, parentUuid: '' }],
    },
    context: null,
  },
});
