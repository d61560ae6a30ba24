/* Checks a whole plan before its first system call. Touches nothing but the image. */
#ifndef RUNT_DECODE_H
#define RUNT_DECODE_H

#include <stddef.h>
#include <stdbool.h>
#include "wire.h"

/* Refuses anything that is not exactly a plan of this table: returns false. On success every offset
 * is inside the image, every string ends where it says, every slot exists, and list entries are
 * pointers. */
bool plan_decode(unsigned char *bytes, size_t size);

#endif
