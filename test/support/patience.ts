/**
 * How much longer than on real hardware a test may wait for something to happen: an emulated machine is slow.
 *
 * RUNT_TEST_PATIENCE is the factor. It stretches deadlines; nothing is ever waited for that has happened.
 */
const factor = Number(process.env['RUNT_TEST_PATIENCE'] ?? '1');

export const stretched = (milliseconds: number): number => milliseconds * factor;

/** How often something is repeated that only repetition can show; a slow machine repeats it less. */
export const repeated = (times: number): number => Math.ceil(times / factor);

/** A slow machine tries every so manieth of a long row. */
export const stride: number = Math.ceil(factor / 2);
