import fc from 'fast-check';

// The same examples in every run: a mutant that one run kills must not survive the next.
fc.configureGlobal({ seed: 20_261_124 });
