// Runs in the executable's engine and in Node, which have to print the same: what native/engine/world.c, text.c and timers.c
// bring beside the language.
const say = globalThis.say ?? ((text) => process.librunt.writeText(1, `${text}\n`));

let seed = 12345;
const random = (below) => {
  seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
  return (seed >>> 8) % below;
};

// beginnings, middles and what is neither, as UTF-8 goes wrong
const bytes = [
  0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbb, 0xbf, 0xc0, 0xc2, 0xdf, 0xe0, 0xe1, 0xed,
  0xef, 0xf0, 0xf3, 0xf4, 0xf5, 0xff,
];
for (let round = 0; round < 4000; round++) {
  const text = Uint8Array.from({ length: random(12) }, () => bytes[random(bytes.length)]);
  const options = round % 2 === 0 ? undefined : { ignoreBOM: true };
  const decoded = new TextDecoder('utf-8', options).decode(text.subarray(random(2)));
  say(JSON.stringify(Array.from(decoded, (one) => one.codePointAt(0))));
}
say(new TextDecoder().decode());
say(new TextDecoder().decode(Uint8Array.of(0xef, 0xbb, 0xbf, 0x41)));

const units = [
  0x00, 0x41, 0x7f, 0x80, 0xe9, 0x7ff, 0x800, 0x20ac, 0xd7ff, 0xd800, 0xdbff, 0xdc00, 0xdfff,
  0xe000, 0xffff,
];
for (let round = 0; round < 4000; round++) {
  const text = String.fromCharCode(
    ...Array.from({ length: random(8) }, () => units[random(units.length)]),
  );
  const encoded = new TextEncoder().encode(text);
  say(encoded.join(' '));
  const place = new Uint8Array(40);
  const { read, written } = new TextEncoder().encodeInto(text, place.subarray(4));
  say([read, written, ...place].join(' '));
}
say(new TextEncoder().encode().length);

const told = [];
setTimeout(() => told.push('late'), 30);
setTimeout(() => told.push('first'));
setTimeout(() => told.push('second'), 0);
void Promise.resolve().then(() => told.push('at once'));
const before = performance.now();
await new Promise((resume) => setTimeout(resume, 50));
say(`${told.join(', ')}; ${performance.now() - before >= 49}`);
say(
  `${process.cwd()} ${process.umask()} ${process.getuid()} ${process.geteuid()} ${process.getegid()} ${process.arch}`,
);
// what is refused and waited for by nobody ends the program
const refusals = {
  waited: async () => {
    const refused = Promise.reject(new Error('waited for'));
    await refused.catch(() => say('caught'));
  },
  late: async () => {
    const refused = Promise.reject(new Error('waited for later'));
    await Promise.resolve();
    await refused.catch(() => say('caught later'));
  },
  never: async () => {
    void Promise.reject(new Error('nobody waits'));
    await new Promise((resume) => setTimeout(resume, 0));
    say('went on');
  },
  program: () => Promise.reject(new Error('the program itself')),
};
const wanted = process.argv.at(-1);
if (Object.hasOwn(refusals, wanted)) await refusals[wanted]();
process.exit(7);
