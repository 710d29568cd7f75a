// A process of its own, whose memory is that of the run and of nothing else: figures on stdout, progress on stderr.
import { measureIam } from './measure.ts';

const figures = await measureIam((line) => console.error(line), { users: Number(process.argv[2]) });
console.log(JSON.stringify(figures));
