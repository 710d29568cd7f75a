import { defineConfig } from 'tsup';

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    secrets: 'src/secrets/index.ts',
    slack: 'src/slack/index.ts',
    teams: 'src/teams/index.ts',
    pagerduty: 'src/pagerduty/index.ts',
    sns: 'src/sns/index.ts',
    chatbot: 'src/chatbot/index.ts',
    ses: 'src/ses/index.ts',
    testing: 'src/testing/index.ts',
  },
  format: 'esm',
  target: 'node20.19',
  dts: true,
  clean: true,
});
