/**
 * How much longer than on real hardware a test may wait for something to happen: an emulated machine is slow.
 *
 * RUNT_TEST_PATIENCE is the factor. It stretches deadlines only; nothing is ever waited for that has happened.
 */
const factor = Number(process.env['RUNT_TEST_PATIENCE'] ?? '1');

export const stretched = (milliseconds: number): number => milliseconds * factor;
