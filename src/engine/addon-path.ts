/**
 * Where librunt is, for the executable: beside its engine and nowhere else.
 */
import { dirname } from './path.ts';

export const addonPath = (): string => `${dirname(process.execPath)}/librunt.node`;
