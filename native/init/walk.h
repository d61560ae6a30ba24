/* What openat2(2) does, for kernels and filters that do not let us call it. */
#ifndef RUNT_WALK_H
#define RUNT_WALK_H

#include <stdint.h>

/* openat2(root, path, flags, resolve) for RESOLVE_IN_ROOT or RESOLVE_BENEATH, and
 * RESOLVE_NO_SYMLINKS, RESOLVE_NO_XDEV. Magic links are never jumped through, whether or not
 * RESOLVE_NO_MAGICLINKS asks for it. */
int walk_open(int root, const char *path, uint64_t flags, uint64_t resolve);

#endif
