/**
 * An open descriptor as one of execa's `stdio`: it takes any number, and its types know those up to 9.
 */
export function stdioDescriptor(descriptor: number): 9 {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  return descriptor as 9;
}
