/** What a program asks of exec of the library, but for the words of the command: nothing beyond the container's own. */
export const asTheContainer = {
  kind: 'changes',
  tty: false,
  env: [],
  additionalGids: [],
  capabilities: [],
  noNewPrivileges: false,
} as const;
